"""Files of every kind, sound and broken, read in processes of their own."""

# ruff: noqa: E501 - files and data read best on one line

from __future__ import annotations

import asyncio
import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import docx
import openpyxl
import pytest

from engine.domain.knowledge import Source, SourceKind
from engine.errors import InvalidInput, TooLarge
from engine.knowledge.failures import Unreadable
from engine.knowledge.parsing import ParsingProcesses, check_upload
from engine.knowledge.parsing.archives import check_archive
from engine.knowledge.parsing.documents import parse_file
from engine.knowledge.parsing.layout import Row, Segment, join_lines, without_running_rows
from engine.knowledge.parsing.tables import rows_to_markdown
from engine.knowledge.parsing.worker import answer, main, refuse
from engine.knowledge.readers import FaqReader, FileReader, TextReader, readers
from engine.knowledge.reading import ReadContext

ReadAll = Callable[..., Any]


def pdf(*lines: str, pages: int = 1, title: str = "", encrypt: bool = False, image: bool = False) -> bytes:
    """A small PDF written by hand."""
    text = " ".join(f"BT /F1 12 Tf 72 {720 - 20 * at} Td ({line}) Tj ET" for at, line in enumerate(lines))
    stream = (text + (" /Im1 Do" if image else "")).encode()
    kids = " ".join(f"{5 + number} 0 R" for number in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> "
          b"/XObject << /Im1 %d 0 R >> >> >>" % (5 + pages)] * pages,
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\n"
        b"stream\nx\nendstream",
        f"<< /Title ({title}) >>".encode(),
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>",
    ]  # fmt: skip
    out, offsets = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start, count = out.tell(), len(objects)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (count + 1) + b"".join(b"%010d 00000 n \n" % at for at in offsets))
    extra = b" /Encrypt %d 0 R /ID [<00><00>]" % count if encrypt else b""
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R%s >>\nstartxref\n%d\n%%%%EOF"
        % (count + 1, count - 1, extra, start)
    )
    return out.getvalue()


def word(build: Callable[[Any], None]) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    build(document)
    document.save(out)
    return out.getvalue()


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(out)
    return out.getvalue()


