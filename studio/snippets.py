"""What a merchant copies: the widget's line, and how to call the exported endpoints.

Never here: keys other than the one the merchant has just made.
"""

from __future__ import annotations

import json
from html import escape
from urllib.parse import urlsplit

__all__ = [
    "KEY_PLACEHOLDER",
    "agent_example",
    "curl_example",
    "javascript_example",
    "origin_of",
    "python_example",
    "widget_line",
]

KEY_PLACEHOLDER = "YOUR_KEY"


def origin_of(address: str) -> str:
    """What browsers call the site of an address: scheme, host and port. Nothing for what is no address."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{'' if port is None else f':{port}'}" if host else ""


def widget_line(server: str, bot: str, key: str) -> str:
    """The line that puts the chat window on every page of a shop."""
    return f'<script src="{escape(server)}/widget.js" data-bot="{escape(bot)}" data-key="{escape(key)}" async></script>'


def curl_example(server: str, bot: str, key: str) -> str:
    """One question from a terminal."""
    return f"""curl {server}/v1/chat/completions \\
  -H "Authorization: Bearer {key}" \\
  -H "Content-Type: application/json" \\
  -d '{{"model": "{bot}", "messages": [{{"role": "user", "content": "Do you ship abroad?"}}]}}'"""


def python_example(server: str, bot: str, key: str) -> str:
    """The same with the OpenAI library."""
    return f"""from openai import OpenAI

client = OpenAI(base_url="{server}/v1", api_key="{key}")
answer = client.chat.completions.create(
    model="{bot}",
    messages=[{{"role": "user", "content": "Do you ship abroad?"}}],
)
print(answer.choices[0].message.content)"""


def javascript_example(server: str, bot: str, key: str) -> str:
    """The same from a server that runs JavaScript."""
    return f"""const answer = await fetch("{server}/v1/chat/completions", {{
  method: "POST",
  headers: {{ "Authorization": "Bearer {key}", "Content-Type": "application/json" }},
  body: JSON.stringify({{
    model: "{bot}",
    messages: [{{ role: "user", content: "Do you ship abroad?" }}],
  }}),
}});
console.log((await answer.json()).choices[0].message.content);"""


def agent_example(server: str, bot: str, key: str) -> str:
    """How an agent's settings name the shop. The slash at the end belongs to the address."""
    shop = {"type": "http", "url": f"{server}/mcp/{bot}/", "headers": {"Authorization": f"Bearer {key}"}}
    return json.dumps({"mcpServers": {"my-shop": shop}}, indent=2)
