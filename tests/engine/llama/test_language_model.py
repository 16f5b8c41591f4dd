"""Language models behind the port: real HTTP, documented payloads, every way to fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import ModelUnavailable
from engine.llama.language_model import azure_openai, openai_compatible
from engine.ports import CompositionLimits
from tests.contracts.people import ChatModelContract, composed, request
from tests.engine.llama.model_server import model_server


@pytest.fixture(scope="module")
def running():
    with model_server() as server:
        yield server


@pytest.fixture
def server(running):
    running.says, running.behaviour = "Returns are accepted for 30 days [1].", "well"
    running.asked.clear()
    return running


@pytest.fixture
async def model(server):
    made = openai_compatible("test", server.url, "key", 5.0)
    yield made
    await made.close()


class TestOpenAiCompatible(ChatModelContract):
    async def test_without_evidence_there_is_no_answer_and_no_text(self, server, model):
        server.says = "NO_ANSWER"
        await super().test_without_evidence_there_is_no_answer_and_no_text(model)


async def test_markers_become_quotes_and_are_not_shown(server, model):
    server.says = "Refunds take 5 days [2]. Returns take 30 days [1]."
    text, finish = await composed(
        model, request("returns?", "Returns take 30 days.", "We refund. Refunds take 5 days.")
    )
    assert text == "Refunds take 5 days. Returns take 30 days."
    assert [quote.passage for quote in finish.quotes] == ["d1:0", "d0:0"]
    assert (finish.prompt_tokens, finish.completion_tokens) == (11, 7)


async def test_the_prompt_holds_rules_history_and_numbered_evidence(server, model):
    asked = replace(request("And refunds?", "Returns take 30 days."), history=(("Returns?", "30 days"),))
    asked = replace(asked, persona=replace(asked.persona, instructions="Mention our newsletter."))
    await composed(model, asked)
    sent = server.asked[0]
    assert sent["temperature"] == 0.1
    assert sent["stream_options"] == {"include_usage": True}
    roles = [message["role"] for message in sent["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    system, last = str(sent["messages"][0]["content"]), str(sent["messages"][-1]["content"])
    assert "NO_ANSWER" in system
    assert "Mention our newsletter." in system
    assert '{"passage": 1, "from": "Policies", "text": "Returns take 30 days."}' in last


async def test_an_answer_without_markers_quotes_the_best_passage(server, model):
    server.says = "30 days."
    _, finish = await composed(model, request("returns?", "Returns take 30 days."))
    assert finish.quotes[0].text == "Returns take 30 days."


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [("quota", "over_quota"), ("key", "refused_key"), ("filter", "filtered"), ("bad", "bad_answer"),
     ("broken", "down"), ("slow", "slow"), ("cut", "down"), ("error event", "down"), ("no json", "down")],
)  # fmt: skip
async def test_every_failure_has_its_reason(server, model, behaviour: str, reason: str):
    server.behaviour = behaviour
    with pytest.raises(ModelUnavailable) as failed:
        async for _ in model.stream(request("returns?", "30 days."), CompositionLimits(timeout_seconds=1.0)):
            pass
    assert failed.value.reason == reason


async def test_a_server_that_is_not_there_is_down():
    model = openai_compatible("test", "http://127.0.0.1:9/v1", "", 1.0)
    with pytest.raises(ModelUnavailable) as failed:
        async for _ in model.stream(request("x", "y"), CompositionLimits()):
            pass
    assert failed.value.reason == "down"
    await model.close()


async def test_azure_answers_from_its_deployment(server):
    endpoint = server.url.removesuffix("/v1")
    model = azure_openai("my-deployment", endpoint, "key", "2024-10-21", 5.0)
    text, finish = await composed(model, request("returns?", "Returns are accepted for 30 days."))
    assert text == "Returns are accepted for 30 days."
    assert finish.reason == "stop"
    assert model.name == "my-deployment/prompt-2"
    await model.close()
