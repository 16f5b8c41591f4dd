"""Instagram's direct messages as a channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from channel_adapters.channel import Addresses, FormField, Step
from channel_adapters.meta.channel import APP_ID, APP_SECRET, APPS, NUMBER, MetaChannel
from channel_adapters.meta.messenger import MessengerChannel
from channel_adapters.meta.other_renderings import instagram_messages
from engine.channels.gateway import OpenLink, Payload
from engine.domain.conversation import Reply

__all__ = ["InstagramChannel"]


class InstagramChannel(MetaChannel):
    """Direct messages of a professional Instagram account."""

    kind, object, place_name = "instagram", "instagram", "account_id"
    label = "Instagram direct messages"
    about = "Answers who writes to your professional Instagram account."
    fields = (
        APP_ID,
        APP_SECRET,
        FormField("page_id", "Page ID", "Of the Facebook page that the account is linked with.",
                  example="104567890123456", pattern=NUMBER),
        FormField("account_id", "Instagram account ID", "In your app: Instagram, API setup, beside the account's name.",
                  example="17841400000000000", pattern=NUMBER),
        FormField("access_token", "Access token", "In your app: Instagram, API setup, Generate token.", secret=True),
    )  # fmt: skip
    capabilities = MessengerChannel.capabilities
    by_page = False
    deletion_words = (
        "Meta does not tell us which conversations are theirs; who asks is told so, with a code to name to you."
    )

    def steps(self, addresses: Addresses, settings: Mapping[str, str]) -> Sequence[Step]:
        """What to do at Meta."""
        return (
            Step("Create an app", "Press **Create app**, choose **Other**, then **Business**, and add the product "
                 "**Instagram**. Link your professional account with a Facebook page, and in Instagram's app allow "
                 "**Access to messages** under Settings, Messages and story replies, Message controls.", link=APPS),
            Step("Copy five values", "**App ID** and **App secret** from App settings, Basic; the **Page ID**; and "
                 "under **Instagram**, **API setup** the account's id and a token with `instagram_manage_messages`, "
                 "`pages_manage_metadata` and `pages_show_list`."),
            self.webhook_step(addresses, "Instagram", "`messages`, `messaging_postbacks` and `message_echoes`"),
            self.deletion_step(addresses),
            Step("Write to your account", "From an account with a role in the app, until Meta has reviewed it."),
        )  # fmt: skip

    def render(self, link: OpenLink, reply: Reply, suggestions: Sequence[str]) -> Sequence[Payload]:
        """The reply as Instagram's messages."""
        return instagram_messages(reply, suggestions, on_this_machine=self.on_this_machine)
