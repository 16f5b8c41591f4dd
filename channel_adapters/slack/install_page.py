"""The page that somebody sees who comes back from Slack.

Never here: what was decided about it.
"""

from __future__ import annotations

from html import escape

from channel_adapters.channel import Heard

__all__ = ["page"]

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>:root{{color-scheme:light dark}}body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;
padding:0 1.5rem}}</style></head>
<body><main><h1>{title}</h1><p>{text}</p>{again}</main></body></html>
"""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
"""The address of the page holds Slack's code: it is told to nobody, and nothing is fetched by it."""


def page(title: str, text: str, *, again: str = "", status: int = 200) -> Heard:
    """A page with a heading, a sentence, and where it can be tried again."""
    more = f'<p><a href="{escape(again)}">Try again</a></p>' if again else ""
    body = PAGE.format(title=escape(title), text=escape(text), again=more)
    return Heard(status=status, body=body.encode(), media_type="text/html; charset=utf-8", headers=HEADERS)
