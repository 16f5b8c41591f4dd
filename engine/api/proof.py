"""Routes of measured proof: trial runs, the gate and its rules, the audit log."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases, VersionHere
from engine.api.problems import documented
from engine.domain.trial import CaseResult, GateReport
from engine.errors import Unavailable

router = APIRouter(prefix="/v1", tags=["tests"])


@router.post(
    "/bots/{bot}/versions/{number}/trials",
    status_code=202,
    response_model=s.TrialView,
    responses=documented(401, 404, 409, 503),
)
async def start_trial(engine: TheUseCases, bot: BotHere, version: VersionHere) -> s.TrialView:
    """Run the approved cases against a version, one run at a time; asked again for one that waits, it is that one."""
    trial = await engine.trials.create(bot, version)
    try:
        await engine.jobs.start_trial(bot.merchant, trial.id)
    except Unavailable as error:
        await engine.trials.fail(bot.merchant, trial.id, error.message)
        raise
    return s.TrialView.of(trial, ())


@router.get("/bots/{bot}/versions/{number}/trials/latest", response_model=s.TrialView, responses=documented(401, 404))
async def latest_trial(engine: TheUseCases, version: VersionHere) -> s.TrialView:
    """The newest run of a version; with its results once it has ended."""
    trial = await engine.trials.latest(version.merchant, version.bot, version.number)
    # Asked every second while it runs: then only how far it is.
    return s.TrialView.of(trial, () if trial.under_way else await engine.trials.results(trial))


@router.post(
    "/bots/{bot}/versions/{number}/trials/latest/cancel",
    response_model=s.TrialView,
    responses=documented(401, 404, 409),
)
async def cancel_trial(engine: TheUseCases, version: VersionHere) -> s.TrialView:
    """Stop the newest run of a version."""
    trial = await engine.trials.cancel(version.merchant, version.bot, version.number)
    return s.TrialView.of(trial, await engine.trials.results(trial))


@router.post(
    "/bots/{bot}/versions/{number}/trials/latest/marks", response_model=CaseResult, responses=documented(401, 404)
)
async def mark_result(body: s.MarkRequest, engine: TheUseCases, version: VersionHere) -> CaseResult:
    """Say of one answer of the newest run whether it is right, to compare with the language model's opinion."""
    trial = await engine.trials.latest(version.merchant, version.bot, version.number)
    return await engine.trials.mark(trial, body.case, body.attempt, right=body.right)


@router.get("/bots/{bot}/versions/{number}/gate", response_model=GateReport, responses=documented(401, 404))
async def gate(engine: TheUseCases, version: VersionHere) -> GateReport:
    """Whether this version may meet shoppers, and why."""
    return await engine.gate.report(version)


@router.get("/bots/{bot}/versions/{number}/surprises", response_model=s.SurprisesView, responses=documented(401, 404))
async def surprises(engine: TheUseCases, version: VersionHere) -> s.SurprisesView:
    """Prices that jumped and pages that are gone since the last proved version."""
    found = await engine.baselines.surprises(version)
    return s.SurprisesView.of(found, await engine.baselines.confirmation(found))


@router.post(
    "/bots/{bot}/versions/{number}/surprises/confirm",
    response_model=s.SurprisesView,
    responses=documented(401, 404, 409),
)
async def confirm_surprises(
    body: s.ConfirmRequest, engine: TheUseCases, caller: CurrentCaller, version: VersionHere
) -> s.SurprisesView:
    """Say that these changes are meant. It is written to the log; a version made by a sync then goes on by itself."""
    said = await engine.baselines.confirm(version, body.digest, by=caller.member.email)
    found = await engine.baselines.surprises(version)
    await engine.trials.settling.review(version)
    if version.origin == "sync":
        await engine.updates.settle(version.key)
    # As it was confirmed: a version that has passed by this is what others are held against from now on, itself too.
    return s.SurprisesView.of(found, said)


@router.get("/bots/{bot}/gate", response_model=s.Items[s.RuleView], responses=documented(401, 404))
async def gate_rules(engine: TheUseCases, bot: BotHere) -> dict[str, Any]:
    """What each metric has to show for this bot, and how far that may be changed."""
    requirements = await engine.rules.of(bot.merchant, bot.id)
    return {"items": s.RuleView.all_of(requirements), "next_cursor": None}


@router.patch("/bots/{bot}/gate", response_model=s.Items[s.RuleView], responses=documented(401, 404))
async def change_gate(body: s.RulesChange, engine: TheUseCases, caller: CurrentCaller, bot: BotHere) -> dict[str, Any]:
    """Tighten the gate, or loosen it down to its limits; earlier runs then count no more. It is written to the log."""
    wishes = {name: change.model_dump() for name, change in body.metrics.items()}
    requirements = await engine.rules.change(bot.merchant, bot.id, wishes, by=caller.member.email)
    return {"items": s.RuleView.all_of(requirements), "next_cursor": None}


@router.get("/bots/{bot}/audit", response_model=s.Items[s.AuditView], responses=documented(401, 404))
async def audit(engine: TheUseCases, bot: BotHere, paging: Annotated[Paging, Depends()]) -> dict[str, Any]:
    """What people decided about this bot, newest first."""
    return s.page(await engine.audit.page(bot.merchant, bot.id, paging.limit, paging.cursor), s.AuditView.of)


@router.get(
    "/bots/{bot}/versions/{number}/questionnaires",
    response_model=s.Items[s.QuestionnaireView],
    responses=documented(401, 404),
)
async def list_questionnaires(engine: TheUseCases, version: VersionHere) -> dict[str, Any]:
    """What testers of this version said at the end."""
    views = [
        s.QuestionnaireView(
            tester=await engine.invites.person(said.merchant, said.tester),
            would_use=said.would_use,
            trusts=said.trusts,
            missing=said.missing,
            at=said.at,
        )
        for said in await engine.invites.questionnaires(version)
    ]
    return {"items": views, "next_cursor": None}