def archive(entries: dict[str, bytes], *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def letter(document: Any) -> None:
    document.core_properties.title = "ignored"
    document.add_heading("Returns", 0)
    document.add_heading("Steps", 1)
    document.add_paragraph("Write to us", style="List Bullet")
    document.add_paragraph("Send it", style="List Bullet")
    table = document.add_table(2, 2)
    for at, text in enumerate(("Country", "Days", "BE", "2")):
        table.cell(at // 2, at % 2).text = text
    paragraph = document.add_paragraph("Visible ")
    paragraph.add_run("SECRET").font.hidden = True


TABLE = "| Item | Price |\n| --- | --- |\n| Tür | 12,50 |"
SOUND: dict[str, tuple[bytes, str, str]] = {
    "terms of sale.pdf": (pdf("Returns within 30 days.", "Write to us."), "terms of sale", "Returns within 30 days. Write to us."),
    "titled.pdf": (pdf("Body of it", title="Our terms"), "Our terms", "Body of it"),
    "letter.docx": (word(letter), "Returns", "## Steps\n\n- Write to us\n- Send it\n\n| Country | Days |\n| --- | --- |\n| BE | 2 |\n\nVisible"),
    "prices.xlsx": (workbook({"Mugs": [["Item", "Price", "New"], ["Moss", 19.5, True], ["Ink", 21.0, None]]}), "prices",
                    "| Item | Price | New |\n| --- | --- | --- |\n| Moss | 19.5 | yes |\n| Ink | 21 |  |"),
    "two_sheets.xlsx": (workbook({"A": [["x"], ["y"]], "B": [["z"]], "C": []}), "two sheets", "## A\n\n- x\n- y\n\n## B\n\n- z"),
    "utf8.csv": ("Item;Price\nTür;12,50\n".encode(), "utf8", TABLE),
    "latin1.csv": ("Item;Price\r\nTür;12,50\r\n".encode("cp1252"), "latin1", TABLE),
    "utf16.csv": ("Item\tPrice\nTür\t12,50\n".encode("utf-16"), "utf16", TABLE),
    "one.csv": (b"just one line of words", "one", "- just one line of words"),
    "page.html": (b"<title>Care | Shop</title><main><h2>Wash</h2><p>By hand and with lukewarm water only, please do not use soap.</p></main>", "Care",
                  "## Wash\n\nBy hand and with lukewarm water only, please do not use soap."),
    "notes.md": (b"---\nkey: x\n---\n# Care\n\n- a<!-- SECRET -->\n- b", "Care", "- a\n- b"),
    "notes.txt": (b"\xef\xbb\xbfFirst\r\n\r\n\r\nSecond\x00"[:-1], "notes", "First\n\nSecond"),
}  # fmt: skip
LYING = {"path.docx": archive({"../x": b"1"}), "bomb.docx": archive({"a": b"\0" * 30_000_000}),
         "many.xlsx": archive({f"{n}": b"" for n in range(1001)})}  # fmt: skip
BROKEN: dict[str, tuple[bytes, str]] = {
    "a.exe": (b"MZ", "unsupported"),
    "noextension": (b"hello", "unsupported"),
    "empty.txt": (b" \n", "empty_file"),
    "nothing.pdf": (b"", "empty_file"),
    "signs.txt": (b"!!! ---", "empty"),
    "fake.pdf": (b"hello there", "wrong_type"),
    "fake.docx": (b"hello there", "wrong_type"),
    "book.docx": (SOUND["prices.xlsx"][0], "wrong_type"),
    "fake.txt": (b"%PDF-1.4 hello", "wrong_type"),
    "binary.csv": (b"a,b\n\x00\x01\x02", "wrong_type"),
    "cut.pdf": (SOUND["titled.pdf"][0][:60], "truncated"),
    "cut.docx": (SOUND["letter.docx"][0][:900], "truncated"),
    "odd.docx": (archive({"a": b"1"}), "damaged"),
    "odd.xlsx": (archive({"a": b"1"}), "damaged"),
    "locked.pdf": (pdf("x", encrypt=True), "encrypted"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "encrypted"),
    "scan.pdf": (pdf(image=True), "scanned"),
    "blank.pdf": (pdf(), "empty"),
    "blank.docx": (word(lambda document: None), "empty"),
    "long.pdf": (pdf("x", pages=501), "too_many_pages"),
    "path.docx": (LYING["path.docx"], "path_traversal"),
    "many.xlsx": (LYING["many.xlsx"], "too_many_parts"),
    "bomb.docx": (LYING["bomb.docx"], "decompression_bomb"),
    "blank.html": (b"<p></p>", "empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
async def test_sound_file_is_read(parsing: ParsingProcesses, name: str) -> None:
    content, title, text = SOUND[name]
    found = await parsing.file(content, name)
    assert (found["title"], found["text"]) == (title, text)
    assert parse_file(content, name).text == text
    check_upload(name, content)


@pytest.mark.parametrize("name", BROKEN)
async def test_broken_file_is_refused_by_name(parsing: ParsingProcesses, name: str) -> None:
    content, code = BROKEN[name]
    with pytest.raises(Unreadable) as caught:
        await parsing.file(content, name)
    assert caught.value.code == code
    with pytest.raises(Unreadable):
        parse_file(content, name)


@pytest.mark.parametrize("name", ["a.exe", "fake.pdf", "fake.txt", "empty.txt", "locked.xlsx", *LYING])
def test_upload_that_could_not_be_read_is_refused_at_once(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_upload(name, BROKEN[name][0])
    assert caught.value.code == BROKEN[name][1]
    assert name in caught.value.message


def test_upload_over_the_limit_is_refused() -> None:
    with pytest.raises(TooLarge):
        check_upload("a.txt", b"x" * 11, most=10)


def test_archive_with_a_password_is_named() -> None:
    content = bytearray(archive({"a.xml": b"hello"}, compress=zipfile.ZIP_STORED))
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="encrypted"):
        check_archive(bytes(content))


async def test_file_that_takes_too_much_is_stopped_and_the_next_one_is_read() -> None:
    slow, narrow = ParsingProcesses(file_seconds=0.01), ParsingProcesses(file_memory=60 * 1024 * 1024)
    try:
        for processes in (slow, narrow):
            with pytest.raises(Unreadable, match="too_costly"):
                await processes.file(b"word " * 4_000_000, "big.txt")
        slow.file_seconds = 20.0
        assert (await slow.file(b"hello there", "a.txt"))["text"] == "hello there"
    finally:
        slow.close()
        narrow.close()


async def test_reading_stops_with_the_engine_and_blames_no_file() -> None:
    processes = ParsingProcesses()
    reading = asyncio.create_task(processes.file(b"word " * 3_000_000, "big.txt"))
    while not processes.busy:
        await asyncio.sleep(0.01)
    started = time.monotonic()
    await asyncio.to_thread(processes.close)
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert time.monotonic() - started < 5


async def test_page_process_that_died_is_replaced(parsing: ParsingProcesses) -> None:
    processes = ParsingProcesses(processes=1)
    body = b"<main><p>Words enough to be counted as a page of words, and some more of them.</p></main>"
    try:
        first = await processes.page(body, "https://a.example/")
        resting = processes.resting.get_nowait()
        resting.process.kill()
        resting.process.wait()
        processes.resting.put(resting)
        assert await processes.page(body, "https://a.example/") == first
        processes.page_seconds = 0.0
        with pytest.raises(Unreadable, match="too_costly"):
            await processes.page(body * 20_000, "https://a.example/")
    finally:
        processes.close()


def test_worker_answers_jobs_until_there_are_none(tmp_path: Path) -> None:
    content = b"<main><p>Words enough to be counted as a page of words, and some more.</p></main>"
    jobs = [
        ({"job": "page", "url": "https://a.example/"}, content),
        ({"job": "file", "filename": "a.txt"}, b"hello"),
        ({"job": "file", "filename": "a.exe"}, b"hello"),
        ({"job": "page"}, b"x"),
    ]
    path = tmp_path / "jobs"
    path.write_bytes(b"".join(json.dumps({**job, "size": len(body)}).encode() + b"\n" + body for job, body in jobs))
    out = io.BytesIO()
    with path.open("rb") as source:
        main(source, out, idle_seconds=0.1)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [sorted(reply) for reply in answers] == [["result"], ["result"], ["code", "detail"], ["code", "detail"]]
    assert answers[3]["code"] == "unparsable"


def test_worker_reaches_no_network_and_survives_its_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse("open", ("/etc/hostname", "r", os.O_RDONLY))
    refuse("open", (3, "wb", os.O_WRONLY))
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    for event, details in (("socket.connect", ()), ("open", ("/tmp/x", "w", os.O_WRONLY)), ("os.mkdir", ("x",))):
        with pytest.raises(PermissionError):
            refuse(event, details)

    def exhausted(content: bytes, name: str, *, ocr: bool) -> None:
        raise MemoryError

    monkeypatch.setattr("engine.knowledge.parsing.documents.parse_file", exhausted)
    assert answer({"job": "file", "filename": "a.txt"}, b"x") == {"code": "too_costly", "detail": ""}


def line(text: str) -> Row:
    return Row((Segment(text, 0, 0, 100, 10, 10),))


def test_lines_of_a_pdf_become_paragraphs() -> None:
    lines = ["Our shop sends every parcel within two work-", "ing days after it was ordered, and earlier if", "we can.", "",
             "• One", "• Two", "Short"]  # fmt: skip
    assert join_lines(lines).split("\n\n") == [
        "Our shop sends every parcel within two working days after it was ordered, and earlier if we can.",
        "- One", "- Two", "Short",
    ]  # fmt: skip
    pages = [[line("Fernleaf"), line(f"Text {n}"), line(f"Page {n}")] for n in range(5)]
    assert without_running_rows(pages) == [[line(f"Text {number}")] for number in range(5)]
    assert join_lines([""]) == ""


def test_what_goods_cost_the_shop_stays_out_of_a_list_that_is_no_feed() -> None:
    content = "Auftrag;Bezeichnung;Preis;EK Preis\n1;Tasse;12,90;3,10\n"
    for parsed in (
        parse_file(content.encode(), "list.csv"),
        parse_file(workbook({"List": [line.split(";") for line in content.split()]}), "list.xlsx"),
    ):
        assert "12,90" in parsed.text
        assert "3,10" not in parsed.text
        assert "EK" not in parsed.text
        assert parsed.notes == ("private_columns",)
    rates = parse_file(b"Country,Name,Costs\nGermany,DHL,4.90\n", "rates.csv")
    assert "4.90" in rates.text
    assert rates.notes == ()


def test_table_has_its_header_and_a_wide_one_the_name_of_every_value() -> None:
    text = rows_to_markdown([["Title of it"], ["Item", "Price"], *[[f"{n}", "1"] for n in range(45)]])
    assert text.startswith("Title of it\n\n| Item | Price |\n| --- | --- |\n| 0 | 1 |")
    wide = rows_to_markdown([[f"Field {n}" for n in range(60)], [f"value {n}" for n in range(60)]])
    lines = wide.split("\n")
    assert all(entry.startswith("- Field 0: value 0; ") and len(entry) < 450 for entry in lines)
    assert "Field 59: value 59" in lines[-1]
    assert rows_to_markdown([[""]]) == ""


async def test_file_source_gives_a_document_or_its_failure(
    parsing: ParsingProcesses, context: ReadContext, read_all: ReadAll
) -> None:
    reader = FileReader(parsing=parsing)
    kept, lost = (f"merchant_1/bot_1/files/{digit * 64}" for digit in "12")
    await context.blobs.put(kept, b"# Care\n\nWash by hand.")
    batch = await read_all(reader, {"blob": kept, "filename": "C:\\shop\\care.md"})
    assert [(found.title, found.text, found.url) for found in batch.documents] == [("Care", "Wash by hand.", "")]
    batch = await read_all(reader, {"blob": lost, "filename": "care.md"})
    assert [(failure.item, failure.code) for failure in batch.failures] == [("care.md", "missing")]


async def test_text_and_questions_become_documents(read_all: ReadAll, make_source: Callable[..., Source]) -> None:
    batch = await read_all(TextReader(), {"text": "# Gift wrapping\nWe wrap for 3 euro."})
    assert [(found.title, found.kind) for found in batch.documents] == [("Gift wrapping", "page")]
    pairs = [
        {"question": "Open on Sunday?", "answer": "No."},
        {"question": "Parking?", "answer": "Yes, behind the shop."},
    ]
    batch = await read_all(FaqReader(), {"pairs": pairs})
    assert [(found.title, found.text, found.kind) for found in batch.documents] == [
        ("Open on Sunday?", "No.", "faq"), ("Parking?", "Yes, behind the shop.", "faq")]  # fmt: skip
    assert make_source(FaqReader(), {"pairs": pairs}).title == "2 questions and answers"
    assert make_source(FaqReader(), {"pairs": pairs[:1]}).title == "Open on Sunday?"


@pytest.mark.parametrize(
    ("reader", "options", "field"),
    [
        (TextReader(), {"title": "x"}, "text"),
        (TextReader(), {"text": "x", "title": 3}, "title"),
        (TextReader(), {"text": "x" * 600_000}, "text"),
        (FaqReader(), {}, "pairs"),
        (FaqReader(), {"pairs": [{}] * 2001}, "pairs"),
        (FaqReader(), {"pairs": ["x"]}, "pairs.0"),
        (FaqReader(), {"pairs": [{"question": "a", "answer": "b"}, {"question": "a"}]}, "pairs.1"),
    ],
)
def test_wrong_option_is_named(reader: Any, options: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        reader.check(options)
    assert [problem.field for problem in caught.value.fields] == [field]


def test_every_reader_stands_in_the_table(parsing: ParsingProcesses) -> None:
    table = readers(fetcher=None, parsing=parsing, requests_per_second=1, most_pages=5)  # type: ignore[arg-type]
    assert {kind: reader.kind for kind, reader in table.items()} == {kind: kind for kind in table}
    assert set(table) == set(get_args(SourceKind))
