"""An embedder behind an address: real HTTP, documented payloads, every way to fail."""

from __future__ import annotations

import time

import pytest

from engine.adapters.connected.embedder import azure_openai_embedder, openai_compatible_embedder
from engine.errors import Unavailable
from tests.contracts.people import EmbedderContract
from tests.engine.adapters.embedding_server import SLOW_SECONDS, embedding_server


@pytest.fixture(scope="module")
def running():
    with embedding_server() as server:
        yield server


@pytest.fixture
def server(running):
    running.behaviour = "well"
    running.asked.clear()
    running.paths.clear()
    return running


@pytest.fixture
async def embedder(server):
    made = openai_compatible_embedder("test", 384, server.url, "key", 5.0)
    yield made
    await made.close()


class TestConnectedEmbedder(EmbedderContract):
    pass


async def test_texts_are_sent_in_batches_and_keep_their_order(server, embedder):
    vectors = await embedder.embed([f"item {number}" for number in range(150)])
    assert [len(body["input"]) for body in server.asked] == [64, 64, 22]
    [alone] = await embedder.embed(["item 149"])
    assert vectors[149] @ alone == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [("key", "STORECLERK_EMBEDDER_KEY"), ("unknown", "STORECLERK_EMBEDDER_NAME"), ("quota", "over its quota"),
     ("broken", "cannot be reached"), ("short", "1 vectors for 2 texts"), ("empty", "no embeddings")],
)  # fmt: skip
async def test_every_failure_names_the_next_step(server, embedder, behaviour: str, told: str):
    server.behaviour = behaviour
    with pytest.raises(Unavailable, match=told):
        await embedder.embed(["a", "b"])


async def test_a_shopper_does_not_wait_for_a_slow_server(server):
    embedder = openai_compatible_embedder("test", 384, server.url, "", 20.0)
    server.behaviour = "slow"
    started = time.monotonic()
    with pytest.raises(Unavailable, match="cannot be reached"):
        await embedder.embed(["how long do returns take?"])
    assert time.monotonic() - started < SLOW_SECONDS - 1
    assert len(server.asked) == 1
    await embedder.close()


async def test_other_dimensions_than_were_set_are_named(server):
    embedder = openai_compatible_embedder("test", 1536, server.url, "", 5.0)
    with pytest.raises(Unavailable, match="STORECLERK_EMBEDDER_DIMENSIONS=384"):
        await embedder.embed(["a"])
    await embedder.close()


async def test_azure_embeds_with_its_deployment(server):
    embedder = azure_openai_embedder("ours", 384, server.url.removesuffix("/v1"), "key", "2024-10-21", 5.0)
    assert len((await embedder.embed(["a"]))[0]) == 384
    assert server.paths == ["/openai/deployments/ours/embeddings?api-version=2024-10-21"]
    await embedder.close()
