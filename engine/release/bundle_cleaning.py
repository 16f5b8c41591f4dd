"""What may leave an installation in a portable file, and what stays: secrets, people, and what shoppers said.

Never here: reading or writing the file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from engine.domain.bot import Guardrails, Persona
from engine.domain.knowledge import Freshness, Source, SourceKind
from engine.domain.trial import TestCase
from engine.records import Records, Repository

__all__ = ["EVIDENCE", "LEFT_BEHIND", "Addresses", "Evidence", "clean_case", "clean_source", "without_secrets"]

LEFT_BEHIND = "left-behind"
"""In the place of an uploaded file: what was read of it travels, the file itself stays."""
OPTIONS: Mapping[SourceKind, tuple[str, ...]] = {
    "website": ("url", "max_pages", "max_depth", "include", "exclude", "language"),
    "file": ("blob", "filename"),
    "text": ("title", "text"),
    "faq": ("title", "pairs"),
    "feed": ("url", "blob", "filename", "format", "mapping", "currency"),
}
"""What a source is read with that may travel; anything else, such as a sign-in of a later release, stays."""
SECRET_NAME = re.compile(r"key|token|secret|sig|pass|pwd|auth|credential|access|session|user|login|hash|hmac", re.I)
SECRET_VALUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_.~+/=-]{20,}")
E_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
REMOVED = "(e-mail address)"
RATING_NAMES = {"id": "rating", "tester": "tester", "turn": "turn"}
"""Fields that lead to a person or a conversation; the id is made of both."""
Body = dict[str, Any]


def without_secrets(address: str) -> str:
    """An address without sign-in, and without what in its query is or looks like a key."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    told = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in told if not (SECRET_NAME.search(name) or SECRET_VALUE.fullmatch(value))]
    if len(kept) == len(told) and host == parts.netloc:
        return address
    return urlunsplit((parts.scheme, host, parts.path, urlencode(kept), ""))


def clean_source(source: Source) -> Source:
    """A source as it travels: how it is read, and which copy was the good one; nothing of how reading went."""
    options = {name: source.options[name] for name in OPTIONS[source.kind] if name in source.options}
    if "url" in options:
        options["url"] = without_secrets(str(options["url"]))
    if "blob" in options:
        options["blob"] = LEFT_BEHIND
    copy = source.copy
    good = Freshness() if copy is None else Freshness("fresh", copy.at, copy.at)
    return replace(
        Source(source.id, "", "", source.kind, source.title, options, source.created_at),
        freshness=good,
        documents=source.documents,
        products=source.products,
        excluded_columns=source.excluded_columns,
        copy=copy,
    )


@dataclass(frozen=True, slots=True)
class Addresses:
    """Takes e-mail addresses out of what people wrote, but for those that the shop itself tells everybody."""

    own: set[str] = field(default_factory=set)

    def learn(self, *told: str) -> None:
        """Note the addresses in what the shop tells."""
        for text in told:
            if "@" in text:
                self.own.update(found.casefold() for found in E_MAIL.findall(text))

    def learn_words(self, persona: Persona, guardrails: Guardrails) -> None:
        """Note the addresses in what the assistant says of itself."""
        self.learn(persona.greeting, guardrails.refusal_text, guardrails.contact_text)

    def clean(self, value: Any) -> Any:
        """A text, or texts within lists and records, without the addresses of people."""
        if isinstance(value, str):
            return E_MAIL.sub(lambda found: found[0] if found[0].casefold() in self.own else REMOVED, value)
        if isinstance(value, dict):
            return {name: self.clean(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.clean(item) for item in value)
        return value


def clean_case(case: TestCase, addresses: Addresses) -> TestCase:
    """A test case as it travels: whoever wrote it and wherever in it, it names nobody."""
    told = {each.name: getattr(case, each.name) for each in fields(case)}
    return replace(case, **addresses.clean(told))


# --- evidence ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """One collection of records that were collected for a version."""

    collection: str
    """Attribute of `Records`, and name of the part in the file."""
    prefix: str
    """Of the ids that its records get where they arrive."""
    clean: Callable[[Body, Addresses], Body | None]
    """The record without people; None when it does not travel."""

    def repository(self, records: Records) -> Repository[Any]:
        """Where its records are kept."""
        found: Repository[Any] = getattr(records, self.collection)
        return found


def clean_trial(body: Body, _: Addresses) -> Body | None:
    """A finished run."""
    return body if body["status"] == "done" else None


def clean_result(body: Body, addresses: Addresses) -> Body:
    """How a case went, without people's e-mail addresses and without the conversation it was asked in."""
    return body | {"result": addresses.clean(dict(body["result"])) | {"turn": ""}}


def clean_rating(body: Body, _: Addresses) -> Body:
    """An opinion without the person who had it, their words and their conversation."""
    names = {name: nameless(prefix, str(body[name])) for name, prefix in RATING_NAMES.items()}
    return body | names | {"comment": "", "person": ""}


def nameless(prefix: str, name: str) -> str:
    """Another name that is the same for the same one, and leads nowhere."""
    return f"{prefix}_{hashlib.sha256(name.encode()).hexdigest()[:12]}"


EVIDENCE = (
    Evidence("trials", "trial", clean_trial),
    Evidence("case_results", "result", clean_result),
    Evidence("ratings", "rating", clean_rating),
)
"""A further collection is a line here."""
