"""The file that Slack makes an application from.

Never here: what the application then does.
"""

from __future__ import annotations

import json
import re
from typing import Any

from channel_adapters.channel import Addresses
from channel_adapters.slack import limits

__all__ = ["EVENTS", "NEEDED", "SCOPES", "TEAM", "slack_manifest"]

TEAM = ("channels:history", "groups:history")
"""Needed where people of the shop take over in a public or a private channel: to read what they write there."""
SCOPES = ("app_mentions:read", "assistant:write", "channels:history", "chat:write", "groups:history", "im:history")
"""What the bot may do: be mentioned, be opened as an agent, write, and read what is written to it and to shoppers."""
NEEDED = ("app_mentions:read", "chat:write", "im:history")
"""Without the other it is no agent in Slack's lists, and answers all the same."""
EVENTS = (
    "app_home_opened", "app_mention", "app_uninstalled", "message.channels", "message.groups", "message.im",
    "tokens_revoked",
)  # fmt: skip
"""New applications get `agent_view`, which tells with `app_home_opened` that somebody came; `assistant_view` and its
`assistant_thread_started` are for older ones (docs.slack.dev, "Migrating to the Agent messaging experience")."""
STRANGE = re.compile(r"[^\w .\-]")
DESCRIPTION = "Answers questions about the shop from the shop's own pages."


def slack_manifest(addresses: Addresses) -> str:
    """An application for one assistant, with the addresses of its link."""
    name = " ".join(STRANGE.sub(" ", addresses.name).split())[: limits.APP_NAME].strip() or "Shop assistant"
    manifest: dict[str, Any] = {
        "display_information": {"name": name, "description": DESCRIPTION},
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "agent_view": {"agent_description": DESCRIPTION},
        },
        "oauth_config": {"redirect_urls": [addresses.hook("oauth")], "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"request_url": addresses.hook("events"), "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": addresses.hook("interactions")},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }
    return json.dumps(manifest, indent=2, ensure_ascii=False)
