"""What every `BlobStore` promises."""

from collections.abc import AsyncIterator

import pytest

from engine.errors import InvalidInput, NotFound
from engine.ports import BlobStore


async def pieces(*parts: bytes, broken: bool = False) -> AsyncIterator[bytes]:
    """The parts, one after the other; `broken` when the last is never reached."""
    for part in parts:
        yield part
    if broken:
        raise ConnectionResetError("the sender went away")


class BlobStoreContract:
    async def test_content_written_in_pieces_is_read_back_in_pieces(self, blobs: BlobStore):
        large = b"x" * 1_500_000
        assert await blobs.write("m1/large", pieces(b"begin", large)) == 1_500_005
        read = [piece async for piece in blobs.read("m1/large")]
        assert b"".join(read) == b"begin" + large
        assert max(map(len, read)) <= 1 << 20

    async def test_a_broken_writing_leaves_what_was_there(self, blobs: BlobStore):
        await blobs.put("m1/a", b"old")
        with pytest.raises(ConnectionResetError):
            await blobs.write("m1/a", pieces(b"new", broken=True))
        assert await blobs.get("m1/a") == b"old"
        assert await blobs.names("m1/") == ["m1/a"]

    async def test_a_renamed_content_stands_under_the_other_name_only(self, blobs: BlobStore):
        await blobs.put("m1/a", b"new")
        await blobs.put("m1/b/c", b"old")
        await blobs.rename("m1/a", "m1/b/c")
        assert await blobs.get("m1/b/c") == b"new"
        assert await blobs.names("m1/") == ["m1/b/c"]
        with pytest.raises(NotFound):
            await blobs.rename("m1/a", "m1/d")

    async def test_reading_what_is_not_there_says_so(self, blobs: BlobStore):
        with pytest.raises(NotFound):
            [piece async for piece in blobs.read("m1/nothing")]

    async def test_what_was_put_is_read_back(self, blobs: BlobStore):
        await blobs.put("m1/a/b.bin", b"\x00one")
        assert await blobs.get("m1/a/b.bin") == b"\x00one"

    async def test_put_replaces(self, blobs: BlobStore):
        await blobs.put("m1/a", b"one")
        await blobs.put("m1/a", b"two")
        assert await blobs.get("m1/a") == b"two"

    async def test_what_is_not_there_is_none(self, blobs: BlobStore):
        assert await blobs.get("m1/nothing") is None
        await blobs.put("m1/folder/file", b"x")
        assert await blobs.get("m1/folder") is None

    async def test_names_begin_with_the_prefix_and_are_sorted(self, blobs: BlobStore):
        for name in ("m1/b/2", "m1/b/1", "m1/bb/1", "m2/b/1"):
            await blobs.put(name, b"x")
        assert await blobs.names("m1/b/") == ["m1/b/1", "m1/b/2"]
        assert await blobs.names("m1/b") == ["m1/b/1", "m1/b/2", "m1/bb/1"]
        assert await blobs.names("m3/") == []

    async def test_delete_removes_all_below_a_prefix(self, blobs: BlobStore):
        for name in ("m1/b/1", "m1/b/c/2", "m1/x"):
            await blobs.put(name, b"x")
        assert await blobs.delete("m1/b/") == 2
        assert await blobs.names("m1/") == ["m1/x"]
        assert await blobs.delete("m1/b/") == 0

    @pytest.mark.parametrize("name", ["../x", "m1/../../x", "/etc/passwd", "m1//x", "m1/./x", "", "m1/a b", "m1/a\x00"])
    async def test_a_name_that_would_leave_the_store_is_refused(self, blobs: BlobStore, name: str):
        with pytest.raises(InvalidInput):
            await blobs.put(name, b"x")
