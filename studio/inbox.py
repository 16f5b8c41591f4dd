"""The inbox page's parts: who waits, a conversation with the people's words in it, answering, and the rules.

Never here: when a person is asked for; the engine decides that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import streamlit as st

from studio.actions import did
from studio.channel_client import Inbox
from studio.channel_records import InboxItem, PersonMessage, Rules
from studio.client import Api
from studio.message_box import message_box
from studio.records import Turn
from studio.style import plain
from studio.words import ago, choices

__all__ = ["choose_conversation", "show_rules", "show_talk", "show_trouble"]

REASONS = {
    "asked": "asked for a person",
    "keyword": "used one of your words",
    "refused": "got no answer several times",
    "upset": "seems upset",
    "": "",
}
DELIVERY = {"waiting": "on its way", "sent": "delivered", "dead": "not delivered", "kept": "shown on your site"}
LONGEST_MESSAGE = 4_000
"""Characters of a person's answer, as the engine takes them."""
BEGINNING = datetime.min.replace(tzinfo=UTC)
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")


def choose_conversation(inbox: Inbox, me: str, wanted: str) -> InboxItem | None:
    """The conversation to look at, of those that wait and those that are taken over; None when there are none."""
    waiting, taken = inbox.listed("waiting"), inbox.listed("person")
    items = {item.id: item for item in [*waiting, *taken]}
    if not items:
        st.success("Nobody waits for a person.", icon=":material/check_circle:")
        return None

    def words(ident: str) -> str:
        item = items[ident]
        question = item.first_question[:50] or "(no question)"
        return f"{question} · {owner_words(item, me)} · {ago(item.last_at)}"

    st.caption(f"{len(waiting)} waiting, {len(taken)} with a person")
    labels = choices({ident: words(ident) for ident in items})
    index = list(labels).index(wanted) if wanted in items else 0
    key = f"talk_of_{len(labels)}_{wanted}"
    chosen = st.selectbox("Conversation", list(labels), index=index, format_func=labels.__getitem__, key=key)
    # In the address: it stays chosen when the list changes, on a reload, and in the link of a mail.
    st.query_params["conversation"] = chosen
    return items[chosen]


def owner_words(item: InboxItem, me: str) -> str:
    """With whom a conversation is."""
    if item.owner == "waiting":
        return "waits"
    return "yours" if item.member == me else f"with {item.member or 'somebody elsewhere'}"


def show_talk(api: Api, inbox: Inbox, item: InboxItem, me: str, channel: str) -> None:
    """What was said so far, looked at again every few seconds, and what can be done now."""
    reason = REASONS.get(item.reason, item.reason)
    st.caption(" · ".join(part for part in (channel, f"The shopper {reason}" if reason else "") if part))
    show_switch(inbox, item, me)

    @st.fragment(run_every=3.0)
    def watch() -> None:
        detail = api.conversation(inbox.bot, item.id)
        for author, entry in in_order(list(detail.turns or ()), inbox.messages(item.id)):
            show_entry(author, entry)

    watch()
    if item.owner == "person" and item.member == me:
        text = message_box("Answer the shopper", LONGEST_MESSAGE, f"answer_{item.id}")
        if text and did("", inbox.say, item.id, text):
            st.rerun()


def in_order(turns: list[Turn], said: list[PersonMessage]) -> Iterator[tuple[str, Turn | PersonMessage]]:
    """Turns and people's messages in the order in which they were said."""
    entries: list[tuple[str, Turn | PersonMessage]] = [("turn", turn) for turn in turns]
    entries += [("person", message) for message in said]
    yield from sorted(entries, key=lambda entry: entry[1].at or BEGINNING)


def show_entry(author: str, entry: Turn | PersonMessage) -> None:
    """One message, or a question with its answer."""
    if isinstance(entry, PersonMessage):
        with st.chat_message("assistant", avatar=":material/support_agent:"):
            st.markdown(plain(entry.text))
            failure = f": {plain(entry.failure)}" if entry.failure else ""
            st.caption(f"{plain(entry.member)} · {ago(entry.at)} · {DELIVERY[entry.delivery]}{failure}")
        return
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(plain(entry.question))
    if entry.reply.text:
        with st.chat_message("assistant", avatar=":material/smart_toy:"):
            st.markdown(plain(entry.reply.text))


