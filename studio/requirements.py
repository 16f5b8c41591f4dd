"""What a version has to reach before shoppers meet it: looked at, and tightened.

Never here: the limits; the engine keeps them.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio.actions import did
from studio.proof_client import Proof
from studio.proof_records import AuditEntry, Rule
from studio.style import plain
from studio.words import percent, seconds, when

__all__ = ["show_audit", "show_rules"]

Wish = dict[str, float | int]


def show_rules(proof: Proof) -> None:
    """Each requirement with its value, to be changed within its limits."""
    st.markdown(
        "What a version has to show before it may go live. You can ask for more. You can ask for less only as far as "
        "is safe for your shoppers. After a change, test again."
    )
    rules = proof.rules()
    with st.form("rules", border=False):
        wishes = {rule.name: show_rule(rule) for rule in rules}
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    changed = {rule.name: found for rule in rules if (found := different(rule, wishes[rule.name]))}
    if sent and not changed:
        st.info("Nothing was changed.", icon=":material/lightbulb:")
    elif sent and did("Saved. Earlier test runs do not count any more.", proof.change_rules, changed):
        st.rerun()


def different(rule: Rule, wish: Wish) -> Wish:
    """What a wish has otherwise than the rule as it stands."""
    stands: Wish = {
        "threshold": rule.required.threshold, "needed": rule.required.needed, "people": rule.required.people
    }  # fmt: skip
    return {name: value for name, value in wish.items() if abs(value - stands[name]) > 1e-6}


def show_rule(rule: Rule) -> Wish:
    """One requirement's fields; the wish they hold, as the engine counts it."""
    st.markdown(f"**{rule.label}**")
    value, often, people = st.columns(3)
    with value:
        wish: Wish = {"threshold": share_field(rule) if rule.unit == "share" else seconds_field(rule)}
    wish["needed"] = int(
        often.number_input(
            "Measured at least so often",
            rule.fewest_observations,
            1000,
            rule.required.needed,
            key=f"needed_{rule.name}",
        )
    )
    if rule.fewest_people:
        wish["people"] = int(
            people.number_input(
                "By so many people", rule.fewest_people, 5, rule.required.people, key=f"people_{rule.name}"
            )
        )
    return wish


def share_field(rule: Rule) -> float:
    """A share in per cent."""
    least = round(rule.loosest_threshold * 100)
    options: dict[str, Any] = {"min_value": least, "max_value": 100, "step": 1, "disabled": least >= 100}
    shown = st.number_input(
        "At least, in %", value=round(rule.required.threshold * 100), key=f"threshold_{rule.name}",
        help=f"Not below {percent(rule.loosest_threshold)}.", **options,
    )  # fmt: skip
    return float(shown) / 100


def seconds_field(rule: Rule) -> float:
    """A time in seconds."""
    most = rule.loosest_threshold / 1000
    shown = st.number_input(
        "At most, in seconds", min_value=0.5, max_value=most, step=0.5, value=rule.required.threshold / 1000,
        key=f"threshold_{rule.name}", help=f"Not above {seconds(rule.loosest_threshold)}.",
    )  # fmt: skip
    return float(shown) * 1000


def show_audit(entries: list[AuditEntry]) -> None:
    """Who decided what, newest first."""
    if not entries:
        st.caption("Nothing was decided yet.")
    for entry in entries[:30]:
        by = "by itself" if entry.by == "storeclerk" else f"by {plain(entry.by)}"
        st.markdown(f"{when(entry.at)} · {plain(entry.detail)} · {by}")
