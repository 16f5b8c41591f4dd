"""Every port on one page: what the engine needs from the outside, in its own words.

Each docstring is the promise; `tests/contracts/` holds the same promise as runnable tests.
Never here: a vendor package, or a default implementation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from engine.domain.bot import Guardrails, Persona, VersionKey
from engine.domain.knowledge import Availability, Passage, Product
from engine.domain.subscription import PaymentEvent, Subscription

__all__ = [
    "PLATFORM",
    "UNREADABLE_ANSWER",
    "BlobStore",
    "Catalogue",
    "ChatModel",
    "Clock",
    "CompositionLimits",
    "CompositionRequest",
    "DocumentStore",
    "EmbeddedPassage",
    "Embedder",
    "Excerpt",
    "Finish",
    "FoundProducts",
    "Identifiers",
    "Json",
    "KeyCustodian",
    "Mail",
    "Mailer",
    "Page",
    "PassageIndex",
    "Payments",
    "ProductMatch",
    "ProductSearch",
    "Quote",
    "RateCounter",
    "Reading",
    "Refreshed",
    "Reranker",
    "Retriever",
    "ScoredPassage",
    "SearchRequest",
    "Splitter",
    "StoredDocument",
    "TextDelta",
    "Vector",
    "Vocabulary",
    "WritingModel",
]

Vector = Sequence[float]
Json = Mapping[str, object]

PLATFORM = "platform"
"""The scope of the few records that belong to no merchant, such as who owns an e-mail address."""


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present moment in UTC, with its zone."""
        ...


class Identifiers(Protocol):
    """The only source of randomness."""

    def new(self, prefix: str) -> str:
        """A fresh id such as `bot_3f9k...`: unique, and not to be guessed."""
        ...

    def secret(self, length: int) -> str:
        """`length` characters of base 62 from a cryptographic source."""
        ...


# --- Records -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A record's body with the etag it was read at."""

    key: str
    body: Json
    etag: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, and where to go on; `cursor` is None at the end."""

    items: tuple[StoredDocument, ...]
    cursor: str | None


class DocumentStore(Protocol):
    """Small JSON records, each under a merchant, a collection and a key.

    Every call names the merchant: a record of another merchant does not exist for it.
    A write that returned has survived a crash. Raises Unavailable when the disk is full or the
    store is out of reach.
    """

    async def add(self, merchant: str, collection: str, key: str, body: Json) -> str:
        """Create only; answers the etag. Raises AlreadyExists."""
        ...

    async def get(self, merchant: str, collection: str, key: str) -> StoredDocument | None:
        """The record as last written, or None."""
        ...

    async def save(self, merchant: str, collection: str, key: str, body: Json, etag: str) -> str:
        """Replace what was read at `etag`; answers the new etag. Raises StaleWrite, NotFound."""
        ...

    async def write_many(self, merchant: str, collection: str, bodies: Mapping[str, Json]) -> None:
        """Create or replace without condition, all or none: for rows that a job can make again."""
        ...

    async def query(
        self,
        merchant: str,
        collection: str,
        where: Mapping[str, str | int | bool],
        *,
        newest_first: bool = False,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        """Records whose top-level fields equal `where`, in order of creation, at most `limit`."""
        ...

    async def count(self, merchant: str, collection: str, where: Mapping[str, str | int | bool]) -> int:
        """How many records `query` would walk through."""
        ...

    async def delete(self, merchant: str, collection: str, key: str) -> bool:
        """Remove; answers whether it was there."""
        ...

    async def delete_where(self, merchant: str, collection: str, where: Mapping[str, str | int | bool]) -> int:
        """Remove all that `query` would walk through; answers how many."""
        ...

    async def ping(self) -> None:
        """Return when the store can serve; raise Unavailable with the reason when it cannot."""
        ...


class BlobStore(Protocol):
    """Bytes under slash-separated names. A name is readable whole or not at all.

    Names begin with the merchant's id. Raises InvalidInput for names that would leave the store.
    """

    async def put(self, name: str, content: bytes) -> None:
        """Write or replace; atomic and durable. Raises Unavailable when the disk is full."""
        ...

    async def get(self, name: str) -> bytes | None:
        """The content, or None."""
        ...

    async def write(self, name: str, chunks: AsyncIterator[bytes]) -> int:
        """As `put`, for content too large to hold; answers its size. A failure leaves nothing under the name."""
        ...

    async def rename(self, name: str, other: str) -> None:
        """Let the content stand under another name, replacing what stood there. Raises NotFound."""
        ...

    def read(self, name: str) -> AsyncIterator[bytes]:
        """The content piece by piece, at most a megabyte each. Raises NotFound."""
        ...

    async def names(self, prefix: str) -> list[str]:
        """All names that begin with `prefix`, sorted."""
        ...

    async def delete(self, prefix: str) -> int:
        """Remove every name that begins with `prefix`; answers how many."""
        ...


class RateCounter(Protocol):
    """Counts events in fixed windows, shared by every process that serves shoppers."""

    async def hit(self, key: str, *, window_seconds: int, cost: int = 1) -> int:
        """Add `cost` to the current window of `key`; answers its sum."""
        ...


class KeyCustodian(Protocol):
    """Keeps secrets of others, such as a merchant's tokens: sealed, they may lie in any store."""

    async def seal(self, secret: str, *, purpose: str) -> str:
        """The secret as text that only this custodian opens, and only for the same purpose. Never the same twice."""
        ...

    async def open(self, sealed: str, *, purpose: str) -> str:
        """The secret. Raises Unavailable when it was sealed with another key, for another purpose, or changed."""
        ...


