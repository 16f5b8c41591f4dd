"""Plain words out of Markdown, as a shopper reads them."""

from __future__ import annotations

import re

__all__ = ["BULLET", "plain_line", "plain_text"]

LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])")
CODE = re.compile(r"`+([^`\n]*)`+")
BULLET = re.compile(r"^\s*([-*+•]|\d{1,3}[.)])\s+")
HEADING = re.compile(r"^\s*#{1,6}\s+")
RULE = re.compile(r"[|:\s=*_-]+")


def plain_line(line: str) -> str:
    """One line without markup: no bullets, emphasis, code ticks or link targets."""
    line = HEADING.sub("", BULLET.sub("", line))
    line = LINK.sub(r"\1", line)
    line = EMPHASIS.sub(lambda found: found[2] or found[3], line)
    return " ".join(CODE.sub(r"\1", line).split())


def table_row(line: str, header: str) -> str:
    """A table row as words: `Country: France, Cost: €4.90`."""
    cells = [plain_line(cell) for cell in line.strip().strip("|").split("|")]
    names = [plain_line(name) for name in header.split(" · ")]
    if len(names) != len(cells):
        return ", ".join(cell for cell in cells if cell)
    return ", ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=True) if cell)


def plain_text(text: str, headings: tuple[str, ...] = ()) -> str:
    """A passage as a shopper reads it: lists stay lists, table rows become words, markup goes."""
    lines = []
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or RULE.fullmatch(stripped):
            continue
        if stripped.startswith("|"):
            lines.append(table_row(stripped, headings[-1] if headings else ""))
        elif BULLET.match(stripped):
            lines.append(f"- {plain_line(stripped)}")
        else:
            lines.append(plain_line(stripped))
    return "\n".join(line for line in lines if line not in {"", "-"})
