"""Settings in, one implementation for each port out. The only place that names an adapter.

Never here: use cases; `bootstrap` and `serving` join them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.embedders import Embedders
from engine.errors import InvalidInput
from engine.installation import installation_secret
from engine.ports import (
    BlobStore,
    Catalogue,
    ChatModel,
    Clock,
    DocumentStore,
    Embedder,
    Identifiers,
    KeyCustodian,
    Mailer,
    PassageIndex,
    Payments,
    RateCounter,
    Reranker,
    WritingModel,
)
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.llama.language_model import LlamaChatModel

__all__ = ["Adapters", "embedded"]


@dataclass(frozen=True)
class Adapters:
    """One implementation for each port."""

    store: DocumentStore
    blobs: BlobStore
    index: PassageIndex
    catalogue: Catalogue
    embedders: Embedders
    reranker: Reranker | None
    model: ChatModel
    fallback: ChatModel
    mailer: Mailer
    counter: RateCounter
    custodian: KeyCustodian
    payments: Payments
    clock: Clock
    identifiers: Identifiers
    writer: WritingModel | None = None
    """Gives second opinions in trials; none without a language model."""
    closers: tuple[Any, ...] = ()
    """What has a `close()`, plain or async, to be called at the end: last opened first."""


def language_model(settings: Settings) -> LlamaChatModel | None:
    """The chosen language model, if any; its vendor's package is imported only then. Raises InvalidInput."""
    choice = settings.chat_model
    if choice == "extractive":
        return None
    from engine.llama.language_model import azure_openai, openai_compatible  # noqa: PLC0415

    name, url, key = settings.chat_model_name, settings.chat_model_url, settings.chat_model_key.get_secret_value()
    timeout = settings.chat_model_timeout_seconds
    if not name or not url:
        raise InvalidInput(
            f"The chat model {choice!r} needs STORECLERK_CHAT_MODEL_NAME and STORECLERK_CHAT_MODEL_URL; "
            "STORECLERK_CHAT_MODEL=extractive needs neither."
        )
    if choice == "openai_compatible":
        return openai_compatible(name, url, key, timeout)
    return azure_openai(name, url, key, settings.chat_model_api_version, timeout)


def connected_embedder(settings: Settings) -> Embedder | None:
    """The chosen embedding server, if any. Raises InvalidInput when a setting is missing."""
    choice = settings.embedder
    if choice == "embedded":
        return None
    from engine.adapters.connected.embedder import azure_openai_embedder, openai_compatible_embedder  # noqa: PLC0415

    name, url = settings.embedder_name, settings.embedder_url or settings.chat_model_url
    key = (settings.embedder_key.get_secret_value()) or settings.chat_model_key.get_secret_value()
    dimensions, timeout = settings.embedder_dimensions, settings.chat_model_timeout_seconds
    if not name or not url:
        raise InvalidInput(
            f"The embedder {choice!r} needs STORECLERK_EMBEDDER_NAME and STORECLERK_EMBEDDER_URL; "
            "STORECLERK_EMBEDDER=embedded needs neither."
        )
    if choice == "openai_compatible":
        return openai_compatible_embedder(name, dimensions, url, key, timeout)
    return azure_openai_embedder(name, dimensions, url, key, settings.chat_model_api_version, timeout)


def mail_server(settings: Settings) -> Mailer | None:
    """The mail server, if one is set. Raises InvalidInput when its sender is missing or its password would be seen."""
    if not settings.smtp_host:
        return None
    from engine.adapters.connected.smtp import SmtpMailer  # noqa: PLC0415

    if not settings.smtp_from:
        raise InvalidInput("STORECLERK_SMTP_HOST needs STORECLERK_SMTP_FROM, such as Shop <hello@shop.example>.")
    if settings.smtp_username and settings.smtp_security == "none":
        raise InvalidInput(
            "STORECLERK_SMTP_SECURITY=none would send the mail server's password in the clear; use starttls or tls."
        )
    return SmtpMailer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_from,
        settings.smtp_username,
        settings.smtp_password.get_secret_value(),
        settings.smtp_security,
        settings.smtp_timeout_seconds,
    )