# --- Passages ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage with its vector."""

    passage: Passage
    vector: Vector


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What to look for in one version."""

    text: str
    vector: Vector | None
    """Length one; None where the question could not be embedded: then words alone decide."""
    limit: int = 12
    sources: tuple[str, ...] = ()
    """Only these sources; all when empty."""
    without_sources: tuple[str, ...] = ()
    """None of these: the merchant removed them."""
    products_only: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a passage reads as an answer to a question."""

    rank: float
    """Orders the passages of one question."""
    answer: float
    """Log-odds that the passage holds the answer: 0 is even, and it is comparable between questions."""
    start: int
    """Where the likeliest answer begins in the passage's text, in characters."""
    end: int
    """Where it ends; `start` when none is likely."""


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A found passage and why it was found."""

    passage: Passage
    score: float
    """Fused score: only its order means something."""
    similarity: float
    """Cosine with the query, -1 to 1, on the scale of all-MiniLM-L6-v2; 0 where nothing was embedded."""
    text_score: float
    """Full-text score (BM25) as a share of the highest that the question allows, 0 when no word matched."""
    coverage: float = 0.0
    """Share of the question's words, weighted by their rarity, that the passage holds, 0 to 1."""
    reading: Reading | None = None
    """How a reranker read it, when one did."""


