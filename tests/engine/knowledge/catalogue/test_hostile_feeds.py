"""Feeds that mean harm or are broken: each is named, none does any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.knowledge.catalogue.processes import CatalogueProcesses
from engine.knowledge.catalogue.worker import answer
from engine.knowledge.failures import Unreadable

AS_OF = "2026-11-01T00:00:00+00:00"
ITEM = "<item><id>1</id><title>Mug</title><price>9 EUR</price></item>"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><rss>' + ITEM + "&c;</rss>"
)
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>'


async def converted(path: Path, content: bytes, **limits: Any) -> tuple[list[bytes], str]:
    path.write_bytes(content)
    lines = []
    try:
        async for line in CatalogueProcesses(**limits).convert(path, {"source": "s", "as_of": AS_OF}):
            lines.append(line.content)
    except Unreadable as error:
        return lines, error.code
    return lines, ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB.encode(), "xml_entities"),
        (EXTERNAL.encode(), "xml_entities"),
        (b"<rss><item><title>Mug</title>", "damaged"),
        (b'<?xml version="1.0" encoding="nonsense"?><rss></rss>', "damaged"),
        (b'[{"title": "Mug", "price": 9.5}, {"title": ', "damaged"),
        (b'{"a": 1}', "empty"),
        (b"[" * 100_000, "too_costly"),
        (b"<html><body>no feed</body></html>", "wrong_type"),
        (b"%PDF-1.7", "unsupported"),
        (b"PK\x03\x04 not a workbook", "truncated"),
        (b"  \n ", "empty_file"),
        (b"1,2,3\n4,5,6\n", "empty"),
    ],
)
async def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, code: str) -> None:
    lines, found = await converted(tmp_path / "feed", content)
    assert found in {code, "damaged"} if code == "empty" else found == code
    assert not any(b"root:" in line for line in lines)


async def test_a_file_that_needs_too_much_ends_its_process_only(tmp_path: Path) -> None:
    huge = b'[{"title": "' + b"x" * 300_000_000 + b'"}]'
    assert (await converted(tmp_path / "feed", huge))[1] == "damaged"
    rows = b"sku,name,price\n" + b"".join(b"s%d,Mug,1.00\n" % n for n in range(300_000))
    assert (await converted(tmp_path / "feed", rows, seconds=1.0))[1] == "too_costly"


async def test_a_process_that_nobody_reads_waits_and_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_bytes(b"sku,name,price\n" + b"".join(b"s%d,Mug,1.00\n" % n for n in range(20_000)))
    async with CatalogueProcesses().lines(
        {"job": "convert", "path": str(path), "source": "s", "as_of": AS_OF}, 30
    ) as lines:
        first = await anext(lines)
    assert first.kind == "P"


def test_formulas_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text('sku,name,price,url\n=1+1,"=HYPERLINK(""http://evil.example"")",9.90,javascript:alert(1)\n')
    (part, *_) = answer({"job": "convert", "path": str(path), "source": "s", "as_of": AS_OF})
    assert b'"title":"=HYPERLINK' in part
    assert b"javascript" not in part


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the first feed of a process loads is no part of the time that an example may take."""
    path = tmp_path_factory.mktemp("warm") / "feed"
    path.write_bytes(b"sku,name\n1,Mug\n")
    for job in ("convert", "inspect", "recognise"):
        list(answer({"job": job, "path": str(path), "source": "s", "as_of": AS_OF}))


@pytest.mark.usefixtures("warm")
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_a_catalogue_or_named(content: bytes) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        for job in ("convert", "inspect", "recognise"):
            lines = list(answer({"job": job, "path": file.name, "source": "s", "as_of": AS_OF}))
            assert lines[-1][:1] in {b"S", b"R", b"E"}


@given(st.text(st.sampled_from('sku,name;price\t"\n\r =1.9|€'), max_size=300))
@example("1;\n1;\n1")
def test_any_table_is_read_or_named(body: str) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(b"sku,name,price\n" + body.encode())
        file.flush()
        lines = list(answer({"job": "convert", "path": file.name, "source": "s", "as_of": AS_OF}))
        assert lines[-1][:1] == b"S"
