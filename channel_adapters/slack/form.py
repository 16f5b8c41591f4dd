"""What a merchant fills in for Slack, and what to do there, in the words of Slack's own pages.

Never here: what is done with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from channel_adapters.channel import Addresses, FormField, Step
from channel_adapters.slack.manifest import slack_manifest

__all__ = ["FIELDS", "connecting_steps", "field_problems"]

WHERE = "In your app at api.slack.com/apps, under **Basic Information**, **App Credentials**."
FIELDS = (
    FormField(
        "client_id", "Client ID", f"{WHERE}", example="1234567890.9876543210",
        pattern=r"\d{5,20}\.\d{5,20}",
    ),
    FormField(
        "client_secret", "Client Secret", f"{WHERE} Press Show.", secret=True, pattern=r"[!-~]{16,100}",
        example="32 characters",
    ),
    FormField(
        "signing_secret", "Signing Secret", f"{WHERE} Press Show. It is not the Verification Token.", secret=True,
        pattern=r"[!-~]{8,100}", example="32 characters",
    ),
    FormField(
        "bot_token", "Bot User OAuth Token (only when you install by hand)",
        "In your app, under **OAuth & Permissions**. Leave it empty to use the Install link in the steps.",
        secret=True, required=False, example="xoxb-1234567890-…", pattern=r"xoxb-[A-Za-z0-9-]{6,300}",
    ),
    FormField(
        "products", "Show products as",
        "Cards lie side by side; they are new in Slack, and where it does not take them a list is sent.",
        required=False, options=(("list", "A list"), ("cards", "Cards (new)")), default="list",
    ),
)  # fmt: skip
SAME = "is the same as the Client Secret; copy the Signing Secret beside it"
APPS = "https://api.slack.com/apps"


def field_problems(settings: Mapping[str, str]) -> Mapping[str, str]:
    """One secret pasted into both fields is the most frequent slip."""
    signing = settings.get("signing_secret", "")
    return {"signing_secret": SAME} if signing and signing == settings.get("client_secret") else {}


def connecting_steps(addresses: Addresses, settings: Mapping[str, str]) -> Sequence[Step]:
    """From nothing to the first message."""
    events, install = addresses.hook("events"), addresses.hook("install")
    team = settings.get("place_name", "")
    return (
        Step(
            "Create the app",
            "Press **Create New App**, then **From a manifest**. Pick your workspace, choose **JSON**, paste the "
            "content of this file, press **Next** and **Create**.",
            link=f"{APPS}?new_app=1",
            download=("manifest.json", slack_manifest(addresses)),
        ),
        Step(
            "Copy three values",
            "Under **Basic Information**, **App Credentials**, copy **Client ID**, **Client Secret** and **Signing "
            "Secret** into the form on this page, and save it. Then open **Event Subscriptions**: where the Request "
            "URL is not **Verified** yet, press **Retry** and **Save Changes**.",
            (
                ("Request URL (Event Subscriptions)", events),
                ("Request URL (Interactivity & Shortcuts)", addresses.hook("interactions")),
                ("Redirect URL (OAuth & Permissions)", addresses.hook("oauth")),
            ),
            link=APPS,
        ),
        Step(
            "Install it" if not team else f"Installed in {team}",
            "Open this link and press **Allow**. Whoever does this has to be allowed to install apps in the workspace."
            if not team
            else "Open this link again when permissions are missing, or when the token was revoked.",
            (("Install link", install),),
            link=install,
        ),
        Step(
            "Say hello",
            "In Slack open your app under **Apps** and write to it. To use it in a channel, write `/invite` and its "
            "name there, then mention it.",
        ),
    )
