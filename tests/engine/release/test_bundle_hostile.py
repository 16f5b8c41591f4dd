"""A file that was damaged, cut off, forged or made to harm is refused by name, and nothing of it stays."""

from __future__ import annotations

import asyncio
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.bootstrap import Engine
from engine.errors import InvalidInput
from engine.ports import PLATFORM
from engine.release.bundle import FORMAT_VERSION
from engine.release.bundle_cleaning import without_secrets
from engine.release.bundle_reading import BundleReader
from tests.engine.release.bundles import Packed, contents, resealed, written
from tests.plain_jobs import PlainJobs

Elsewhere = tuple[Engine, PlainJobs]
Parts = dict[str, bytes]


def replaced(name: str, old: bytes, new: bytes) -> Callable[[Parts], Parts]:
    """One word of one part is another, and every hash holds."""

    def change(parts: Parts) -> Parts:
        assert old in parts[name]
        return resealed(parts | {name: parts[name].replace(old, new, 1)})

    return change


def first_line(name: str, **told: object) -> Callable[[Parts], Parts]:
    """The first record of a part says something else, and every hash holds."""

    def change(parts: Parts) -> Parts:
        head, _, rest = parts[name].partition(b"\n")
        return resealed(parts | {name: json.dumps(json.loads(head) | told).encode() + b"\n" + rest})

    return change


FORGED: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "a changed word": (
        lambda parts: parts | {"pins.jsonl": parts["pins.jsonl"].replace(b"Ghent", b"Paris")},
        "'pins.jsonl' in it was changed",
    ),
    "a missing part": (
        lambda parts: {name: content for name, content in parts.items() if name != "vectors.f32"},
        "'vectors.f32' is missing",
    ),
    "a part too many": (lambda parts: parts | {"evidence/more.jsonl": b"{}"}, "'evidence/more.jsonl' is missing, add"),
    "a path that leaves": (lambda parts: parts | {"../../outside.txt": b"x"}, "'../../outside.txt' does not belong"),
    "an absolute path": (lambda parts: parts | {"/etc/passwd": b"x"}, "'/etc/passwd' does not belong"),
    "a newer format": (
        lambda parts: resealed(parts, format_version=FORMAT_VERSION + 1),
        f"it is of format {FORMAT_VERSION + 1}, and this installation reads format {FORMAT_VERSION}",
    ),
    "another format": (lambda parts: resealed(parts, format="x"), "not a file that Storeclerk wrote"),
    "no manifest": (lambda parts: {"bot.json": parts["bot.json"]}, "was cut off on the way"),
    "another embedder": (lambda parts: resealed(parts, embedder="ada"), "prepared with 'ada', which is not connected"),
    "fewer vectors": (
        lambda parts: resealed(parts | {"vectors.f32": parts["vectors.f32"][:-4]}),
        "'vectors.f32' does not hold a vector for every passage",
    ),
    "what is no number": (
        lambda parts: resealed(parts | {"vectors.f32": b"\xff" * len(parts["vectors.f32"])}),
        "'vectors.f32' holds what is no vector",
    ),
    "fewer passages": (
        lambda parts: resealed(parts | {"passages.jsonl": parts["passages.jsonl"].partition(b"\n")[2]}),
        "says that there are more or fewer",
    ),
    "a script for an address": (first_line("passages.jsonl", url="javascript:alert(1)"), "'javascript:alert(1)' in it"),
    "a product's script": (first_line("products.jsonl", image_url="data:text/html,x"), "'data:text/html,x' in it"),
    "a path for an id": (first_line("pins.jsonl", id="../x"), "'../x' in it cannot be the id of a pin"),
    "a source's path": (first_line("passages.jsonl", source="../../m2"), "'../../m2' in it cannot be the id"),
    "a price of no kind": (first_line("products.jsonl", price={"amount": "NaN", "currency": "EUR"}), "(line 1)"),
    "a colour with a script": (
        first_line("bot.json", theme_overrides={"primary": "red;}</style>"}),
        "Some colours cannot be used",
    ),
    "a colour that is none": (
        lambda parts: first_line("bot.json", seed="url(x)")({n: c for n, c in parts.items() if n != "icon.png"}),
        "Some colours cannot be used",
    ),
    "a copy that is not whole": (lambda parts: resealed(parts | {"copies.jsonl": b""}), "is not whole"),
    "a source without what it needs": (
        first_line("sources.jsonl", kind="file", options={"filename": "a.txt"}),
        "cannot be read here",
    ),
}


