"""The channel page's parts: what can be chosen, the form, the steps at the vendor's, the doctor, what got no answer.

None of it knows a channel: each tells its own fields, steps and words. Never here: whether a link works.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence

import streamlit as st

from studio.actions import did
from studio.channel_client import Channels
from studio.channel_records import Channel, DeadLetter, Finding, FormField, Link, Step
from studio.reach import HERE_ONLY, is_here_only
from studio.style import plain
from studio.words import ago, count

__all__ = ["choose_channel", "show_dead_letters", "show_link", "show_new"]

STATES = {
    "on": (":material/check_circle:", "answers"),
    "paused": (":material/pause_circle:", "paused"),
    "broken": (":material/error:", "broken"),
    "unfinished": (":material/pending:", "not finished"),
}
FINDINGS = {
    "good": ":green[:material/check_circle:]",
    "bad": ":red[:material/error:]",
    "unsure": ":orange[:material/help:]",
    "skipped": ":gray[:material/remove_circle_outline:]",
}
"""Each with a shape of its own: never told by colour alone."""
SHOWN_LETTERS = 20
MADE_UP_BYTES = 32


def choose_channel(offered: Sequence[Channel], links: Sequence[Link]) -> Channel:
    """Which channel the page is about: a dropdown that says what is linked already."""
    linked = {link.kind: link for link in links}

    def words(channel: Channel) -> str:
        link = linked.get(channel.kind)
        return channel.label if link is None else f"{channel.label} · {STATES[link.status][1]}"

    kinds = {channel.kind: channel for channel in offered}
    first = next((link.kind for link in links if link.kind in kinds), offered[0].kind)
    kept = st.session_state.get("channel", first)
    order = list(kinds)
    chosen = st.selectbox(
        "Where are your shoppers?",
        order,
        index=order.index(kept) if kept in order else 0,
        format_func=lambda kind: words(kinds[kind]),
    )
    st.session_state["channel"] = chosen
    return kinds[chosen]


def show_new(channels: Channels, channel: Channel) -> None:
    """What the channel is, and the way to begin."""
    st.markdown(channel.about)
    show_capabilities(channel)
    if st.button(f"Begin with {channel.label}", type="primary", icon=":material/link:"):
        rerun_after(did("Begun: follow the steps", channels.put, channel.kind, {}))


def show_capabilities(channel: Channel) -> None:
    """What shoppers get there, in one line, and what the vendor's terms ask."""
    can = channel.capabilities
    shows = [words for words, there in (("product cards", can.cards), ("questions to press", can.buttons)) if there]
    told = f"Shows text{', ' if shows else ''}{', '.join(shows)}."
    if can.streaming:
        told += " An answer that takes longer appears while it is made."
    if can.window_hours:
        told += f" Shoppers can be answered for {can.window_hours} hours after their last message."
    st.caption(told)
    if can.notes:
        st.info(can.notes, icon=":material/info:")


def show_form(channels: Channels, channel: Channel, link: Link) -> None:
    """The fields, filled in as they are kept; a kept secret stays unless a new one is typed."""
    for field in channel.fields:
        if field.made_up:
            show_made_up(field)
    with st.form(f"link_{channel.kind}", border=False):
        values = {field.name: show_field(field, link) for field in channel.fields}
        label = "Link it" if link.status == "unfinished" else "Save"
        sent = st.form_submit_button(label, type="primary", icon=":material/link:")
    if sent:
        given = {name: value for name, value in values.items() if value}
        if did("Saved", channels.put, channel.kind, given):
            st.rerun()


def show_made_up(field: FormField) -> None:
    """A secret made for who wants one, shown once: to be copied to both sides."""
    if st.button(f"Make a {field.label.lower()}", icon=":material/key:"):
        made = base64.b64encode(secrets.token_bytes(MADE_UP_BYTES)).decode()
        st.code(f"{field.made_up}{made}", language=None)
        st.caption("Copy it into the field below and to your own server, which signs with it. It is not shown again.")


def show_field(field: FormField, link: Link) -> str:
    """One field; what was typed, or an empty text."""
    kept = link.settings.get(field.name, "")
    if field.options:
        values = [value for value, _ in field.options]
        words = dict(field.options)
        chosen = st.selectbox(
            field.label,
            values,
            index=values.index(kept or field.default) if (kept or field.default) in values else 0,
            format_func=lambda value: words[value],
            help=field.help,
        )
        return str(chosen)
    is_kept = field.name in link.secrets
    placeholder = "kept; type a new one to replace it" if is_kept else field.example
    label = field.label if field.required else f"{field.label} (optional)"
    return st.text_input(
        label,
        value="" if field.secret else kept or field.default,
        type="password" if field.secret else "default",
        placeholder=placeholder,
        help=field.help,
        autocomplete="off",
    ).strip()


def show_link(channels: Channels, channel: Channel, link: Link) -> None:
    """A link: whether it works, what is left to do at the vendor's, its doctor, its switches."""
    with st.container():  # one place, however much stands in it: else the tabs below begin anew when it changes
        show_state(channels, link)
    if link.status == "unfinished":
        show_steps(link)
        with st.container(border=True):
            st.markdown("**Fill in what you got there**")
            show_form(channels, channel, link)
        show_end(channels, channel)
        return
    steps, doctor, settings = st.tabs(["Set it up", "Doctor", "Settings"])
    with steps:
        show_steps(link)
    with doctor:
        show_doctor(channels, link)
    with settings:
        show_capabilities(channel)
        show_form(channels, channel, link)
        show_end(channels, channel)


