"""What every `DocumentStore` promises. An adapter's test subclasses this and gives `store`."""

import asyncio

import pytest

from engine.errors import AlreadyExists, NotFound, StaleWrite
from engine.ports import DocumentStore


class DocumentStoreContract:
    async def test_what_was_added_is_read_back(self, store: DocumentStore):
        etag = await store.add("m1", "bots", "b1", {"bot": "b1", "name": "Ünï", "n": 1, "nested": {"a": [1, None]}})
        found = await store.get("m1", "bots", "b1")
        assert found is not None
        assert found.body == {"bot": "b1", "name": "Ünï", "n": 1, "nested": {"a": [1, None]}}
        assert found.etag == etag

    async def test_add_is_create_only(self, store: DocumentStore):
        await store.add("m1", "bots", "b1", {"v": 1})
        with pytest.raises(AlreadyExists):
            await store.add("m1", "bots", "b1", {"v": 2})
        assert (await store.get("m1", "bots", "b1")).body == {"v": 1}

    async def test_of_many_adds_at_once_one_wins(self, store: DocumentStore):
        outcomes = await asyncio.gather(
            *(store.add("m1", "emails", "x", {"n": n}) for n in range(20)), return_exceptions=True
        )
        assert sum(isinstance(outcome, AlreadyExists) for outcome in outcomes) == 19

    async def test_another_merchants_record_does_not_exist(self, store: DocumentStore):
        etag = await store.add("m1", "bots", "b1", {"bot": "b1"})
        assert await store.get("m2", "bots", "b1") is None
        assert (await store.query("m2", "bots", {})).items == ()
        assert await store.count("m2", "bots", {}) == 0
        assert not await store.delete("m2", "bots", "b1")
        with pytest.raises(NotFound):
            await store.save("m2", "bots", "b1", {}, etag)
        assert await store.delete_where("m2", "bots", {}) == 0
        assert await store.get("m1", "bots", "b1") is not None

    async def test_save_needs_the_etag_that_was_read(self, store: DocumentStore):
        first = await store.add("m1", "bots", "b1", {"v": 1})
        second = await store.save("m1", "bots", "b1", {"v": 2}, first)
        assert second != first
        with pytest.raises(StaleWrite):
            await store.save("m1", "bots", "b1", {"v": 3}, first)
        assert (await store.get("m1", "bots", "b1")).body == {"v": 2}

    async def test_save_of_nothing_is_not_found(self, store: DocumentStore):
        with pytest.raises(NotFound):
            await store.save("m1", "bots", "nobody", {}, "etag")

    async def test_query_filters_orders_and_pages(self, store: DocumentStore):
        for n in range(7):
            await store.add("m1", "turns", f"t{n}", {"bot": "a" if n % 2 else "b", "n": n, "test": n > 3})
        seen, cursor = [], None
        while True:
            page = await store.query("m1", "turns", {"bot": "b"}, limit=2, cursor=cursor)
            seen += [item.body["n"] for item in page.items]
            assert len(page.items) <= 2
            cursor = page.cursor
            if cursor is None:
                break
        assert seen == [0, 2, 4, 6]
        newest = await store.query("m1", "turns", {"test": True}, newest_first=True)
        assert [item.body["n"] for item in newest.items] == [6, 5, 4]
        assert await store.count("m1", "turns", {"bot": "a", "test": True}) == 1

    async def test_a_page_that_is_full_to_the_end_has_no_cursor(self, store: DocumentStore):
        for n in range(4):
            await store.add("m1", "turns", f"t{n}", {})
        assert (await store.query("m1", "turns", {}, limit=4)).cursor is None

    async def test_a_change_keeps_the_place_in_the_order(self, store: DocumentStore):
        etag = await store.add("m1", "turns", "old", {"n": 0})
        await store.add("m1", "turns", "new", {"n": 1})
        await store.save("m1", "turns", "old", {"n": 2}, etag)
        assert [item.key for item in (await store.query("m1", "turns", {})).items] == ["old", "new"]

    async def test_write_many_creates_and_replaces(self, store: DocumentStore):
        await store.add("m1", "products", "p1", {"price": 1})
        await store.write_many("m1", "products", {"p1": {"price": 2}, "p2": {"price": 3}})
        assert (await store.get("m1", "products", "p1")).body == {"price": 2}
        assert await store.count("m1", "products", {}) == 2
        await store.write_many("m1", "products", {})

    async def test_delete_and_delete_where(self, store: DocumentStore):
        for n in range(4):
            await store.add("m1", "products", f"p{n}", {"version": n % 2})
        assert await store.delete("m1", "products", "p0")
        assert not await store.delete("m1", "products", "p0")
        assert await store.delete_where("m1", "products", {"version": 1}) == 2
        assert await store.count("m1", "products", {}) == 1

    async def test_a_field_that_is_no_name_is_refused(self, store: DocumentStore):
        with pytest.raises(ValueError, match="not the name"):
            await store.query("m1", "bots", {"a') OR 1=1 --": "x"})

    async def test_ping_returns_when_it_can_serve(self, store: DocumentStore):
        await store.ping()
