"""Each format read: order, headings, lists, and tables with their header."""

# ruff: noqa: E501 - files and data read best on one line

from __future__ import annotations

import pytest

from engine.knowledge.parsing import check_upload
from engine.knowledge.parsing.documents import parse_file
from engine.llama.splitter import WindowSplitter
from tests.engine.knowledge.parsing.files import (
    STRICT,
    W,
    archive,
    at,
    docx,
    epub,
    lines,
    ods,
    p,
    pdf,
    pptx,
    row,
    shape,
    slide_table,
)  # fmt: skip

TABLE = "| Country | Days |\n| --- | --- |\n| Belgium | 2 |\n| Spain | 4 |"
ROWS = (("Country", "Days"), ("Belgium", "2"), ("Spain", "4"))
WORD_TABLE = "<w:tbl>" + "".join(row(*cells) for cells in ROWS) + "</w:tbl>"
MAIL = b"From: a@shop.example\r\nSubject: =?utf-8?q?R=C3=BCckgabe?=\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
FORMATS: dict[str, tuple[bytes, str, str]] = {
    "a.docx": (docx(p("Returns", style="Title") + p("Steps", style="Heading1") + p("Write to us.") + WORD_TABLE), "Returns", f"## Steps\n\nWrite to us.\n\n{TABLE}"),
    "strict.docx": (docx(p("Steps", style="Heading1") + p("Write to us."), namespace=STRICT), "strict", "## Steps\n\nWrite to us."),
    "control.docx": (docx(f"<w:sdt><w:sdtContent>{p('Kept.')}</w:sdtContent></w:sdt><w:p><w:ins><w:r><w:t>Added</w:t></w:r></w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"), "control", "Kept.\n\nAdded"),
    "a.pptx": (pptx(shape("Free above 50 EUR|Two days") + shape("Delivery", kind="title"), slide_table(*ROWS)), "a", f"## Delivery\n\nFree above 50 EUR\n\nTwo days\n\n{TABLE}"),
    "a.ods": (ods([list(cells) for cells in ROWS]), "a", TABLE),
    "a.epub": (epub("<h2>Wash</h2><p>By hand.</p>", "<h2>First</h2><p>Read this.</p>"), "Care of wool", "## First\n\nRead this.\n\n## Wash\n\nBy hand."),
    "a.eml": (MAIL + b"--x\r\nContent-Type: text/html\r\n\r\n<p>Send it <b>back</b>.</p><script>x</script>\r\n--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"label.txt\"\r\n\r\nsecret\r\n--x--\r\n",
              "Rückgabe", "Date: Mon, 02 Nov 2026 10:00:00 +0000\n\nSend it back.\n\n## Attachments\n\n- label.txt"),
    "a.pdf": (pdf(at(72, 740, "Delivery terms", size=20) + at(72, 700, "Countries", size=15) + lines(*[f"We send parcels every day of week {n} of the year." for n in range(9)], top=670)
                  + "".join(at(72 + 150 * column, 480 - 16 * number, cell) for number, cells in enumerate(ROWS) for column, cell in enumerate(cells))),
              "a", "## Delivery terms\n\n### Countries\n\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_format_is_read(name: str) -> None:
    content, title, text = FORMATS[name]
    found = parse_file(content, name)
    assert found.title == title
    assert found.text == text if not name.endswith(".pdf") else found.text.startswith(text)
    check_upload(name, content)


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.ods", "a.pdf"])
def test_every_row_of_a_table_keeps_its_header(name: str) -> None:
    text = parse_file(FORMATS[name][0], name).text
    assert TABLE in text
    rows = [(headings, passage) for headings, passage in WindowSplitter(3).split(text) if "|" in passage]
    assert [passage for _, passage in rows] == ["| Belgium | 2 |", "| Spain | 4 |"]
    assert all(headings[-1] == "Country · Days" for headings, _ in rows)


def test_merged_cells_of_word_are_repeated_and_frames_are_not_tables() -> None:
    cell = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
    merged = "<w:tbl><w:tr>" + cell.format('<w:gridSpan w:val="2"/>', p("Size")) + "</w:tr><w:tr>"
    merged += cell.format('<w:vMerge w:val="restart"/>', p("Small")) + cell.format("", p("36")) + "</w:tr><w:tr>"
    merged += cell.format("<w:vMerge/>", p("")) + cell.format("", p("37")) + "</w:tr></w:tbl>"
    text = parse_file(docx(merged + "<w:tbl>" + row("Only a frame.") + "</w:tbl>"), "a.docx").text
    assert text == "| Size | Size |\n| --- | --- |\n| Small | 36 |\n| Small | 37 |\n\nOnly a frame."


def test_word_styles_are_followed_to_what_they_are_based_on() -> None:
    styles = f"""<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="B"><w:name w:val="Kapitel"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
      <w:style w:type="paragraph" w:styleId="C"><w:name w:val="Kapitel blau"/><w:basedOn w:val="B"/></w:style>
      <w:style w:type="paragraph" w:styleId="L"><w:name w:val="Punkte"/><w:pPr><w:numPr/></w:pPr></w:style></w:styles>"""
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Target="styles.xml"/></Relationships>'
    content = docx(
        p("Versand", style="C") + p("Eins", style="L") + p("Zwei", style="L"),
        extra={"word/styles.xml": styles, "word/_rels/document.xml.rels": relations},
    )
    assert parse_file(content, "a.docx").text == "### Versand\n\n- Eins\n- Zwei"


def test_rows_that_look_like_formulas_stay_text() -> None:
    text = parse_file(b'Item;Note\nMug;=HYPERLINK("http://x")\nCup;@SUM(A1)\n', "a.csv").text
    assert '| Mug | =HYPERLINK("http://x") |' in text
    assert "| Cup | @SUM(A1) |" in text


def test_columns_of_running_text_are_no_table() -> None:
    left = [f"We send every parcel of week {n} on the same day," for n in range(6)]
    right = [f"and what we cannot send by the end of day {n} goes later." for n in range(6)]
    stream = "".join(at(40, 700 - 16 * n, text) for n, text in enumerate(left))
    stream += "".join(at(330, 700 - 16 * n, text) for n, text in enumerate(right))
    assert "|" not in parse_file(pdf(stream), "a.pdf").text


def test_names_with_values_on_a_page_become_facts() -> None:
    pairs = (("Buyer:", "Jane"), ("Phone:", "123"), ("Country:", "Spain"))
    stream = "".join(at(72, 700 - 16 * n, name) + at(250, 700 - 16 * n, value) for n, (name, value) in enumerate(pairs))
    assert parse_file(pdf(stream), "a.pdf").text == "- Buyer: Jane\n- Phone: 123\n- Country: Spain"


def test_old_mail_without_a_known_alphabet_is_read() -> None:
    content = b"Subject: Hours\nContent-Type: text/plain; charset=unknown-8bit\n\nOpen from 9 to 5, also f\xfcr you."
    assert parse_file(content, "a.eml").text == "Open from 9 to 5, also für you."


def test_archive_with_other_content_is_named_by_it() -> None:
    kinds = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
    for part, kind in kinds.items():
        with pytest.raises(Exception, match=f"it is a .{kind} file inside"):
            parse_file(archive({part: b"x"}), "a.pptx")
