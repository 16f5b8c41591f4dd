"""The file that Teams installs a bot from.

Never here: pictures; a merchant adds them.
"""

from __future__ import annotations

import json
from typing import Any

__all__ = ["teams_manifest"]

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json"


def teams_manifest(app_id: str, server: str) -> str:
    """A Teams app manifest (1.19) with the bot in personal chats, groups and teams."""
    manifest: dict[str, Any] = {
        "$schema": SCHEMA,
        "manifestVersion": "1.19",
        "version": "1.0.0",
        "id": app_id,
        "developer": {
            "name": "Your shop",
            "websiteUrl": server,
            "privacyUrl": f"{server}/privacy",
            "termsOfUseUrl": f"{server}/terms",
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "name": {"short": "Shop assistant", "full": "Shop assistant"},
        "description": {
            "short": "Answers questions about the shop.",
            "full": "An AI assistant that answers questions about products, delivery and returns from the shop's own "
            "pages.",
        },
        "accentColor": "#2F6F62",
        "bots": [{"botId": app_id, "scopes": ["personal", "team", "groupChat"], "supportsFiles": False}],
        "validDomains": [],
    }
    return json.dumps(manifest, indent=2)
