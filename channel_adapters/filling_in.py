"""What a merchant filled in for a channel: looked at field by field before anything is kept.

Never here: whether it works; that is the doctor's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from channel_adapters.channel import Channel, FormField
from engine.errors import FieldProblem, InvalidInput, spelled_out

__all__ = ["filled_in"]


def filled_in(
    channel: Channel, given: Mapping[str, str], kept: Mapping[str, str] | tuple[()]
) -> tuple[dict[str, str], dict[str, str]]:
    """(settings, secrets) that were filled in, as they are kept. Raises InvalidInput naming each field at fault."""
    known = {one.name: one for one in channel.fields}
    problems = [FieldProblem(name, "there is no such field") for name in given if name not in known]
    values = {name: given.get(name, "").strip() or one.default for name, one in known.items()}
    for name, one in known.items():
        if fault := fault_of(one, values[name], kept=one.secret and name in kept):
            problems.append(FieldProblem(name, fault))
    if not problems:
        present = {name: value for name, value in values.items() if value}
        problems = [FieldProblem(name, fault) for name, fault in channel.problems(present).items()]
    if problems:
        labels = {name: one.label for name, one in known.items()}
        raise InvalidInput(spelled_out("Some of this cannot be used.", problems, labels), fields=problems)
    secrets = {name: value for name, value in values.items() if known[name].secret and value}
    return {name: value for name, value in values.items() if not known[name].secret}, secrets


def fault_of(one: FormField, value: str, *, kept: bool) -> str:
    """What is wrong with a value; empty when nothing is."""
    if not value:
        return "" if kept or not one.required else "is missing; fill it in"
    if one.secret and value == one.example:
        return "is only the example, which everybody knows; use one of your own"
    if one.options and value not in {option for option, _ in one.options}:
        return f"choose one of {', '.join(option for option, _ in one.options)}"
    if one.pattern and re.fullmatch(one.pattern, value) is None:
        return f"does not look like one, such as {one.example}" if one.example else "does not look like one"
    return ""
