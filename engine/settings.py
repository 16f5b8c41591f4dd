"""All settings, typed, in one table. Importing this module reads nothing.

Every setting is an environment variable with the prefix `STORECLERK_`; `.env.example` is made from here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

__all__ = ["Settings"]


class Settings(BaseSettings):
    """How this installation runs. The defaults run complete on one machine, with no key and no network."""

    model_config = SettingsConfigDict(env_prefix="STORECLERK_", env_file=".env", extra="ignore", frozen=True)

    # Where it runs
    data_dir: Path = Field(Path(".storeclerk"), description="Folder for everything this installation keeps.")
    host: str = Field("127.0.0.1", description="Address the server and the studio listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port of the server: API, exported endpoints, playground.")
    studio_port: int = Field(8501, ge=0, le=65535, description="Port of the studio.")
    public_url: str = Field("", description="Address of the server as shoppers see it; http://HOST:PORT when empty.")
    studio_url: str = Field("", description="Address of the studio as merchants see it; made from HOST when empty.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs tokens, at least 32 bytes; made and kept in the data folder when empty."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["text", "json"] = Field("text", description="How log events are written.")

    run_jobs: bool = Field(True, description="Run jobs in the server; false where `make worker` runs them.")

    # Sign-in
    access_token_minutes: int = Field(5, ge=1, le=60, description="Life of an access token, minutes.")
    session_idle_hours: int = Field(8, ge=1, description="A session ends after so many hours without use.")
    session_absolute_days: int = Field(7, ge=1, description="A session ends after so many days in any case.")
    cookie_secure: bool = Field(False, description="Send the session cookie over HTTPS only; set it behind TLS.")

    # Mail
    smtp_host: str = Field(
        "", description="Mail server that sends invites and password resets; kept in an outbox folder when empty."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_username: str = Field("", description="Name to sign in to the mail server with; none when empty.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password of the mail server.")
    smtp_from: str = Field("", description="Sender of all mail, such as Shop <hello@shop.example>; needed for sending.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the way to the mail server is secured: STARTTLS, TLS from the start, or not at all.",
    )
    smtp_timeout_seconds: float = Field(10.0, gt=0, description="Longest wait for the mail server, seconds.")

    # Knowledge
    crawler_allowed_private_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Comma-separated host:port that the crawler may visit although private or loopback.",
    )
    crawler_requests_per_second: float = Field(
        1.0, gt=0, description="Most requests a second to one public host; allowed private hosts are not slowed."
    )
    crawler_max_pages: int = Field(1000, ge=1, description="Most pages of one website source.")
    crawler_ports: Annotated[tuple[int, ...], NoDecode] = Field(
        (),
        description="Comma-separated ports that the crawler may use on public hosts beside 80 and 443, such as 8443.",
    )
    crawler_browser: str = Field(
        "",
        description="Path of Chromium, to render pages that show nothing without JavaScript; not rendered when empty.",
    )
    schedule_seconds: float = Field(
        20.0, gt=0, description="Pause between two looks for sources that are due to be read again, seconds."
    )
    upload_max_bytes: int = Field(20_000_000, ge=1, description="Largest uploaded file, bytes.")

    # Channels
    channel_addresses: dict[str, str] = Field(
        default_factory=dict,
        description="Other addresses of vendors' interfaces by channel, as JSON, for tests and sovereign clouds.",
    )
    channel_private_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Hosts in inner networks that channels may call, as `host:port`, separated by commas."
    )
    channel_conversations_at_once: int = Field(
        4, ge=1, le=64, description="Conversations of Slack, Messenger and others that one process answers at a time."
    )
    channel_settle_seconds: float = Field(
        0.3, ge=0, le=5, description="Wait for an earlier message that arrives later, seconds."
    )
    channel_lease_seconds: float = Field(
        20.0, ge=1, description="How long a process that died keeps its conversations from others, seconds."
    )
    channel_sweep_seconds: float = Field(
        5.0, gt=0, description="Pause between two looks for waiting messages, seconds."
    )
    channel_collect_seconds: float = Field(
        30.0, gt=0, description="Pause between two looks into each mailbox that a bot answers, seconds."
    )

    # Answers
    chat_model: Literal["extractive", "openai_compatible", "azure_openai"] = Field(
        "extractive", description="What composes answers; extractive needs no model and no key."
    )
    chat_model_name: str = Field("", description="Model name, or Azure deployment name.")
    chat_model_url: str = Field("", description="Base address of an OpenAI-compatible server, or the Azure endpoint.")
    chat_model_key: SecretStr = Field(SecretStr(""), description="Key of the language model's server.")
    chat_model_api_version: str = Field("2024-10-21", description="Azure OpenAI API version.")
    chat_model_timeout_seconds: float = Field(
        20.0, gt=0, description="Longest wait for a model's first token, and between two tokens, seconds."
    )
    embedder: Literal["embedded", "openai_compatible", "azure_openai"] = Field(
        "embedded", description="What finds passages by meaning; embedded needs no key and no network."
    )
    embedder_name: str = Field("", description="Name of the embedding model, or of its Azure deployment.")
    embedder_dimensions: int = Field(1536, ge=8, le=8192, description="Length of the embedding model's vectors.")
    embedder_url: str = Field("", description="Base address of the embedding server; the chat model's when empty.")
    embedder_key: SecretStr = Field(
        SecretStr(""), description="Key of the embedding server; the chat model's when empty."
    )
    max_answer_words: int = Field(
        60, ge=20, description="Words of an answer; twice as many where several pieces are likely."
    )

    # Limits of exported endpoints
    visitor_messages_per_minute: int = Field(10, ge=1, description="Messages of one visitor a minute.")
    visitor_messages_per_day: int = Field(100, ge=1, description="Messages of one visitor a day.")
    address_messages_per_minute: int = Field(30, ge=1, description="Messages from one network address a minute.")
    bot_messages_per_minute: int = Field(600, ge=1, description="Messages to one bot a minute.")

    # Payments
    stripe_key: SecretStr = Field(
        SecretStr(""), description="Restricted key of Stripe that reads subscriptions; nobody pays here when empty."
    )
    stripe_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Signing secret (whsec_...) of Stripe's webhook endpoint; needed with a key."
    )
    stripe_address: str = Field("", description="Another address of Stripe's API, for tests; Stripe's when empty.")

    # A portable file that is served alone
    bundle_keys: SecretStr = Field(
        SecretStr(""),
        description="Keys of a portable file served alone, split by spaces; made at its start if empty.",
    )

    # Tests
    invite_days: int = Field(7, ge=1, le=60, description="Days an invite to the playground stays open.")
    playground: bool = Field(True, description="Whether this server offers the playground to invited testers.")
    trial_concurrency: int = Field(2, ge=1, le=32, description="Test cases answered at the same time.")
    trial_attempts: int = Field(
        3, ge=1, le=10, description="How often each test case is asked where a language model answers."
    )

    @field_validator("crawler_ports", mode="before")
    @classmethod
    def split_ports(cls, value: object) -> object:
        """Accept the comma-separated form that an environment variable has."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("crawler_allowed_private_hosts", "channel_private_hosts", mode="before")
    @classmethod
    def split_hosts(cls, value: object) -> object:
        """Accept the comma-separated form that an environment variable has."""
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @property
    def server_address(self) -> str:
        """Address of the server as a browser reaches it, without a slash at its end."""
        return (self.public_url or f"http://{self.browsable_host}:{self.port}").rstrip("/")

    @property
    def studio_address(self) -> str:
        """Address of the studio as a browser reaches it, without a slash at its end."""
        return (self.studio_url or f"http://{self.browsable_host}:{self.studio_port}").rstrip("/")

    @property
    def browsable_host(self) -> str:
        """The host to write into addresses: listening on every address is not an address itself."""
        everywhere = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound to
        return "127.0.0.1" if self.host in everywhere else self.host
