"""Facebook Messenger as a channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from channel_adapters.channel import Addresses, Capabilities, FormField, Step
from channel_adapters.meta.channel import APP_ID, APP_SECRET, APPS, NUMBER, MetaChannel

__all__ = ["MessengerChannel"]


class MessengerChannel(MetaChannel):
    """A Facebook page's messages."""

    kind, object, place_name = "messenger", "page", "page_id"
    label = "Facebook Messenger"
    about = "Answers who writes to your Facebook page."
    fields = (
        APP_ID,
        APP_SECRET,
        FormField("page_id", "Page ID", "On your page: About, Page transparency.", example="104567890123456",
                  pattern=NUMBER),
        FormField("access_token", "Page access token", "In your app: Messenger, API setup, Generate token.",
                  secret=True),
    )  # fmt: skip
    capabilities = Capabilities(
        cards=True, buttons=True, typing=True, window_hours=24,
        notes="Until Meta has reviewed your app, only people with a role in it get answers (App roles, Roles).",
    )  # fmt: skip

    def steps(self, addresses: Addresses, settings: Mapping[str, str]) -> Sequence[Step]:
        """What to do at Meta."""
        return (
            Step("Create an app", "Press **Create app**, choose **Other**, then **Business**, and add the product "
                 "**Messenger**.", link=APPS),
            Step("Copy four values", "**App ID** and **App secret** from App settings, Basic; the **Page ID**; and "
                 "under **Messenger**, **API setup** connect your page and press **Generate token** with "
                 "`pages_messaging`, `pages_manage_metadata` and `pages_show_list`."),
            self.webhook_step(addresses, "Messenger", "`messages`, `messaging_postbacks` and `message_echoes`"),
            self.deletion_step(addresses),
            Step("Write to your page", "From an account with a role in the app, until Meta has reviewed it for "
                 "`pages_messaging` with Advanced access."),
        )  # fmt: skip
