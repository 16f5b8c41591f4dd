"""Whatever bytes come, a reader answers with text or with a reason by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.knowledge.failures import REASONS
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.parsing.formats import FORMATS
from engine.knowledge.parsing.ocr import NEEDS_OCR
from engine.knowledge.parsing.worker import answer
from tests.engine.knowledge.parsing.files import at, docx, encoded, epub, lines, ods, p, pdf, picture, pptx, row, shape

SEEDS: dict[str, bytes] = {
    "a.docx": docx(p("Steps", style="Heading1") + "<w:tbl>" + row("a", "b") + row("c", "d") + "</w:tbl>"),
    "a.pptx": pptx(shape("One|Two", kind="body"), shape("Title", kind="title")),
    "a.ods": ods([["a", "b"], ["c", "d"]]),
    "a.epub": epub("<h2>Wash</h2><p>By hand.</p>"),
    "a.eml": b"Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b--\n",
    "a.pdf": pdf(lines("Returns within 30 days.") + at(72, 600, "White", before="1 1 1 rg")),
    "a.png": encoded(picture("x"), "PNG"),
    "a.csv": b"Item;Price\nMug;12,50\n",
    "a.html": b"<main><h2>Wash</h2><table><tr><td rowspan=9>a<td>b</table></main>",
}
NAMED = REASONS.keys() | {NEEDS_OCR}
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def named(content: bytes, name: str) -> bool:
    found = answer({"job": "file", "filename": name}, content)
    return bool(found["result"]["text"]) if "result" in found else found["code"] in NAMED


@quick
@given(st.sampled_from(sorted(FORMATS)), st.binary(max_size=300))
def test_any_bytes_are_read_or_named(extension: str, content: bytes) -> None:
    assert named(content, f"a{extension}")


@st.composite
def damaged(draw: Callable[..., object]) -> tuple[str, bytes]:
    name = str(draw(st.sampled_from(sorted(SEEDS))))
    content = bytearray(SEEDS[name])
    for _ in range(int(str(draw(st.integers(1, 4))))):
        place = int(str(draw(st.integers(0, len(content) - 1))))
        content[place : place + int(str(draw(st.integers(0, 40))))] = draw(st.binary(max_size=40))  # type: ignore[call-overload]
        content = content or bytearray(b"x")
    return name, bytes(content)


@quick
@given(damaged())
def test_damaged_files_are_read_or_named(made: tuple[str, bytes]) -> None:
    assert named(made[1], made[0])


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.png"])
async def test_file_cut_anywhere_never_reaches_the_caller_unnamed(parsing: ParsingProcesses, name: str) -> None:
    whole = SEEDS[name]
    for part in (3, 10, 40):
        reply = await parsing.run(
            parsing.threads, parsing.ask_file, {"job": "file", "filename": name}, whole[: len(whole) * part // 41]
        )
        assert "result" in reply or reply["code"] in NAMED