@pytest.mark.parametrize("kind", FORGED)
async def test_a_forged_file_is_refused_by_name_and_leaves_nothing(
    kind: str, packed: Packed, elsewhere: Elsewhere, tmp_path: Path
):
    engine, _ = elsewhere
    change, words = FORGED[kind]
    with pytest.raises(InvalidInput) as refused:
        await engine.importing.bring("m", written(tmp_path / "forged.zip", change(contents(packed.path))))
    assert words in refused.value.message
    await assert_nothing_is_left(engine)


async def assert_nothing_is_left(engine: Engine) -> None:
    """No record, no index, no catalogue and no blob of the merchant."""
    for collection in ("bots", "versions", "sources", "documents", "pins", "corrections", "test_cases", "trials"):
        assert await engine.records.store.count("m", collection, {}) == 0, collection
    for owned in ("imports", "bot_owners"):
        assert await engine.records.store.count(PLATFORM, owned, {}) == 0
    assert await engine.adapters.blobs.names("m/") == []
    data = engine.settings.data_dir
    left = [path for folder in ("index", "catalogue") for path in (data / folder).rglob("*") if path.is_file()]
    assert left == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
async def test_a_truncated_file_is_refused(share: float, packed: Packed, elsewhere: Elsewhere, tmp_path: Path):
    engine, _ = elsewhere
    content = packed.path.read_bytes()
    short = tmp_path / "short.zip"
    short.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InvalidInput, match="was cut off on the way"):
        await engine.importing.bring("m", short)