def show_steps(link: Link) -> None:
    """What to do at the vendor's."""
    if any(is_here_only(value) for step in link.steps for _, value in step.values):
        st.warning(f"Nobody else can call the addresses below. {HERE_ONLY}", icon=":material/computer:")
    for number, step in enumerate(link.steps, 1):
        show_step(number, step, link.kind)


def show_state(channels: Channels, link: Link) -> None:
    """Whether it answers, its volume, and the switch for it."""
    icon = STATES[link.status][0]
    place = f" in {plain(link.place_name or link.address)}" if link.address else ""
    match link.status:
        case "unfinished":
            st.info("Not finished. Follow these steps, then fill in what you got.", icon=icon)
            return
        case "broken":
            st.error(plain(link.problem) or "The vendor refuses this link.", icon=icon)
        case "paused":
            st.warning(
                "Paused: what comes in is kept below, under Not answered. Once it answers again, try again what should "
                "still be answered.",
                icon=icon,
            )
        case "on" if bad := [one for one in link.findings if one.state == "bad"]:
            st.warning(
                f"Linked{place}, but something is to be mended: {plain(bad[0].says)} See Doctor.",
                icon=":material/stethoscope:",
            )
        case "on" if link.last_in_at is None:
            st.info(
                f"Linked{place}, but no message has come in yet. Finish the steps, let the doctor look, and write one.",
                icon=":material/pending:",
            )
        case _:
            st.success(f"Linked{place}. Shoppers are answered there.", icon=icon)
    came, left, waits = st.columns(3)
    came.metric("Last message", ago(link.last_in_at) if link.last_in_at else "none yet")
    left.metric("Last answer", ago(link.last_out_at) if link.last_out_at else "none yet")
    waits.metric("Waiting / not answered", f"{link.waiting} / {link.dead}")
    if link.status == "paused":
        if st.button("Answer again", type="primary", icon=":material/play_arrow:"):
            rerun_after(did("It answers again", channels.resume, link.kind))
    elif link.status == "on" and st.button("Pause this channel", icon=":material/pause:"):
        rerun_after(did("Paused", channels.pause, link.kind))


def show_step(number: int, step: Step, kind: str) -> None:
    """One step at the vendor's, with what is pasted there."""
    with st.container(border=True):
        st.markdown(f"**{number}. {step.title}**")
        st.markdown(step.text)
        for name, value in step.values:
            if value:
                st.caption(name)
                st.code(value, language=None, wrap_lines=True)
        if step.file_name:
            st.download_button(
                f"Download {step.file_name}", step.file, step.file_name, icon=":material/download:",
                key=f"file_{kind}_{number}",
            )  # fmt: skip
        if step.link:
            st.link_button("Open it there", step.link, icon=":material/open_in_new:")


def show_doctor(channels: Channels, link: Link) -> None:
    """What the doctor found last, and a way to let it look again."""
    st.markdown("The doctor looks at everything that may be wrong: from here, and with the vendor's own interface.")
    if st.button("Look now", type="primary", icon=":material/stethoscope:"):
        with st.spinner("Looking…"):
            looked = did("Looked", channels.check, link.kind)
        rerun_after(looked)
    if not link.findings:
        st.info("It has not looked yet.", icon=":material/lightbulb:")
        return
    bad = sum(finding.state == "bad" for finding in link.findings)
    st.caption(f"Looked {ago(link.checked_at)}: " + (f"{count(bad, 'thing')} to mend" if bad else "nothing is wrong"))
    for finding in link.findings:
        show_finding(finding)


def show_finding(finding: Finding) -> None:
    """One thing the doctor looked at."""
    words = {"good": "good", "bad": "to mend", "unsure": "could not tell", "skipped": "not looked at"}[finding.state]
    name = finding.name.replace("_", " ").capitalize()
    st.markdown(f"{FINDINGS[finding.state]} **{name}** ({words}): {plain(finding.says)}")
    if finding.next_step and finding.state != "good":
        st.markdown(f"&emsp;→ {plain(finding.next_step)}")


def show_end(channels: Channels, channel: Channel) -> None:
    """Ending the link, after a second thought."""
    with st.expander("End this link"):
        st.markdown("Its secrets are forgotten at once, and shoppers there get no answers any more.")
        sure = st.checkbox("I want to end it", key=f"end_{channel.kind}")
        if st.button("End it", disabled=not sure, icon=":material/link_off:"):
            rerun_after(did("Ended", channels.remove, channel.kind))


def show_dead_letters(channels: Channels, letters: Sequence[DeadLetter], offered: Sequence[Channel]) -> None:
    """Messages that got no answer, each with its reason and a way to try again."""
    if not letters:
        return
    names = {channel.kind: channel.label for channel in offered}
    st.subheader(f"Not answered ({len(letters)})")
    for letter in letters[:SHOWN_LETTERS]:
        with st.container(border=True):
            st.markdown(f"“{plain(letter.text[:300])}”")
            st.caption(f"{names.get(letter.kind, letter.kind)} · {ago(letter.at)} · {plain(letter.failure)}")
            if st.button("Try again", key=f"replay_{letter.id}", icon=":material/replay:"):
                rerun_after(did("It is tried again", channels.replay, letter.id))
    if len(letters) > SHOWN_LETTERS:
        st.caption(f"And {len(letters) - SHOWN_LETTERS} more.")


def rerun_after(worked: bool) -> None:
    """Draw the page anew once something changed."""
    if worked:
        st.rerun()
