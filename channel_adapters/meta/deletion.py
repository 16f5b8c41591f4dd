"""Shoppers who ask Meta to delete their data: whom Meta means, and what can be looked up about it afterwards.

Meta names them by an id of the app, conversations by an id of the page. Never here: the deleting itself.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

import structlog

from channel_adapters.channel import Addresses, Heard, Hook, Learned, Surroundings
from channel_adapters.meta import limits
from channel_adapters.meta.graph import Graph
from channel_adapters.meta.signing import signed_request
from engine.channels.gateway import DeliveryDelayed, DeliveryFailed, OpenLink
from engine.errors import NotAuthenticated, Unavailable

__all__ = ["ASK", "LOOK", "Deletion", "person_of_request"]

ASK, LOOK = "data-deletion", "deletion/"
CODE = re.compile(r"(?:unknown|found(?P<count>[0-9]{1,9}))x[0-9A-Za-z]{20}")
UNKNOWN = (
    "Meta did not tell which conversations with this shop's assistant are yours, so none has been deleted. "
    "Ask the shop to delete them, and name the code {code}."
)
log = structlog.get_logger("storeclerk.channels")


def person_of_request(link: OpenLink, hook: Hook) -> str:
    """Who asks, by the app's id of them. Raises NotAuthenticated, KeyError, ValueError."""
    form = parse_qs(hook.body.decode(), max_num_fields=10)
    person = str(signed_request(link.secrets["app_secret"], form["signed_request"][0]).get("user_id", ""))
    if not person.isascii() or not person.isalnum():
        raise NotAuthenticated("The request names nobody.")
    return person


class Deletion:
    """Answers requests to delete, and what became of them."""

    def __init__(self, surroundings: Surroundings, graph: Graph) -> None:
        self.memory, self.server, self.graph = surroundings.memory, surroundings.server, graph

    async def asked(self, link: OpenLink, hook: Hook, *, by_page: bool) -> Heard:
        """Whom to forget, and where that can be looked up. Raises Unavailable while Meta cannot be asked.

        The code is another one each time, and told only once all is forgotten: who has it may be told so.
        """
        persons = await self.persons(link, person_of_request(link, hook)) if by_page else None
        outcome = "unknown" if persons is None else f"found{await self.conversations(link, persons)}"
        code = f"{outcome}x{self.memory.secret(20)}"
        log.info("deletion.asked", link=link.id, kind=link.kind, outcome=outcome)
        await self.memory.claim(link, f"deletion:{code}", limits.DELETION_KEPT)
        address = Addresses(self.server, link.id, link.kind).hook(f"{LOOK}{code}")
        return Heard(
            learned=tuple(Learned("forget", address=person) for person in persons or ()),
            body=json.dumps({"url": address, "confirmation_code": code}).encode(),
            media_type="application/json",
        )

    async def persons(self, link: OpenLink, person: str) -> list[str] | None:
        """The page's ids of a person; None when Meta does not tell them."""
        page = link.settings["page_id"]
        try:
            told = (await self.graph.get(link, f"{person}/ids_for_pages", page=page)).json().get("data")
        except DeliveryDelayed as error:
            raise Unavailable(error.message) from error
        except DeliveryFailed as error:
            log.warning("deletion.not_resolved", link=link.id, kind=link.kind, reason=error.message)
            return None
        found: list[Any] = told if isinstance(told, list) else []
        return [str(one["id"]) for one in found if isinstance(one, dict) and one.get("id")]

    async def conversations(self, link: OpenLink, persons: list[str]) -> int:
        """How many conversations they had over the link."""
        threads = self.memory.records.channel_threads.all(link.merchant, {"bot": link.bot})
        return len([one async for one in threads if one.link == link.id and one.shopper in persons])

    async def told(self, link: OpenLink, code: str) -> Heard:
        """What became of a request; a code that was never given is not found."""
        known = CODE.fullmatch(code)
        until = None if known is None else await self.memory.claimed_until(link, f"deletion:{code}")
        if known is None or until is None or until <= self.memory.now():
            return Heard(status=404, body=b"There is no request with this code.")
        if known["count"] is None:
            return Heard(body=UNKNOWN.format(code=code).encode())
        match int(known["count"]):
            case 0:
                words = "No conversation of yours with this shop's assistant was found: there was nothing to delete."
            case 1:
                words = "One conversation of yours with this shop's assistant was found and has been deleted."
            case count:
                words = f"{count} conversations of yours with this shop's assistant were found and have been deleted."
        return Heard(body=words.encode())
