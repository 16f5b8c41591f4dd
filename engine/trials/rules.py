"""What the gate asks of a bot: defaults, what its merchant changed, and how far that may go."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from engine.audit import Audit
from engine.domain.trial import GateRules, Requirement
from engine.errors import AlreadyExists, FieldProblem, InvalidInput
from engine.records import Records
from engine.trials.metrics import METRICS, GateMetric

__all__ = ["GateRuleBook", "definition"]


class GateRuleBook:
    """Reads and changes the requirements of one bot. Every change is in the audit log."""

    def __init__(self, records: Records, audit: Audit) -> None:
        self.records, self.audit = records, audit

    async def of(self, merchant: str, bot: str) -> dict[str, Requirement]:
        """Each metric's requirement: the merchant's, where there is one and it still holds the limits."""
        found = await self.records.gate_rules.find(merchant, bot)
        changed = {} if found is None else found.record.requirements
        return {
            metric.name: wished
            if (wished := changed.get(metric.name)) and not faults(metric, wished)
            else metric.default
            for metric in METRICS
        }

    async def change(
        self, merchant: str, bot: str, wishes: Mapping[str, Mapping[str, float | int | None]], *, by: str
    ) -> dict[str, Requirement]:
        """Tighten or loosen some metrics, within their limits, all or none. Raises InvalidInput."""
        before = await self.of(merchant, bot)
        known = {metric.name: metric for metric in METRICS}
        problems = [FieldProblem(name, "there is no such measurement") for name in wishes if name not in known]
        after = dict(before)
        for name, wish in wishes.items():
            if name in known:
                values = {field: value for field, value in wish.items() if value is not None}
                after[name] = replace(before[name], **values)  # type: ignore[arg-type]
                problems += [FieldProblem(name, fault) for fault in faults(known[name], after[name])]
        if problems:
            raise InvalidInput("The gate cannot be set like this.", fields=problems)
        told = [told_change(known[name], before[name], after[name]) for name in wishes if before[name] != after[name]]
        if told:
            await self.write(GateRules(merchant, bot, after))
            await self.audit.note(merchant, bot, by=by, action="gate_changed", detail="; ".join(told))
        return after

    async def write(self, rules: GateRules) -> None:
        """Keep the rules, whether there were some before or not."""
        try:
            await self.records.gate_rules.add(rules.merchant, rules.bot, rules)
        except AlreadyExists:
            await self.records.gate_rules.change(rules.merchant, rules.bot, lambda _: rules)


def faults(metric: GateMetric, wished: Requirement) -> list[str]:
    """What is wrong with a requirement, in words."""
    found = []
    limit = metric.limits.threshold
    if not math.isfinite(wished.threshold):
        found.append("give a number")
    elif metric.direction == "at_least" and not limit <= wished.threshold <= 1:
        found.append(f"has to lie between {limit:.0%} and 100 %")
    elif metric.direction == "at_most" and not 0 < wished.threshold <= limit:
        found.append(f"may be at most {limit / 1000:g} seconds")
    if not metric.limits.needed <= wished.needed <= 1_000:
        found.append(f"needs {metric.limits.needed} to 1,000 observations")
    if metric.limits.people and not metric.limits.people <= wished.people <= 5:
        found.append(f"needs {metric.limits.people} to 5 people")
    return found


def told_change(metric: GateMetric, before: Requirement, after: Requirement) -> str:
    """A change in words, for the audit log."""
    return f"{metric.label}: {told(metric, before)} -> {told(metric, after)}"


def told(metric: GateMetric, required: Requirement) -> str:
    """A requirement in words."""
    value = f"{required.threshold:.0%}" if metric.unit == "share" else f"{required.threshold / 1000:g} s"
    people = f", {required.people} people" if required.people else ""
    return f"{value}, {required.needed} observations{people}"


def definition(requirements: Mapping[str, Requirement]) -> str:
    """The gate's definition as text: evidence made for another one does not count."""
    return ";".join(f"{name}={required}" for name, required in sorted(requirements.items()))
