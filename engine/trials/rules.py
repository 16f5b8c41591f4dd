"""What the gate asks of a bot: defaults, what its merchant changed, and how far that may go."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from engine.audit import Audit
from engine.domain.trial import GateRules, Requirement
from engine.errors import AlreadyExists, FieldProblem, InvalidInput, spelled_out
from engine.records import Records
from engine.trials.metrics import METRICS, GateMetric

__all__ = ["GateRuleBook", "definition"]

Wish = Mapping[str, float | int | None]
"""Fields of a requirement to replace; None leaves one as it is."""


class GateRuleBook:
    """Reads and changes the requirements of one bot. Every change is in the audit log."""

    def __init__(self, records: Records, audit: Audit) -> None:
        self.records, self.audit = records, audit

    async def of(self, merchant: str, bot: str) -> dict[str, Requirement]:
        """Each metric's requirement: the merchant's, where there is one and it still holds the limits."""
        found = await self.records.gate_rules.find(merchant, bot)
        changed = {} if found is None else found.record.requirements
        return {
            metric.name: wish if (wish := changed.get(metric.name)) and not faults(metric, wish) else metric.default
            for metric in METRICS
        }

    async def change(self, merchant: str, bot: str, wishes: Mapping[str, Wish], *, by: str) -> dict[str, Requirement]:
        """Tighten or loosen some metrics, within their limits, all or none. Raises InvalidInput."""
        before = await self.of(merchant, bot)
        known = {metric.name: metric for metric in METRICS}
        problems = [FieldProblem(name, "there is no such measurement") for name in wishes if name not in known]
        named = {name: wish for name, wish in wishes.items() if name in known}
        after = {name: wished(before[name], wish) for name, wish in named.items()}
        problems += [FieldProblem(name, fault) for name in named for fault in faults(known[name], after[name])]
        if problems:
            labels = {name: metric.label for name, metric in known.items()}
            raise InvalidInput(spelled_out("The gate cannot be set like this.", problems, labels), fields=problems)
        told = [told_change(known[name], before[name], after[name]) for name in named if before[name] != after[name]]
        if told:
            # The log first: a change that is not in it must not be possible.
            await self.audit.note(merchant, bot, by=by, action="gate_changed", detail="; ".join(told))
            await self.write(merchant, bot, named)
        return await self.of(merchant, bot)

    async def write(self, merchant: str, bot: str, wishes: Mapping[str, Wish]) -> None:
        """Keep what is wished of the named metrics; another member's change of others at the same moment stays."""
        defaults = {metric.name: metric.default for metric in METRICS}

        def merge(rules: GateRules) -> GateRules:
            changed = {
                name: wished(rules.requirements.get(name, defaults[name]), wish) for name, wish in wishes.items()
            }
            return replace(rules, requirements={**rules.requirements, **changed})

        with suppress(AlreadyExists):
            await self.records.gate_rules.add(merchant, bot, GateRules(merchant, bot))
        await self.records.gate_rules.change(merchant, bot, merge)


def wished(stands: Requirement, wish: Wish) -> Requirement:
    """A requirement with what is wished of it."""
    return replace(stands, **{field: value for field, value in wish.items() if value is not None})  # type: ignore[arg-type]


def faults(metric: GateMetric, wish: Requirement) -> list[str]:
    """What is wrong with a requirement, in words."""
    found = []
    limit = metric.limits.threshold
    if not math.isfinite(wish.threshold):
        found.append("give a number")
    elif metric.direction == "at_least" and not limit <= wish.threshold <= 1:
        found.append(f"has to lie between {limit:.0%} and 100 %")
    elif metric.direction == "at_most" and not 0 < wish.threshold <= limit:
        found.append(f"may be at most {limit / 1000:g} seconds")
    if not metric.limits.needed <= wish.needed <= 1_000:
        found.append(f"needs {metric.limits.needed} to 1,000 observations")
    if metric.limits.people and not metric.limits.people <= wish.people <= 5:
        found.append(f"needs {metric.limits.people} to 5 people")
    if not metric.limits.people and wish.people:
        found.append("does not ask for people")
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
