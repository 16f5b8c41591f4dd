"""The HTML of the chat's frame, with the bot's look and words in it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from html import escape
from typing import Any, Literal

from channel_adapters.native import PublicBot
from channel_adapters.widget.assets import asset
from channel_adapters.widget.words import words_in
from engine.domain.bot import Palette, Theme

__all__ = ["ThemeChoice", "chat_page", "refusal_page", "variables"]

ThemeChoice = Literal["auto", "light", "dark"]
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
FRAME = {
    "chat_with", "assistant_of", "new", "close", "close_short", "conversation", "offline", "your_question", "ask",
    "send",
}  # fmt: skip
"""Words that stand in the page itself; all others are put in by the script."""
ICONS = {
    "new": "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4",
    "close": "M6 6l12 12M18 6L6 18",
    "send": "M4 12h15M13 6l6 6-6 6",
}


def icon(name: str) -> str:
    """A drawn sign."""
    return f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{ICONS[name]}"/></svg>'


def variables(palette: Palette) -> str:
    """A palette as CSS variables. Only colours get through, whatever the record holds."""
    pairs = asdict(palette).items()
    return "".join(f"--{name.replace('_', '-')}:{value};" for name, value in pairs if COLOUR.fullmatch(value))


def look(theme: Theme, choice: ThemeChoice) -> str:
    """The style of both palettes, or of the one the shop chose."""
    light, dark = variables(theme.light), variables(theme.dark)
    if choice != "auto":
        return f":root{{color-scheme:{choice};{light if choice == 'light' else dark}}}"
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{color-scheme:dark;{dark}}}}}"
    )


def launcher(palette: Palette) -> dict[str, str]:
    """What the button on the shop's page needs of a palette."""
    return {"primary": palette.primary, "on": palette.on_primary, "edge": palette.outline}


def in_script(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def chat_page(
    bot: PublicBot,
    theme: Theme,
    *,
    key: str,
    visitor: str,
    parent: str | None,
    choice: ThemeChoice,
    nonce: str,
    language: str = "en",
) -> str:
    """The chat. `parent` is the origin of the page around it, None when it stands alone."""
    words = words_in(language)
    said = {name: escape(text.format_map({"shop": bot.name})) for name, text in words.items() if name in FRAME}
    config = {
        "bot": bot.model_dump(mode="json", exclude={"theme", "icon_url"}),
        "shop": bot.name,
        "key": key,
        "visitor": visitor,
        "parent": parent,
        "words": words,
        "palettes": {"light": launcher(theme.light), "dark": launcher(theme.dark)},
    }
    name = escape(bot.assistant_name)
    # The address as this page sees it: the same origin, whatever host it was asked at.
    picture = f'<img src="/v1/bots/{escape(bot.id)}/icon.png" alt="" width="40" height="40">' if bot.icon_url else ""
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="robots" content="noindex">
<title>{said["chat_with"]}</title>
<link rel="stylesheet" href="/widget/assets/chat.css{asset("chat.css").address}">
<style nonce="{nonce}">{look(theme, choice)}</style>
<script type="application/json" id="config">{in_script(config)}</script>
<script src="/widget/assets/chat.js{asset("chat.js").address}" defer></script>
</head>
<body>
<main class="chat">
<header>{picture}
<div><h1>{name}</h1><p>{said["assistant_of"]}</p></div>
<button type="button" class="new" aria-label="{said["new"]}" title="{said["new"]}">{icon("new")}</button>
<button type="button" class="close" aria-label="{said["close"]}" title="{said["close_short"]}">{icon("close")}</button>
</header>
<div class="log" role="log" aria-live="off" aria-label="{said["conversation"]}" tabindex="0"></div>
<p class="unseen" id="said" role="status" aria-live="polite"></p>
<p class="offline" role="status" hidden>{said["offline"]}</p>
<form>
<label class="unseen" for="text">{said["your_question"]}</label>
<textarea id="text" rows="1" dir="auto" maxlength="20000" placeholder="{said["ask"]}" autocomplete="off"></textarea>
<button type="submit" class="send" aria-label="{said["send"]}" title="{said["send"]}" aria-disabled="false">
{icon("send")}</button>
</form>
</main>
</body>
</html>
"""


def refusal_page(message: str) -> str:
    """What stands in the frame when there is no chat to show."""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>No chat here</title></head>
<body><h1>This chat cannot be shown</h1><p>{escape(message)}</p></body></html>
"""