def show_switch(inbox: Inbox, item: InboxItem, me: str) -> None:
    """Taking over and handing back."""
    if item.owner == "person" and not item.member:
        st.info("Somebody answered outside of this inbox, so your bot is silent here.", icon=":material/support_agent:")
        take, back = st.columns(2)
        if take.button("Take over", type="primary", width="stretch", icon=":material/support_agent:"):
            rerun_after(did("It is yours", inbox.claim, item.id))
        if back.button("Hand back to the bot", width="stretch", icon=":material/smart_toy:"):
            rerun_after(did("Your bot answers again", inbox.hand_back, item.id))
        return
    if item.owner == "person" and item.member != me:
        st.info(f"{item.member} has taken this conversation over.", icon=":material/support_agent:")
        return
    if item.owner == "waiting":
        st.warning("Your bot still answers here. Take over, and it is silent.", icon=":material/smart_toy:")
        if st.button("Take over", type="primary", icon=":material/support_agent:"):
            rerun_after(did("It is yours", inbox.claim, item.id))
        return
    st.success("It is yours: your bot is silent here.", icon=":material/support_agent:")
    if st.button("Hand back to the bot", icon=":material/smart_toy:"):
        rerun_after(did("Your bot answers again", inbox.hand_back, item.id))


def show_rules(inbox: Inbox, rules: Rules) -> None:
    """When the bot asks for a person, and who is told."""
    with st.form("handover_rules", border=False):
        on = st.toggle("People of my shop answer too", value=rules.on, help="Only if somebody really looks in here.")
        st.markdown("**The bot asks for a person when a shopper asks for one, and**")
        refusals = st.number_input("after so many answers in a row that it did not find", 1, 10, rules.refusals)
        upset = st.checkbox("when the shopper seems upset", value=rules.when_upset)
        keywords = st.text_area(
            "at these words (one on each line)", "\n".join(rules.keywords), height=80, placeholder="complaint"
        )
        st.markdown("**Who is told, and when somebody is there**")
        notify = st.text_area("E-mail addresses (one on each line)", "\n".join(rules.notify), height=80)
        slack = st.text_input(
            "Slack channel",
            rules.slack_channel,
            placeholder="C0123ABCD",
            help="Your people are told there and take over there, whatever channel the shopper is in. Link Slack on "
            "the page Channels first, and write /invite and the app's name in that channel. In Slack click the "
            "channel's name: the Channel ID stands at the end of About. On saving, your bot says hello there.",
        )
        timezone = st.text_input("Time zone", rules.hours.timezone, placeholder="Europe/Brussels")
        days = st.text_area(
            "Hours (one day on each line; empty: always)",
            "\n".join(rules.hours.days),
            height=130,
            placeholder="\n".join(f"{day} 09:00-17:00" for day in WEEK),
        )
        idle = st.number_input(
            "Hours without a word of yours, after which the bot answers again", 0.25, 168.0, rules.idle_hours
        )
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if sent:
        changes = {
            "on": on,
            "refusals": int(refusals),
            "when_upset": upset,
            "keywords": lines(keywords),
            "notify": lines(notify),
            "slack_channel": slack.strip(),
            "hours": {"timezone": timezone.strip() or "UTC", "days": lines(days)},
            "idle_hours": float(idle),
        }
        rerun_after(did("Saved", inbox.change_rules, changes))


def show_trouble(rules: Rules) -> None:
    """Why people of the shop are not told where they are."""
    if rules.on and rules.notify and not rules.mails:
        st.warning(
            "Nobody is told by mail: no mail server is set up here. Until there is one, look in here yourself.",
            icon=":material/warning:",
        )
    if rules.slack_problem:
        told = "Put it right, then save the rules below once more: your bot tries again."
        st.warning(
            f"Your people could not be told in Slack: {plain(rules.slack_problem)} {told}", icon=":material/warning:"
        )


def lines(text: str) -> list[str]:
    """Lines with something in them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def rerun_after(worked: bool) -> None:
    """Draw the page anew once something changed."""
    if worked:
        st.rerun()