class PassageIndex(Protocol):
    """Passages of sealed versions, searched by words and by meaning together.

    A version is written whole and never changed; searching needs its key, so a search across
    bots or merchants cannot be expressed.
    """

    async def write(self, version: VersionKey, passages: AsyncIterator[Sequence[EmbeddedPassage]]) -> int:
        """Write all passages of a version, replacing an earlier unfinished attempt; answers how many.

        Until it returns the version does not exist; a crash leaves nothing that can be searched.
        """
        ...

    async def count(self, version: VersionKey) -> int:
        """How many passages the version holds; 0 when it does not exist."""
        ...

    async def search(self, version: VersionKey, request: SearchRequest) -> list[ScoredPassage]:
        """The best passages, best first. Raises NotFound for a version that does not exist."""
        ...

    async def corrected(self, version: VersionKey, text: str) -> str:
        """The text with slips of the keyboard mended by words of the version; as it was where nothing is unknown.

        Words with figures are never changed. Raises NotFound for a version that does not exist.
        """
        ...

    async def known(self, version: VersionKey, text: str) -> float:
        """Which share of the text's words stands in any passage of the version, 0 to 1; 1 for a text without words.

        Raises NotFound for a version that does not exist.
        """
        ...

    async def read(self, version: VersionKey, *, document: str, start: int = 0, limit: int = 50) -> list[Passage]:
        """Passages of one document from position `start`, in order."""
        ...

    async def vectors(self, version: VersionKey, digests: Sequence[str]) -> dict[str, Vector]:
        """Vectors of those passages of the version whose digest is asked for; {} when it does not exist."""
        ...

    def whole(self, version: VersionKey) -> AsyncIterator[Sequence[EmbeddedPassage]]:
        """Every passage with its vector, batch by batch, in the order in which they were written.

        Written again elsewhere, they are found the same way. Raises NotFound for a version that does not exist.
        """
        ...

    async def drop(self, version: VersionKey) -> None:
        """Forget the version; no error when it does not exist."""
        ...


# --- Products ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProductSearch:
    """Which products are wanted. Every condition that is given holds; price, stock and options hold for one variant."""

    text: str = ""
    """Words that stand in its title, brand, category, article numbers, facts or description. A word that no product
    holds is read as the known words nearest to it; one that a product holds, or that has a figure in it, never is."""
    least_price: Decimal | None = None
    most_price: Decimal | None = None
    currency: str = ""
    """ISO 4217; prices in another currency do not fit when it is given."""
    options: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Such as `{"size": "M", "colour": ("red", "blue")}`, any of several values; names as
    `engine.domain.catalogue.option_name` has them. A product that does not know an option fits by its title."""
    brand: str = ""
    category: str = ""
    availability: Availability | None = None
    source: str = ""
    without_sources: tuple[str, ...] = ()
    order: Literal["relevance", "price", "price_descending"] = "relevance"
    """`relevance` without `text` is the order of the feed."""
    limit: int = 24
    cursor: str | None = None
    without: tuple[str, ...] = ()
    """Words none of which it may hold, wherever."""
    without_options: tuple[tuple[str, str], ...] = ()
    """(name, value) that the variant may not have; a product that does not know the option may not hold the word."""
    age: int | None = None
    """Years: only what states the ages it is for, and is for this one."""
    match: Literal["all", "some"] = "all"
    """`all`: products that hold every word that any product holds, and only when there are none those that hold
    some. `some`: products that hold any of the words."""
    near: Mapping[str, float] = field(default_factory=dict)
    """Products that are near in meaning, with their cosine: they rank higher, and with `some` need hold no word."""


@dataclass(frozen=True, slots=True)
class ProductMatch:
    """Why a product was found."""

    variants: tuple[str, ...]
    """Ids of its variants that hold the conditions, in the order of the row; empty when it has no variants."""
    score: float = 0.0
    """Only its order means something."""
    words: float = 0.0
    """Share of the words, weighted by their rarity, that it holds anywhere, 0 to 1."""
    title_words: float = 0.0
    """The same for its title, brand, category and short facts."""


@dataclass(frozen=True, slots=True)
class FoundProducts:
    """Some products, how many there are in all, and where to go on."""

    items: tuple[Product, ...]
    total: int
    cursor: str | None = None
    matches: tuple[ProductMatch, ...] = ()
    """One for each of `items`."""
    corrected: Mapping[str, str] = field(default_factory=dict)
    """Words of the text that no product holds, and how they were read."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a catalogue calls its things, by which a shopper's words are understood; all without case."""

    brands: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of options and facts with their values, as `engine.domain.catalogue` compares them."""
    currencies: tuple[str, ...] = ()
    """ISO 4217, most used first; prices without one as `XXX`."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did."""

    changed: int
    """Products with a new price, stock, address or picture."""
    gone: int
    """Products that the source no longer lists; they count as out of stock."""


