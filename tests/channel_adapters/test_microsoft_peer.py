"""Microsoft's own Agents SDK at both ends: its client sends to our endpoint, its channel service takes our answers."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from microsoft_agents.activity import Activity, ResourceResponse
from microsoft_agents.hosting.core.client.http_agent_channel import HttpAgentChannel
from microsoft_agents.hosting.fastapi import channel_service_route_table

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.base import Platform, Sent
from tests.channel_adapters.platforms.bot_service import APP, TENANT, BotService
from tests.channel_adapters.shops import wait_for
from tests.channel_adapters.test_microsoft import SETTINGS
from tests.conftest import RunningServer, free_port


class Channel:
    """What the SDK's channel service hands over: every activity passed the SDK's own model."""

    def __init__(self) -> None:
        self.replies: list[tuple[str, str, Activity]] = []

    async def on_reply_to_activity(self, _: Any, conversation: str, answered: str, activity: Activity) -> Any:
        self.replies.append((conversation, answered, activity))
        return ResourceResponse(id=f"reply-{len(self.replies)}")

    def messages(self, conversation: str) -> list[Activity]:
        return [activity for where, _, activity in self.replies if where == conversation and activity.type == "message"]


class Service(Platform):
    """Azure Bot Service: keys and tokens as our double has them, conversations as Microsoft's SDK serves them."""

    def __init__(self) -> None:
        super().__init__()
        self.port, self.channel, self.double = free_port(), Channel(), BotService()
        self.double.port = self.port
        app = FastAPI()
        app.include_router(channel_service_route_table(self.channel, "/emea"))

        @app.api_route("/{path:path}", methods=["GET", "POST"])
        async def rest(path: str, request: Request) -> Response:
            headers, query = dict(request.headers), dict(request.query_params)
            sent = Sent(request.method, f"/{path}", query, headers, await request.body())
            found = await asyncio.to_thread(self.double.answer, sent)
            return JSONResponse(found.body, found.status)

        self.server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=self.port, log_level="error"))


class Tokens:
    """Signs as Azure Bot Service does, for the SDK's client."""

    def __init__(self, double: BotService) -> None:
        self.double = double

    async def get_access_token(self, *_: Any, **__: Any) -> str:
        return self.double.signed()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    made = Service()
    thread = threading.Thread(target=made.server.run, daemon=True)
    thread.start()
    wait_for(lambda: made.server.started or None)
    yield made
    made.server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def linked(server: RunningServer, service: Service) -> Iterator[Linked]:
    addresses = {"teams": service.double.url}
    with platforms_and_server(server, {}, channel_addresses=addresses) as replica:
        owner = replica.merchant()
        asked = ["Where is your workshop?", "Do you sell gift cards?", "How much is delivery to Germany?"]
        made = Linked(replica, owner, owner.live_bot(persona={"example_questions": asked}), "teams")
        made.link(SETTINGS)
        yield made


def send(linked: Linked, service: Service, text: str, **more: Any) -> Any:
    """Let the SDK's client post a message; answers what it made of our answer."""
    conversation = f"a:{time.monotonic_ns()};messageid=1"
    activity = Activity.model_validate(
        {
            "type": "message", "id": f"act-{time.monotonic_ns()}", "timestamp": datetime.now(UTC).isoformat(),
            "channelId": "msteams", "from": {"id": "29:person", "name": "Ann"}, "recipient": {"id": f"28:{APP}"},
            "conversation": {"id": conversation, "conversationType": "personal", "tenantId": TENANT}, "text": text,
            "locale": "en-US",
        } | more
    )  # fmt: skip
    endpoint = f"{linked.server.url}{linked.hook('messages')}"
    post = HttpAgentChannel(Tokens(service.double)).post_activity(
        APP, f"api://{APP}", endpoint, service.double.service, conversation, activity
    )
    return conversation, activity.id, asyncio.run(post)


def test_microsofts_client_is_answered_where_microsofts_service_listens(linked: Linked, service: Service):
    conversation, asked, answer = send(linked, service, "How much is delivery to Germany?")
    assert answer.status in {200, 202}
    (said,) = wait_for(lambda: service.channel.messages(conversation) or None)
    assert "6.90" in said.text
    assert (said.reply_to_id, said.text_format) == (asked, "markdown")
    assert any(activity.type == "typing" for where, _, activity in service.channel.replies if where == conversation)


def test_questions_to_press_and_cards_are_such_as_the_sdk_knows(linked: Linked, service: Service):
    conversation, _, _ = send(linked, service, "Who won the world cup in 1998?")
    (said,) = wait_for(lambda: service.channel.messages(conversation) or None)
    assert [action.type for action in said.suggested_actions.actions] == ["imBack"] * 3


def test_what_the_sdk_sends_of_another_kind_is_acknowledged_and_not_answered(linked: Linked, service: Service):
    conversation, _, answer = send(linked, service, "", type="conversationUpdate", membersAdded=[{"id": "29:person"}])
    assert answer.status in {200, 202}
    later, _, _ = send(linked, service, "How much is delivery to Germany?")
    wait_for(lambda: service.channel.messages(later) or None)
    assert service.channel.messages(conversation) == []


def test_a_token_for_another_app_is_refused(linked: Linked, service: Service):
    genuine, service.double.app = service.double.app, "99999999-2222-3333-4444-555555555555"
    try:
        _, _, answer = send(linked, service, "Hello")
    finally:
        service.double.app = genuine
    assert answer.status == 401
