"""What is refused, and what is left out and said, each by its own name."""

# ruff: noqa: E501 - files and data read best on one line

from __future__ import annotations

import io
import os
import signal
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from engine.domain.spreadsheets import guarded
from engine.knowledge.failures import REASONS, Unreadable
from engine.knowledge.parsing import archives
from engine.knowledge.parsing.documents import parse_file
from engine.knowledge.parsing.formats import FORMATS
from engine.knowledge.parsing.process import ParsingProcess
from tests.engine.knowledge.parsing.files import archive, at, docx, encoded, epub, lines, ods, p, pdf, pptx, shape

ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><w:document xmlns:w="u"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
LOCKED = '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><e:CipherReference xmlns:e="u" URI="OPS/text/c0.xhtml"/></encryption>'
BODY = "By hand, with lukewarm water."
PNG = encoded(Image.new("L", (40, 40), 255), "PNG")
REFUSED: dict[str, tuple[bytes, str]] = {
    "laughs.docx": (archive({"word/document.xml": ENTITY}), "xml_entities"),
    "wide.docx": (archive({"word/document.xml": ENTITY.encode("utf-16")}), "xml_entities"),
    "outside.pptx": (pptx(shape("x"), extra={"ppt/theme.xml": OUTSIDE}), "xml_entities"),
    "outside.xlsx": (archive({"xl/workbook.xml": OUTSIDE}), "xml_entities"),
    "outside.epub": (epub(BODY, extra={"OPS/more.opf": OUTSIDE}), "xml_entities"),
    "locked.epub": (epub(BODY, extra={"META-INF/encryption.xml": LOCKED}), "encrypted"),
    "nested.docx": (docx(p(BODY), extra={"word/more.zip": archive({"a": b"1"})}), "nested_archive"),
    "up.pptx": (pptx(shape("x"), extra={"ppt/../../x": b""}), "path_traversal"),
    "windows.xlsx": (archive({"..\\x": b"1"}), "path_traversal"),
    "slides.pptx": (archive({"ppt/x.xml": b"<x/>"}), "empty"),
    "no.ods": (archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "damaged"),
    "no.epub": (archive({"mimetype": "application/epub+zip"}), "damaged"),
    "cut.pptx": (pptx(shape("x"))[:300], "truncated"),
    "fake.png": (b"hello", "wrong_type"),
    "fake.jpg": (b"GIF89a", "wrong_type"),
    "fake.eml": (b"hello there", "wrong_type"),
    "fake.xls": (b"<table></table>", "wrong_type"),
    "odd.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "damaged"),
    "huge.png": (encoded(Image.new("1", (8000, 5001)), "PNG"), "too_many_pixels"),
    "broken.png": (b"\x89PNG\r\n\x1a\n" + b"rest", "damaged"),
    "sealed.eml": (b"Subject: x\nContent-Type: application/pkcs7-mime\n\nabc", "encrypted"),
    "all_white.pdf": (pdf(at(72, 700, BODY, before="1 1 1 rg")), "hidden_text"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_file_is_refused_by_name(name: str) -> None:
    content, code = REFUSED[name]
    with pytest.raises(Unreadable) as caught:
        parse_file(content, name)
    assert caught.value.code == code
    assert code in REASONS


def test_archive_that_lies_about_its_sizes_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "ZIP_EXPANDED_BYTES", 1000)
    parts = archives.Parts(archive({"a.bin": b"\0" * 5000}))
    with pytest.raises(Unreadable, match="decompression_bomb"):
        parts.read("a.bin")


def test_link_within_an_archive_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("word/document.xml")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    with pytest.raises(Unreadable, match="path_traversal"):
        archives.check_archive(out.getvalue())


DARK = "q 0 0 0 rg 60 690 300 30 re f Q\n"
STEADY = lines("Returns are free within thirty days of delivery.", "Write to us first, please.", top=600)
HIDDEN: dict[str, bytes] = {
    "white.pdf": pdf(STEADY + at(72, 700, "SECRET order", before="1 1 1 rg")),
    "tiny.pdf": pdf(STEADY + at(72, 700, "SECRET order", size=0.8)),
    "mode.pdf": pdf(STEADY + at(72, 700, "SECRET order", before="3 Tr")),
    "off.pdf": pdf(STEADY + at(900, 700, "SECRET order")),
    "vanish.docx": docx(p(BODY) + p("SECRET order", run="<w:vanish/>")),
    "white.docx": docx(p(BODY) + p("SECRET order", run='<w:color w:val="FFFFFF"/>')),
    "tiny.docx": docx(p(BODY) + p("SECRET order", run='<w:sz w:val="2"/>')),
    "a.html": f'<main><p>{BODY} And some more words, so that it is a page.</p><p style="display:none">SECRET</p></main>'.encode(),
    "a.eml": f'Subject: Care\nContent-Type: text/html\n\n<p>{BODY}</p><p style="font-size:0">SECRET</p>'.encode(),
    "a.epub": epub(f"<p>{BODY}</p><p hidden>SECRET</p>"),
    "a.pptx": pptx(shape(BODY) + shape("SECRET", attributes='hidden="1"')),
    "a.md": f"{BODY}\n<!-- SECRET -->".encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_text_is_left_out_and_said(name: str) -> None:
    found = parse_file(HIDDEN[name], name)
    assert "SECRET" not in found.text
    assert "hidden_text" in found.notes
    assert BODY in found.text or "Returns are free" in found.text


def test_white_words_on_a_dark_ground_are_read() -> None:
    found = parse_file(pdf(STEADY + DARK + at(72, 700, "Our promise", before="1 1 1 rg")), "a.pdf")
    assert "Our promise" in found.text
    assert found.notes == ()


def test_hidden_slides_and_macros_are_said() -> None:
    content = pptx(shape("One"), shape("SECRET"), shape("Three"), hidden=(1,), extra={"ppt/vbaProject.bin": b"x"})
    found = parse_file(content, "a.pptx")
    assert found.text == "One\n\nThree"
    assert found.notes == ("macros", "hidden_parts")
    assert [found.text[start:][:5] for start in found.page_starts] == ["One\n\n", "Three", "Three"]


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5", "@x", "\tx"])
def test_cell_like_a_formula_is_safe_in_an_export(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert guarded("Mug = 5") == "Mug = 5"


def test_ods_with_formulas_keeps_text() -> None:
    assert "=1+1" in parse_file(ods([["a", "b"], ["=1+1", "x"]]), "a.ods").text


@pytest.mark.parametrize(("ends", "code"), [(signal.SIGSEGV, "crashed"), (signal.SIGKILL, "too_costly")])
def test_process_that_dies_is_named(ends: signal.Signals, code: str) -> None:
    process = ParsingProcess(512 * 1024 * 1024, 5)
    try:
        os.kill(process.process.pid, ends)
        with pytest.raises(Unreadable, match=code):
            process.ask({"job": "file", "filename": "a.txt"}, b"hello", 5.0)
    finally:
        process.stop()


def test_every_format_and_reason_of_files_is_written_down() -> None:
    page = Path("docs/documents.md").read_text(encoding="utf-8")
    of_files = list(REASONS)[list(REASONS).index("missing") :]
    assert [name for name in (*FORMATS, *of_files) if f"`{name}`" not in page] == []