async def test_a_flipped_bit_anywhere_is_noticed(packed: Packed, elsewhere: Elsewhere, tmp_path: Path):
    engine, _ = elsewhere
    content = packed.path.read_bytes()
    with zipfile.ZipFile(packed.path) as file:
        middles = [entry.header_offset + 60 + entry.compress_size // 2 for entry in file.infolist()]
    damaged = tmp_path / "damaged.zip"
    for place in middles:
        damaged.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        with pytest.raises(InvalidInput):
            await engine.importing.bring("m", damaged)
    await assert_nothing_is_left(engine)


async def test_a_bomb_is_refused_before_it_is_unpacked(packed: Packed, elsewhere: Elsewhere, tmp_path: Path):
    engine, _ = elsewhere
    parts = contents(packed.path)
    bomb = resealed(parts | {"pins.jsonl": b"\n" * 60_000_000})
    with pytest.raises(InvalidInput, match="which no real one does") as refused:
        await engine.importing.bring("m", written(tmp_path / "bomb.zip", bomb))
    assert refused.value.code == "bundle_too_large"


def listing(path: Path, parts: int, name: str) -> bytes:
    """A zip that lists so many empty parts beside a manifest."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("manifest.json", "{}")
        for number in range(parts):
            file.writestr(f"{name}{number}", b"")
    return path.read_bytes()


def test_a_zip_of_very_many_parts_is_refused_before_its_list_is_read(tmp_path: Path):
    many = tmp_path / "many.zip"
    listing(many, 20_000, "x")
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput, match="lists more parts") as refused:
            BundleReader(many)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.code == "bundle_too_large"
    assert most < 500_000, "a list of 20,000 parts takes megabytes"


def test_a_zip_that_lies_about_how_many_parts_it_lists_is_refused(tmp_path: Path):
    lying = tmp_path / "lying.zip"
    content = bytearray(listing(lying, 400, "x" * 200))
    content[-14:-10] = struct.pack("<2H", 1, 1)
    lying.write_bytes(content)
    with pytest.raises(InvalidInput, match="lists more parts"):
        BundleReader(lying)


def test_a_second_list_that_would_be_believed_in_place_of_the_first_is_refused(tmp_path: Path):
    path = tmp_path / "second.zip"
    content = listing(path, 3, "x")
    end = content[-22:]
    place = len(content) - 22
    size, start = struct.unpack("<2L", end[12:20])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 4, 4, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    path.write_bytes(content[:-22] + record + locator + end)
    with zipfile.ZipFile(path) as file:
        assert len(file.infolist()) == 4, "others read it"
    with pytest.raises(InvalidInput, match="in a way that Storeclerk does not use"):
        BundleReader(path)


async def test_a_part_that_is_there_twice_is_refused(packed: Packed, elsewhere: Elsewhere, tmp_path: Path):
    engine, _ = elsewhere
    twice = written(tmp_path / "twice.zip", contents(packed.path))
    with zipfile.ZipFile(twice, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("pins.jsonl", b"")
    with pytest.raises(InvalidInput, match="holds a part twice"):
        await engine.importing.bring("m", twice)


async def test_evidence_that_claims_to_be_of_here_opens_no_gate(packed: Packed, elsewhere: Elsewhere, tmp_path: Path):
    engine, _ = elsewhere
    first = await engine.importing.bring("m", packed.path)
    version = await engine.versions.get("m", first.id, 1)
    claimed = await engine.gate.fingerprint(version)
    parts = contents(packed.path)
    forged = {"evidence/trials.jsonl": claimed, "evidence/ratings.jsonl": engine.gate.answering(version)}
    for name, fingerprint in forged.items():
        rows = [json.loads(line) | {"fingerprint": fingerprint} for line in parts[name].splitlines()]
        parts[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    bot = await engine.importing.bring("m", written(tmp_path / "claims.zip", resealed(parts)))
    report = await engine.gate.report(await engine.versions.get("m", bot.id, 1))
    assert report.fingerprint == claimed
    assert [metric.n for metric in report.metrics] == [0] * len(report.metrics)


async def test_an_import_that_was_killed_shows_no_bot_and_is_tidied(packed: Packed, elsewhere: Elsewhere):
    engine, _ = elsewhere
    work = asyncio.ensure_future(engine.importing.bring("m", packed.path))
    while not await engine.records.store.count("m", "corrections", {}):
        assert not work.done()
        await asyncio.sleep(0.001)
    begun = (await engine.records.store.query(PLATFORM, "imports", {})).items[0]
    assert (await engine.bots.page("m", 10, None)).items == (), "nobody sees it before it is whole"
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await assert_nothing_is_left(engine)
    # As a kill leaves it: the note, and something that was written.
    old = {**begun.body, "at": "2026-01-01T00:00:00+00:00"}
    await engine.records.store.add(PLATFORM, "imports", begun.key, old)
    await engine.adapters.blobs.put(f"m/{begun.key}/icons/x.png", b"x")
    assert await engine.importing.tidy() == 1
    await assert_nothing_is_left(engine)


async def test_people_named_anywhere_in_cases_and_results_are_taken_out_when_a_file_arrives(
    packed: Packed, elsewhere: Elsewhere, tmp_path: Path
):
    engine, _ = elsewhere
    person = "jane.doe@private.example"
    told = {"must_include": [person], "must_not_include": [person], "earlier": [f"I am {person}"], "origin": "written"}
    parts = first_line("test_cases.jsonl", **told)(contents(packed.path))
    result = json.loads(parts["evidence/case_results.jsonl"].splitlines()[0])["result"]
    result |= {
        "reasons": [f"it lacks {person}"], "judged_why": f"No {person} in it.",
        "checks": [{"name": "holds", "passed": False, "detail": f"lacks {person}"}],
    }  # fmt: skip
    parts = first_line("evidence/case_results.jsonl", result=result)(parts)
    bot = await engine.importing.bring("m", written(tmp_path / "people.zip", parts))
    cases = [dict(engine.records.test_cases.body(case)) for case in await engine.cases.all("m", bot.id)]
    results = await engine.trials.results(await engine.trials.latest("m", bot.id, 1))
    assert cases[0]["earlier"] == ["I am (e-mail address)"]
    assert [reason for result in results for reason in result.reasons] == ["it lacks (e-mail address)"]
    assert person not in f"{cases} {results}"


async def test_a_stored_file_of_another_shop_cannot_be_named(packed: Packed, elsewhere: Elsewhere, tmp_path: Path):
    engine, _ = elsewhere
    theirs = {"blob": "m2/bot/files/" + "0" * 64, "filename": "theirs.txt"}
    forged = first_line("sources.jsonl", kind="file", options=theirs)(contents(packed.path))
    bot = await engine.importing.bring("m", written(tmp_path / "forged.zip", forged))
    [source] = [s for s in await engine.records.sources.list("m", {"bot": bot.id}) if s.kind == "file"]
    assert source.options["blob"] == "left-behind"


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("https://shop.example/feed.xml?lang=en", "https://shop.example/feed.xml?lang=en"),
        ("https://jane:pw@shop.example/feed.xml", "https://shop.example/feed.xml"),
        ("https://shop.example/f?api_key=1&page=2", "https://shop.example/f?page=2"),
        ("https://shop.example/f?x=aB3dE5fG7hJ9kL1mN3pQ5", "https://shop.example/f"),
        ("https://shop.example/f?Signature=abc&sort=new", "https://shop.example/f?sort=new"),
    ],
)
def test_keys_in_addresses_stay(address: str, left: str):
    assert without_secrets(address) == left