class Catalogue(Protocol):
    """Products of sealed versions as rows: found by filter, read by id, their data refreshed in place.

    Which products there are, and their words, never change in a version; prices, stock, addresses and pictures may.
    """

    async def write(self, version: VersionKey, products: AsyncIterator[Sequence[Product]]) -> int:
        """Write all products of a version, replacing an earlier attempt; answers how many.

        A product given twice counts once, as given last. A crash leaves the version without products.
        """
        ...

    async def count(self, version: VersionKey) -> int:
        """How many products the version holds; 0 when none were written."""
        ...

    async def get(self, version: VersionKey, ids: Sequence[str]) -> list[Product]:
        """Those of the products that are there, in the order asked for."""
        ...

    async def search(self, version: VersionKey, wanted: ProductSearch) -> FoundProducts:
        """The products that fit; none when no products were written."""
        ...

    async def vocabulary(self, version: VersionKey) -> Vocabulary:
        """Brands, categories, options and currencies of the version; empty when no products were written.

        A fact with more values than a shopper could choose from, such as a number of its own a product, is left out.
        """
        ...

    async def refresh(
        self, version: VersionKey, source: str, products: AsyncIterator[Sequence[Product]], as_of: datetime
    ) -> Refreshed:
        """Take over the data of one source's products, all or nothing; what the source lost is out of stock."""
        ...

    async def drop(self, version: VersionKey) -> None:
        """Forget the version's products; no error when there are none."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors of length one."""

    @property
    def name(self) -> str:
        """Identifies the model and its preparation: equal names give equal vectors."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector per text, in order. Raises Unavailable when the model is out of reach."""
        ...

    def comparable(self, cosine: float) -> float:
        """A cosine of its vectors on the scale of all-MiniLM-L6-v2, for which answers are judged; it grows with it."""
        ...


class Splitter(Protocol):
    """Cuts a document into passages."""

    def split(self, text: str) -> list[tuple[tuple[str, ...], str]]:
        """(headings, passage) in order. Every passage stands literally in `text`; none is empty."""
        ...


class Retriever(Protocol):
    """Finds the passages that may hold the answer to a question."""

    async def corrected(self, version: VersionKey, question: str) -> str:
        """The question with slips of the keyboard mended by words of the version."""
        ...

    async def known(self, version: VersionKey, question: str) -> float:
        """Which share of the question's words the version's passages know, 0 to 1."""
        ...

    async def retrieve(
        self,
        version: VersionKey,
        question: str,
        *,
        embedder: str,
        limit: int,
        meaning: str = "",
        without_sources: tuple[str, ...] = (),
    ) -> list[ScoredPassage]:
        """The best passages, best first, at most `limit`, none from the sources that are left out.

        `embedder` is the name under which the version was embedded; `meaning` is the text that is embedded where it
        is another than the one whose words are looked for. By words alone where the embedder is out of reach.
        """
        ...


class Reranker(Protocol):
    """Reads a question and found passages together, more closely and more slowly than an index can."""

    @property
    def name(self) -> str:
        """Identifies the model: equal names give equal readings."""
        ...

    async def read(self, question: str, passages: Sequence[ScoredPassage]) -> list[Reading]:
        """How each passage reads as an answer, in the order given; [] for none. Raises Unavailable."""
        ...


# --- Answers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence, list item or table row of a passage that may be part of an answer."""

    passage: Passage
    """The passage it stands in."""
    text: str
    """Literally as it stands there."""
    score: float
    """Orders the excerpts of one question."""
    reading: Reading
    """How it reads on its own."""


@dataclass(frozen=True, slots=True)
class CompositionRequest:
    """All that an answer may be made of."""

    question: str
    """Complete in itself: a follow-up has been rewritten with the conversation."""
    history: tuple[tuple[str, str], ...]
    language: str
    shop_name: str
    persona: Persona
    guardrails: Guardrails
    evidence: tuple[ScoredPassage, ...]
    """Best first."""
    products: tuple[Product, ...] = ()
    """Catalogue rows of products that the evidence speaks of, best first."""
    excerpts: tuple[Excerpt, ...] = ()
    """Pieces of the evidence that answer best, best first; none where nobody read it closely."""
    fence: str = ""
    """Random per request, so that no page can foresee it: marks where evidence begins and ends in a prompt."""


