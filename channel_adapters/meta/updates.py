"""Reading updates of Messenger, Instagram and WhatsApp: which are shoppers' words, and who else spoke.

Never here: whether they are genuine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import structlog

from channel_adapters.channel import Heard, Learned
from engine.channels.gateway import Arrival

__all__ = ["page_updates", "whatsapp_updates"]


log = structlog.get_logger("storeclerk.channels")


def object_of(body: bytes, kind: str) -> list[dict[str, Any]]:
    """The entries of a notification about this kind of object. Raises ValueError."""
    told = json.loads(body)
    if not isinstance(told, dict) or not isinstance(told.get("object"), str):
        raise ValueError("a notification is an object about something")
    if told["object"] != kind:
        return []
    if not isinstance(told.get("entry"), list):
        raise ValueError("a notification has a list of entries")
    return listed(told["entry"])


def listed(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none of anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def page_updates(body: bytes, kind: str, address: str, app_id: str) -> Heard:
    """Messages to one page or Instagram account (`kind` is `page` or `instagram`).

    A single event that cannot be read is left out. Raises ValueError when the whole is no notification.
    """
    arrivals: list[Arrival] = []
    learned: list[Learned] = []
    unread = 0
    for entry in object_of(body, kind):
        if str(entry.get("id")) != address:
            continue
        # `standby` is what another application owns: it is not ours to answer.
        for event in listed(entry.get("messaging")):
            try:
                if (spoke := person_of(event, app_id)) is not None:
                    learned.append(Learned("person_spoke", conversation=spoke))
                elif (arrival := page_message(event, address)) is not None:
                    arrivals.append(arrival)
            except ValueError:
                unread += 1
    note(unread)
    return Heard(tuple(arrivals), tuple(learned))


def note(unread: int) -> None:
    """Say how many events could not be read."""
    if unread:
        log.warning("updates.unreadable", count=unread)


def person_of(event: dict[str, Any], app_id: str) -> str | None:
    """In whose conversation somebody else answered for the shop: a person in the inbox, or another application."""
    message = event.get("message")
    if isinstance(message, dict) and message.get("is_echo"):
        return None if str(message.get("app_id", "")) == app_id else text_of(event.get("recipient"), "id")
    control = event.get("pass_thread_control")
    if isinstance(control, dict) and str(control.get("new_owner_app_id", "")) not in {app_id, ""}:
        return text_of(event.get("sender"), "id")
    return text_of(event.get("sender"), "id") if isinstance(event.get("take_thread_control"), dict) else None


def text_of(value: Any, name: str) -> str | None:
    """A text of an object, or None."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) and found else None


def page_message(event: dict[str, Any], address: str) -> Arrival | None:
    """A shopper's message, pressed question or button; None for edits, reactions, reads and echoes."""
    sender = text_of(event.get("sender"), "id")
    message, postback = event.get("message"), event.get("postback")
    if sender is None or sender == address:
        return None
    if isinstance(message, dict):
        if message.get("is_echo") or message.get("is_deleted") or message.get("is_unsupported"):
            return None
        key, text = message.get("mid"), text_of(message.get("quick_reply"), "payload") or message.get("text") or ""
    elif isinstance(postback, dict):
        key, text = postback.get("mid"), postback.get("payload") or postback.get("title") or ""
    else:
        return None
    if not isinstance(key, str) or not isinstance(text, str):
        return None
    at = moment(event.get("timestamp"), 1000)
    return Arrival(key, sender, sender, text, at, {"person": sender, "message": key})


def whatsapp_updates(body: bytes, address: str) -> Heard:
    """Messages to one number. Statuses are no messages.

    A single message that cannot be read is left out. Raises ValueError when the whole is no notification.
    """
    arrivals = []
    unread = 0
    for entry in object_of(body, "whatsapp_business_account"):
        for change in listed(entry.get("changes")):
            value = change.get("value")
            if not isinstance(value, dict) or text_of(value.get("metadata"), "phone_number_id") != address:
                continue
            for message in listed(value.get("messages")):
                try:
                    arrival = whatsapp_message(message)
                except ValueError:
                    unread += 1
                else:
                    arrivals += [] if arrival is None else [arrival]
    note(unread)
    return Heard(tuple(arrivals))


def whatsapp_message(message: dict[str, Any]) -> Arrival | None:
    """A shopper's message or pressed button; None for reactions and what the platform itself tells."""
    sender, key = text_of(message, "from"), text_of(message, "id")
    if sender is None or key is None or message.get("type") in {"reaction", "system", "unsupported"}:
        return None
    at = moment(message.get("timestamp"), 1)
    return Arrival(key, sender, sender, " ".join(whatsapp_words(message)), at, {"person": sender, "message": key})


def whatsapp_words(message: dict[str, Any]) -> Iterator[str]:
    """What a message says, wherever that stands; nothing of a picture without words."""
    interactive = message.get("interactive")
    if isinstance(interactive, dict):
        for kind in ("button_reply", "list_reply"):
            reply = interactive.get(kind)
            if found := text_of(reply, "id") or text_of(reply, "title"):
                yield found
                return
    for part, name in (("text", "body"), ("button", "payload"), ("image", "caption"), ("video", "caption"),
                       ("document", "caption")):  # fmt: skip
        if found := text_of(message.get(part), name):
            yield found
            return


def moment(value: Any, a_second: int) -> datetime:
    """A platform's time. Raises ValueError for one that is none."""
    try:
        return datetime.fromtimestamp(int(value) / a_second, UTC)
    except (TypeError, OverflowError, OSError) as error:
        raise ValueError("a message states its time") from error
