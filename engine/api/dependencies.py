"""What routes are given: the use cases, who is asking, and the bot or version in the path.

The engine arrives as an object with the use cases as attributes (`UseCases`); the composition root
above makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Path, Query, Request
from fastapi.security import OAuth2PasswordBearer

from engine.accounts.accounts import Accounts
from engine.accounts.keys import ApiKeys
from engine.accounts.tokens import Identity
from engine.answering.answerer import Answerer
from engine.answering.conversations import Conversations
from engine.answering.suggestions import Suggestions
from engine.audit import Audit
from engine.billing.subscriptions import Subscriptions
from engine.corrections import BotCorrections
from engine.domain.bot import Bot, BotVersion
from engine.domain.merchant import Member, Merchant
from engine.errors import NotAuthenticated
from engine.insights.insights import Insights
from engine.jobs import Jobs
from engine.knowledge.sources import Sources
from engine.knowledge.syncing import Syncing
from engine.ports import BlobStore, Catalogue, PassageIndex
from engine.records import Records
from engine.release.bots import Bots
from engine.release.comparing import Comparing
from engine.release.differences import Differences
from engine.release.drift import Drift
from engine.release.exporting import Exporting
from engine.release.importing import Importing
from engine.release.scheduling import Scheduling
from engine.release.updates import Updates
from engine.release.versions import Versions
from engine.settings import Settings
from engine.trials.baselines import Baselines
from engine.trials.case_imports import CaseImports
from engine.trials.cases import TestCases
from engine.trials.gate import Gate
from engine.trials.invites import Invites
from engine.trials.rules import GateRuleBook
from engine.trials.trials import Trials
from engine.trials.turn_cases import TurnCases

__all__ = ["BotHere", "Caller", "CurrentCaller", "Paging", "Ports", "TheUseCases", "UseCases", "VersionHere"]


class Ports(Protocol):
    """The ports that routes read from directly."""

    @property
    def blobs(self) -> BlobStore: ...  # noqa: D102
    @property
    def index(self) -> PassageIndex: ...  # noqa: D102
    @property
    def catalogue(self) -> Catalogue: ...  # noqa: D102


class UseCases(Protocol):
    """What the API calls: the engine, seen from here."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def adapters(self) -> Ports: ...  # noqa: D102
    @property
    def records(self) -> Records: ...  # noqa: D102
    @property
    def accounts(self) -> Accounts: ...  # noqa: D102
    @property
    def billing(self) -> Subscriptions: ...  # noqa: D102
    @property
    def keys(self) -> ApiKeys: ...  # noqa: D102
    @property
    def bots(self) -> Bots: ...  # noqa: D102
    @property
    def sources(self) -> Sources: ...  # noqa: D102
    @property
    def syncing(self) -> Syncing: ...  # noqa: D102
    @property
    def corrections(self) -> BotCorrections: ...  # noqa: D102
    @property
    def suggestions(self) -> Suggestions: ...  # noqa: D102
    @property
    def updates(self) -> Updates: ...  # noqa: D102
    @property
    def differences(self) -> Differences: ...  # noqa: D102
    @property
    def comparing(self) -> Comparing: ...  # noqa: D102
    @property
    def scheduling(self) -> Scheduling: ...  # noqa: D102
    @property
    def drift(self) -> Drift: ...  # noqa: D102
    @property
    def exporting(self) -> Exporting: ...  # noqa: D102
    @property
    def importing(self) -> Importing: ...  # noqa: D102
    @property
    def versions(self) -> Versions: ...  # noqa: D102
    @property
    def conversations(self) -> Conversations: ...  # noqa: D102
    @property
    def answerer(self) -> Answerer: ...  # noqa: D102
    @property
    def cases(self) -> TestCases: ...  # noqa: D102
    @property
    def case_imports(self) -> CaseImports: ...  # noqa: D102
    @property
    def turn_cases(self) -> TurnCases: ...  # noqa: D102
    @property
    def gate(self) -> Gate: ...  # noqa: D102

    @property
    def baselines(self) -> Baselines: ...  # noqa: D102
    @property
    def rules(self) -> GateRuleBook: ...  # noqa: D102
    @property
    def audit(self) -> Audit: ...  # noqa: D102
    @property
    def trials(self) -> Trials: ...  # noqa: D102
    @property
    def invites(self) -> Invites: ...  # noqa: D102
    @property
    def insights(self) -> Insights: ...  # noqa: D102
    @property
    def jobs(self) -> Jobs: ...  # noqa: D102


bearer = OAuth2PasswordBearer(tokenUrl="/v1/token", auto_error=False, description="Access token of a signed-in member.")


def use_cases(request: Request) -> UseCases:
    """The engine this server runs."""
    engine: UseCases = request.app.state.engine
    return engine


TheUseCases = Annotated[UseCases, Depends(use_cases)]


@dataclass(frozen=True, slots=True)
class Caller:
    """The signed-in member behind a request."""

    identity: Identity
    merchant: Merchant
    member: Member


async def current_caller(engine: TheUseCases, token: Annotated[str | None, Depends(bearer)]) -> Caller:
    """Who is asking. Raises NotAuthenticated."""
    if token is None:
        raise NotAuthenticated("This needs an access token; sign in first.", code="token_missing")
    return Caller(*await engine.accounts.who(token))


CurrentCaller = Annotated[Caller, Depends(current_caller)]


async def bot_here(
    engine: TheUseCases, caller: CurrentCaller, bot: Annotated[str, Path(description="Id of the bot.")]
) -> Bot:
    """The caller's bot in the path. Raises NotFound."""
    return await engine.bots.get(caller.merchant.id, bot)


BotHere = Annotated[Bot, Depends(bot_here)]


async def version_here(
    engine: TheUseCases,
    bot: BotHere,
    number: Annotated[int, Path(ge=1, le=10**9, description="Number of the version.")],
) -> BotVersion:
    """The version in the path. Raises NotFound."""
    return await engine.versions.get(bot.merchant, bot.id, number)


VersionHere = Annotated[BotVersion, Depends(version_here)]


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is wanted."""

    limit: Annotated[int, Query(ge=1, le=500, description="Most items to answer.")] = 100
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,18}$", description="`next_cursor` of the page before.")] = None