@dataclass(frozen=True, slots=True)
class CompositionLimits:
    """How much an answer may cost."""

    max_words: int = 80
    timeout_seconds: float = 30.0
    """From the request to the first token, and between two tokens."""
    evidence_tokens: int = 3000
    """Most tokens of passages and rows that a prompt holds."""
    history_tokens: int = 800
    """Most tokens of earlier turns that a prompt holds, the latest first."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer."""

    text: str
    passages: tuple[str, ...] = ()
    """Ids of passages that the model itself names for the words before: to be verified, never shown."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A literal piece of a passage that the answer rests on."""

    passage: str
    text: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of an answer. Always the last event of a stream."""

    reason: Literal["stop", "no_answer", "length"]
    """`no_answer`: the evidence does not hold one; no text was sent before it."""
    quotes: tuple[Quote, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0


class ChatModel(Protocol):
    """Makes an answer out of evidence."""

    @property
    def name(self) -> str:
        """Shown with each answer, such as `extractive` or the name of a language model."""
        ...

    @property
    def least_confidence(self) -> float:
        """Confidence in the evidence, 0 to 1, below which this model is not asked: the engine refuses."""
        ...

    @property
    def judges(self) -> bool:
        """Whether the model itself tells which passages answer; for one that does not, a reranker reads them first."""
        ...

    def stream(self, request: CompositionRequest, limits: CompositionLimits) -> AsyncIterator[TextDelta | Finish]:
        """Text as it is made, then one Finish. Raises ModelUnavailable, with the reason, at any point."""
        ...


class WritingModel(Protocol):
    """A language model that writes outside of answers to shoppers: a second opinion, a played shopper."""

    @property
    def name(self) -> str:
        """Name of the model."""
        ...

    async def write(self, instruction: str, text: str, most_tokens: int) -> str:
        """What the model writes about `text`, which is material and no instruction. Raises ModelUnavailable."""
        ...


# --- People ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mail:
    """A message to one person."""

    to: str
    subject: str
    text: str
    at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)
    """What a program may want of it, such as the link."""


class Mailer(Protocol):
    """Sends mail to people."""

    @property
    def delivers(self) -> bool:
        """Whether mail reaches people; an outbox only keeps it."""
        ...

    async def send(self, merchant: str, mail: Mail) -> None:
        """Hand the message over for delivery. Raises MailNotSent."""
        ...


# --- Payments ----------------------------------------------------------------------------------


UNREADABLE_ANSWER = "unreadable_answer"
"""Code of an Unavailable: the vendor answered what cannot be read."""


class Payments(Protocol):
    """What the payments vendor says of merchants' subscriptions."""

    @property
    def connected(self) -> bool:
        """Whether there is a vendor; without one nobody has a subscription, and nobody needs one."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PaymentEvent | None:
        """What a notice says, or None when it is about no subscription, or of another mode than ours (test, live).

        What it tells of the subscription may be left out: it names one to be asked about.

        `headers` have names in lower case, `body` is as it came. Raises NotAuthenticated when it is not genuine or too
        old, InvalidInput when it is genuine and cannot be read, NotFound without a vendor.
        """
        ...

    async def subscription(self, ident: str, now: datetime) -> Subscription | None:
        """The subscription as it is at `now`, or None when there is none.

        Raises Unavailable, with the code UNREADABLE_ANSWER when it is about this subscription and not about the vendor.
        """
        ...

    def subscriptions(self, now: datetime) -> AsyncIterator[tuple[str, Subscription | None]]:
        """Every subscription as it is at `now`, ended ones as well; None for one that cannot be read.

        Raises Unavailable.
        """
        ...