def payments_vendor(settings: Settings) -> Payments | None:
    """Stripe, if its key is set. Raises InvalidInput when its webhook's secret is missing."""
    key, secret = settings.stripe_key.get_secret_value(), settings.stripe_webhook_secret.get_secret_value()
    if not key:
        return None
    from engine.adapters.connected.stripe import StripePayments  # noqa: PLC0415

    if not secret.strip():
        raise InvalidInput(
            "STORECLERK_STRIPE_KEY needs STORECLERK_STRIPE_WEBHOOK_SECRET: the signing secret (whsec_...) of the "
            f"webhook endpoint {settings.server_address}/hooks/stripe in Stripe's dashboard."
        )
    return StripePayments(key, secret, settings.stripe_address)


def embedded(settings: Settings) -> Adapters:
    """The default family: everything in the data folder, no key, no network."""
    from engine.adapters.embedded.blob_store import FolderBlobStore  # noqa: PLC0415 - a family is imported when chosen
    from engine.adapters.embedded.catalogue import SqliteCatalogue  # noqa: PLC0415
    from engine.adapters.embedded.document_store import SqliteDocumentStore, SqliteRateCounter  # noqa: PLC0415
    from engine.adapters.embedded.embedder import MiniLmEmbedder  # noqa: PLC0415
    from engine.adapters.embedded.extractive import ExtractiveChatModel  # noqa: PLC0415
    from engine.adapters.embedded.key_custodian import LocalKeyCustodian  # noqa: PLC0415
    from engine.adapters.embedded.many_languages import ManyLanguagesEmbedder  # noqa: PLC0415
    from engine.adapters.embedded.passage_index import HybridPassageIndex  # noqa: PLC0415
    from engine.adapters.embedded.payments import NoPayments  # noqa: PLC0415
    from engine.adapters.embedded.reranker import MiniLmReranker  # noqa: PLC0415
    from engine.adapters.embedded.system import OutboxMailer, SystemClock, SystemIdentifiers  # noqa: PLC0415

    custodian = LocalKeyCustodian(installation_secret(settings))  # first: a bad secret leaves nothing open
    data: Path = settings.data_dir
    clock, identifiers = SystemClock(), SystemIdentifiers()
    store = SqliteDocumentStore(data / "records.sqlite")
    counter = SqliteRateCounter(data / "counters.sqlite", clock)
    blobs = FolderBlobStore(data / "blobs")
    index = HybridPassageIndex(data / "index")
    catalogue = SqliteCatalogue(data / "catalogue")
    english, many, connected = MiniLmEmbedder(), ManyLanguagesEmbedder(), connected_embedder(settings)
    embedders = Embedders(english, many) if connected is None else Embedders(connected, connected, (english, many))
    reranker = MiniLmReranker()
    extractive = ExtractiveChatModel()
    chosen, vendor = language_model(settings), payments_vendor(settings)
    model: ChatModel = extractive if chosen is None else chosen
    return Adapters(
        store=store,
        blobs=blobs,
        index=index,
        catalogue=catalogue,
        embedders=embedders,
        reranker=reranker,
        model=model,
        fallback=extractive,
        mailer=mail_server(settings) or OutboxMailer(blobs, identifiers, data / "blobs"),
        counter=counter,
        custodian=custodian,
        payments=NoPayments() if vendor is None else vendor,
        clock=clock,
        identifiers=identifiers,
        writer=chosen,
        closers=(
            *(() if chosen is None else (chosen,)),
            *(() if connected is None else (connected,)),
            *(() if vendor is None else (vendor,)),
            *(reranker, many, english, catalogue, index, counter, store),
        ),
    )
