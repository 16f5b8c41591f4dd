"""What the demo shop answers for a path, and the assistant that suits it.

Never here: HTTP itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.domain.bot import Persona

__all__ = ["ASSISTANT_MARK", "PERSONA", "SITE", "Response", "respond"]

SITE = Path(__file__).parent / "site"
"""Folder of the shop's files; `icon.png` in it suits a bot's icon."""
ASSISTANT_MARK = "<!-- assistant -->"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
PERSONA = Persona(
    assistant_name="Fern",
    greeting="Hello, I am Fern from Fernleaf & Kiln. Ask me about our teas, our ceramics, delivery or returns.",
    tone="friendly",
    example_questions=(
        "How much does delivery to Germany cost?",
        "Is the Fernleaf Mug safe in the dishwasher?",
        "How long can I return what I bought?",
        "How should I brew green tea?",
    ),
)


@dataclass(frozen=True, slots=True)
class Response:
    """One file, ready to send."""

    content: bytes
    media_type: str


def respond(path: str, base: str, *, assistant: str = "") -> Response | None:
    """The file at `path` below the shop, or None when there is none.

    `base` is the whole address that the shop is served below, ending in a slash; `assistant` is HTML that goes
    where a page keeps a place for the chat widget. Reads a small file: call it in a thread.
    """
    name = path.strip("/") or "index.html"
    file = (SITE / name).resolve()
    if not file.is_relative_to(SITE.resolve()) or not file.is_file() or file.suffix not in MEDIA_TYPES:
        return None
    content = file.read_bytes()
    if file.suffix in {".xml", ".txt"}:
        content = content.replace(b"{base}", base.encode())
    elif file.suffix == ".html" and assistant:
        content = content.replace(ASSISTANT_MARK.encode(), assistant.encode())
    return Response(content, MEDIA_TYPES[file.suffix])
