"""Keys of exported endpoints: publishable ones for web pages, secret ones for servers."""

from __future__ import annotations

import hmac
import re
from urllib.parse import urlsplit

from engine.accounts.tokens import sha256
from engine.domain.merchant import ApiKey, KeyKind
from engine.errors import FieldProblem, InvalidInput, NotAuthenticated, NotFound
from engine.ports import PLATFORM, Clock, Identifiers
from engine.records import Records

__all__ = ["ApiKeys", "clean_origin", "origin_allowed"]

HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\]", re.IGNORECASE)
SECRET_LENGTH = {"publishable": 22, "secret": 43}
TEXT = re.compile(r"(?P<kind>sk|pk)_live_(?P<id>[0-9A-Za-z]{8,32})_[0-9A-Za-z]{22,200}")


def clean_origin(origin: str) -> str:
    """A web origin as browsers send it: scheme, host and port only. Raises InvalidInput."""
    origin = origin.strip().rstrip("/").lower()
    try:
        parts = urlsplit(origin)
        valid = (
            parts.scheme in {"http", "https"}
            and not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
            and HOST.fullmatch(parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc)
        )
    except ValueError:
        valid = None
    if not valid:
        raise InvalidInput(
            f"{origin!r} is not the address of a shop. Write it like https://www.my-shop.example, without what comes "
            "after the name.",
            fields=[FieldProblem("origins", f"{origin!r} is not scheme, host and port alone")],
        )
    return origin


def origin_allowed(origin: str | None, allowed: tuple[str, ...]) -> bool:
    """Whether a browser's Origin header is among the allowed ones; `https://*.x.example` is one level."""
    if not origin or origin == "null":
        return False
    origin = origin.lower()
    for entry in allowed:
        if entry == origin:
            return True
        scheme, _, host = entry.partition("://*.")
        if host and origin.startswith(f"{scheme}://"):
            label, dot, rest = origin[len(scheme) + 3 :].partition(".")
            if dot and label and rest == host:
                return True
    return False


class ApiKeys:
    """Making, listing, checking and revoking keys."""

    def __init__(self, records: Records, clock: Clock, identifiers: Identifiers) -> None:
        self.records, self.clock, self.identifiers = records, clock, identifiers

    async def create(self, merchant: str, bot: str, kind: KeyKind, origins: tuple[str, ...]) -> tuple[ApiKey, str]:
        """A new key and its text, which is never shown again. Raises InvalidInput for bad origins."""
        cleaned = self.cleaned(kind, origins)
        key_id = self.identifiers.secret(16)
        text = f"{'pk' if kind == 'publishable' else 'sk'}_live_{key_id}_{self.identifiers.secret(SECRET_LENGTH[kind])}"
        return await self.keep(merchant, bot, kind, key_id, text, cleaned), text

    async def adopt(self, merchant: str, bot: str, text: str, origins: tuple[str, ...]) -> ApiKey:
        """Let a key be valid that was made elsewhere, in the form of ours. Raises InvalidInput, without the key."""
        found = TEXT.fullmatch(text)
        if found is None:
            raise InvalidInput(
                "That is no key: it is written `sk_live_<id>_<secret>` or `pk_live_<id>_<secret>`, with at least "
                f"{SECRET_LENGTH['publishable']} characters after the last line."
            )
        kind: KeyKind = "publishable" if found["kind"] == "pk" else "secret"
        return await self.keep(merchant, bot, kind, found["id"], text, self.cleaned(kind, origins))

    async def keep(
        self, merchant: str, bot: str, kind: KeyKind, key_id: str, text: str, origins: tuple[str, ...]
    ) -> ApiKey:
        """Write a key down by its hash."""
        key = ApiKey(key_id, merchant, bot, kind, text[: text.rindex("_") + 1], sha256(text), origins, self.clock.now())
        await self.records.store.add(PLATFORM, "key_owners", key_id, {"merchant": merchant})
        await self.records.api_keys.add(merchant, key_id, key)
        return key

    @staticmethod
    def cleaned(kind: KeyKind, origins: tuple[str, ...]) -> tuple[str, ...]:
        """The web addresses of a key, as they are compared. Raises InvalidInput."""
        if kind == "publishable" and not origins:
            raise InvalidInput(
                "Enter at least one address of your shop, such as https://www.my-shop.example: a key for web pages "
                "works there only.",
                fields=[FieldProblem("origins", "name at least one, such as https://www.my-shop.example")],
            )
        return tuple(dict.fromkeys(clean_origin(origin) for origin in origins))

    async def check(self, text: str, kind: KeyKind) -> ApiKey:
        """The key that `text` is. Raises NotAuthenticated, the same for every reason."""
        refused = NotAuthenticated(f"this is not a valid {kind} key", code="invalid_api_key")
        parts = text.split("_")
        if len(parts) != 4 or parts[0] != ("pk" if kind == "publishable" else "sk"):
            raise refused
        owner = await self.records.store.get(PLATFORM, "key_owners", parts[2])
        if owner is None:
            raise refused
        found = await self.records.api_keys.find(str(owner.body["merchant"]), parts[2])
        if found is None or not hmac.compare_digest(found.record.key_hash, sha256(text)):
            raise refused
        return found.record

    async def list(self, merchant: str, bot: str) -> tuple[ApiKey, ...]:
        """A bot's keys, oldest first."""
        return tuple(await self.records.api_keys.list(merchant, {"bot": bot}))

    async def revoke(self, merchant: str, bot: str, key_id: str) -> None:
        """End a key at once. Raises NotFound."""
        key = await self.records.api_keys.get(merchant, key_id)
        if key.bot != bot:
            raise NotFound(f"there is no key {key_id!r}")
        await self.records.store.delete(PLATFORM, "key_owners", key_id)
        await self.records.api_keys.delete(merchant, key_id)
