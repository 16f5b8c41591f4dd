"""The composition root: settings in, a whole engine out. Which adapters there are: `engine/families.py`.

Every collaborator is a keyword argument of `assemble`; a test overrides one and keeps the rest.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from engine.accounts.accounts import Accounts, SessionRules
from engine.accounts.keys import ApiKeys
from engine.accounts.passwords import Passwords
from engine.accounts.tokens import AccessTokens
from engine.answering.answerer import Answerer
from engine.answering.conversations import Conversations
from engine.answering.shop_window import ShopWindow
from engine.answering.shopping import Shopping
from engine.answering.suggestions import Suggestions
from engine.audit import Audit
from engine.billing.subscriptions import Subscriptions
from engine.channels.inbox import Inbox
from engine.channels.links import ChannelLinks
from engine.corrections import BotCorrections
from engine.domain.knowledge import SourceKind
from engine.families import Adapters, embedded
from engine.handover.handover import Handover
from engine.insights.insights import Insights
from engine.installation import installation_secret
from engine.jobs import Jobs
from engine.knowledge.copies import Copies
from engine.knowledge.fetching import Fetcher
from engine.knowledge.fetching.browser import Browser
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.progress import TrainingProgress
from engine.knowledge.readers import readers as all_readers
from engine.knowledge.reading import Reader
from engine.knowledge.schedules import Schedules
from engine.knowledge.sources import Sources
from engine.knowledge.syncing import Syncing
from engine.knowledge.training import Training
from engine.ports import CompositionLimits
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
from engine.trials.asking import CaseAsking
from engine.trials.baselines import Baselines
from engine.trials.case_imports import CaseImports
from engine.trials.cases import TestCases
from engine.trials.gate import Gate
from engine.trials.invites import Invites
from engine.trials.judging import Judge
from engine.trials.rules import GateRuleBook
from engine.trials.shoppers import PlayedShopper
from engine.trials.trials import TrialRules, Trials
from engine.trials.turn_cases import TurnCases
from engine.workflows import Workflows

__all__ = ["Adapters", "Engine", "assemble", "embedded", "running"]

DEMO_PATH = "/demo-shop/"
USER_AGENT = "Storeclerk/0.1 (+https://github.com/storeclerk/storeclerk)"


@dataclass(frozen=True)
class Engine:
    """All use cases, ready to be called."""

    settings: Settings
    adapters: Adapters
    records: Records
    accounts: Accounts
    keys: ApiKeys
    bots: Bots
    sources: Sources
    versions: Versions
    conversations: Conversations
    answerer: Answerer
    window: ShopWindow
    cases: TestCases
    case_imports: CaseImports
    turn_cases: TurnCases
    gate: Gate
    baselines: Baselines
    rules: GateRuleBook
    audit: Audit
    trials: Trials
    invites: Invites
    insights: Insights
    jobs: Jobs
    workflows: Workflows
    syncing: Syncing
    schedules: Schedules
    corrections: BotCorrections
    suggestions: Suggestions
    channel_links: ChannelLinks
    inbox: Inbox
    handover: Handover
    updates: Updates
    differences: Differences
    comparing: Comparing
    scheduling: Scheduling
    drift: Drift
    billing: Subscriptions
    exporting: Exporting
    importing: Importing
    readers: Mapping[SourceKind, Reader]
    parsing: ParsingProcesses

    async def open(self) -> None:
        """Begin: unfinished jobs go on, and what is due is started."""
        await self.jobs.open(self.workflows)
        await self.importing.tidy()
        self.jobs.repeat(self.settings.schedule_seconds, lambda: self.schedules.start_due(self.jobs.start_sync))
        self.jobs.repeat(self.settings.schedule_seconds, self.scheduling.release_due)
        self.jobs.repeat(self.settings.schedule_seconds, self.billing.look)
        self.jobs.repeat(self.settings.schedule_seconds, self.billing.compare_when_due)

    async def close(self) -> None:
        """Stop jobs and let go of files; work under way goes on at the next start."""
        await self.jobs.close()
        await self.handover.drain()
        await asyncio.to_thread(self.parsing.close)
        for closer in self.adapters.closers:
            if inspect.iscoroutinefunction(closer.close):
                await closer.close()
            else:
                await asyncio.to_thread(closer.close)


def assemble(settings: Settings, adapters: Adapters) -> Engine:
    """Join adapters and use cases into an engine. Nothing runs yet; see `running`."""
    from engine.llama.retriever import LlamaRetriever  # noqa: PLC0415 - LlamaIndex takes two seconds to import
    from engine.llama.splitter import WindowSplitter  # noqa: PLC0415

    clock, identifiers, blobs, index = adapters.clock, adapters.identifiers, adapters.blobs, adapters.index
    catalogue = adapters.catalogue
    records = Records(adapters.store)
    tokens = AccessTokens(
        installation_secret(settings), clock, identifiers, timedelta(minutes=settings.access_token_minutes)
    )
    session_rules = SessionRules(
        timedelta(hours=settings.session_idle_hours), timedelta(days=settings.session_absolute_days)
    )
    accounts = Accounts(
        records, Passwords(), tokens, clock, identifiers, adapters.mailer, session_rules, settings.studio_address
    )
    fetcher = Fetcher(
        user_agent=USER_AGENT,
        allowed_private_hosts=settings.crawler_allowed_private_hosts,
        allowed_prefixes=(f"http://127.0.0.1:{settings.port}{DEMO_PATH}",),
        more_ports=settings.crawler_ports,
    )
    parsing = ParsingProcesses()
    kinds = all_readers(
        fetcher=fetcher,
        parsing=parsing,
        requests_per_second=settings.crawler_requests_per_second,
        most_pages=settings.crawler_max_pages,
        browser=Browser(settings.crawler_browser, fetcher) if settings.crawler_browser else None,
    )
    jobs = Jobs(f"sqlite:///{(settings.data_dir / 'jobs.sqlite').resolve()}", run=settings.run_jobs)
    copies, schedules = Copies(blobs), Schedules(records, clock)
    corrections = BotCorrections(records, index, clock, identifiers)
    sources = Sources(records, blobs, kinds, copies, schedules, corrections, jobs.start_sync, clock, identifiers)
    progress = TrainingProgress(records, blobs, index, catalogue)
    training = Training(records, blobs, copies, index, catalogue, adapters.embedders, WindowSplitter(), progress, clock)
    syncing = Syncing(records, blobs, copies, kinds, clock)
    conversations = Conversations(records, clock, identifiers)
    audit = Audit(records, clock, identifiers)
    handover = Handover(records, audit, adapters.mailer, clock, identifiers, settings.studio_address)
    answerer = Answerer(
        records,
        conversations,
        LlamaRetriever(index, adapters.embedders),
        adapters.reranker,
        catalogue,
        corrections,
        adapters.model,
        adapters.fallback,
        CompositionLimits(settings.max_answer_words, settings.chat_model_timeout_seconds),
        clock,
        identifiers,
        Shopping(catalogue, index, adapters.embedders),
        handover,
    )
    cases = TestCases(records, index, catalogue, audit, clock, identifiers)
    rules = GateRuleBook(records, audit)
    baselines = Baselines(records, catalogue, blobs, audit, clock)
    reranker = "" if adapters.reranker is None else adapters.reranker.name
    composing = f"{adapters.model.name}|{adapters.fallback.name}|{reranker}|{settings.max_answer_words}"
    gate = Gate(records, rules, corrections, baselines, composing)
    attempts = 1 if adapters.model is adapters.fallback else settings.trial_attempts
    judge = None if adapters.writer is None else Judge(adapters.writer, identifiers)
    trial_rules = TrialRules(settings.trial_concurrency, attempts)
    shopper = None if adapters.writer is None else PlayedShopper(adapters.writer, identifiers)
    trials = Trials(records, cases, CaseAsking(answerer, judge, shopper), gate, clock, identifiers, trial_rules)
    versions = Versions(records, clock, jobs.start_training, gate.report, corrections, audit, baselines)
    updates = Updates(records, copies, catalogue, versions, syncing, progress, gate, trials, jobs.start_update)
    comparing = Comparing(records, answerer, clock, identifiers, settings.trial_concurrency)
    invites = Invites(
        records,
        gate,
        trials,
        adapters.mailer,
        clock,
        identifiers,
        timedelta(days=settings.invite_days),
        settings.server_address,
    )
    bots = Bots(records, blobs, clock, identifiers)
    return Engine(
        settings=settings,
        adapters=adapters,
        records=records,
        accounts=accounts,
        keys=ApiKeys(records, clock, identifiers),
        bots=bots,
        sources=sources,
        versions=versions,
        conversations=conversations,
        answerer=answerer,
        window=ShopWindow(catalogue, answerer.shopping, answerer.finder, corrections),
        cases=cases,
        case_imports=CaseImports(records, cases),
        turn_cases=TurnCases(records, conversations, cases),
        gate=gate,
        baselines=baselines,
        rules=rules,
        audit=audit,
        trials=trials,
        invites=invites,
        insights=Insights(records),
        jobs=jobs,
        workflows=Workflows(training, progress, syncing, updates, trials, comparing),
        syncing=syncing,
        schedules=schedules,
        corrections=corrections,
        suggestions=Suggestions(records, corrections, clock),
        channel_links=ChannelLinks(records, adapters.custodian, audit, clock, identifiers),
        inbox=Inbox(records, clock),
        handover=handover,
        updates=updates,
        differences=Differences(records, catalogue),
        comparing=comparing,
        scheduling=Scheduling(records, versions, updates.catch_up, audit, clock),
        drift=Drift(records, rules, clock),
        billing=Subscriptions(records, adapters.payments, clock),
        exporting=Exporting(records, blobs, copies, index, catalogue, corrections, clock, adapters.model.name),
        importing=Importing(records, blobs, index, catalogue, adapters.embedders, bots, kinds, clock, identifiers),
        readers=kinds,
        parsing=parsing,
    )


@asynccontextmanager
async def running(settings: Settings, adapters: Adapters | None = None) -> AsyncIterator[Engine]:
    """A running engine: unfinished jobs go on; everything is closed at the end."""
    engine = assemble(settings, adapters or embedded(settings))
    await engine.open()
    try:
        yield engine
    finally:
        await engine.close()
