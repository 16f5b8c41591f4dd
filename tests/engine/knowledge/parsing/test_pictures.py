"""Text in pictures and scanned pages, read in a process of its own."""

from __future__ import annotations

import pytest
from PIL import Image

from engine.knowledge.failures import Unreadable
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.parsing.documents import parse_file
from engine.knowledge.parsing.ocr import NEEDS_OCR, PictureText
from tests.engine.knowledge.parsing.files import encoded, lines, pdf, picture

WORDS = ("Returns within 30 days", "Write to us first")


async def test_scanned_page_is_read_among_others(parsing: ParsingProcesses) -> None:
    scan = picture(*WORDS)
    page = "q 500 0 0 170 50 500 cm /Im1 Do Q"
    own = lines("This page has words of its own, enough to be read.")
    found = await parsing.file(pdf(own, page, image=(*scan.size, scan.tobytes())), "a.pdf")
    first, second = (found["text"][start:] for start in found["page_starts"])
    assert first.startswith("This page has words of its own")
    assert [word for word in WORDS if word in second] == list(WORDS)
    assert found["notes"] == ["read_from_pictures"]


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("WEBP", "a.webp")])
def test_picture_is_read(kind: str, name: str) -> None:
    content = encoded(picture(WORDS[0], size=(500, 80)), kind)
    assert parse_file(content, name, ocr=True).text == WORDS[0]
    with pytest.raises(Unreadable, match=NEEDS_OCR):
        parse_file(content, name)


def test_picture_without_text_is_named() -> None:
    for shown in (Image.new("L", (200, 200), 255), Image.new("RGBA", (200, 200), (0, 0, 0, 0))):
        with pytest.raises(Unreadable, match="no_text_in_picture"):
            parse_file(encoded(shown, "PNG"), "a.png", ocr=True)
    with pytest.raises(Unreadable, match="truncated"):
        parse_file(encoded(picture("x"), "PNG")[:-60], "a.png", ocr=True)


def test_what_a_scanner_wrote_under_its_picture_is_read() -> None:
    scan = picture(size=(64, 64))
    page = "q 612 0 0 792 0 0 cm /Im1 Do Q 3 Tr " + lines("Returns within thirty days of delivery.")
    found = parse_file(pdf(page, image=(*scan.size, scan.tobytes())), "a.pdf")
    assert found.text == "Returns within thirty days of delivery."


def test_pages_past_the_budget_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.knowledge.parsing.ocr.OCR_PAGES", 1)
    monkeypatch.setattr(PictureText, "read", lambda self, picture: setattr(self, "pages", self.pages + 1) or "Read.")
    scan = picture(size=(64, 64))
    page = "q 612 0 0 792 0 0 cm /Im1 Do Q"
    found = parse_file(pdf(page, page, image=(*scan.size, scan.tobytes())), "a.pdf", ocr=True)
    assert (found.text, found.notes) == ("Read.", ("scanned_partly",))
