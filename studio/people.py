"""The people who try a bot: invite them, see what they asked and thought, make a question or a correction of it.

Never here: who may be invited; the engine decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from studio.actions import answer_of, did
from studio.client import Api, ApiError
from studio.knowledge_client import Knowledge
from studio.proof_client import Proof
from studio.reach import show_reach
from studio.records import Invite, Rating
from studio.style import plain
from studio.words import ago, choices, count, when

__all__ = ["show_invites", "show_questionnaires", "show_ratings"]


def show_invites(api: Api, bot: str, version: int, server: str, limit: int = 5) -> None:
    """People asked to try the bot at the address of the server: send, copy the link, revoke."""
    invites = [invite for invite in api.invites(bot) if invite.status != "revoked"]
    turn = f"invite_round_{bot}"
    with st.form(f"invite_{bot}_{st.session_state.get(turn, 0)}", border=False):
        email = st.text_input("E-mail of someone who knows your shop", placeholder="friend@example.com")
        sent = st.form_submit_button("Invite", icon=":material/send:")
    if sent and not email.strip():
        st.warning("Enter the e-mail address of the person first.", icon=":material/edit:")
    elif sent:
        invite = answer_of(api.invite, bot, email.strip(), version)
        if invite is not None:
            st.session_state[turn] = st.session_state.get(turn, 0) + 1
            st.session_state[f"invite_link_{bot}"] = invite
            st.rerun()
    if (invite := st.session_state.get(f"invite_link_{bot}")) is not None:
        show_link(invite)
    else:
        show_reach(server)
    taken = sum(invite.status == "open" for invite in invites)
    st.caption(f"{taken} of {limit} places taken.")
    for invite in invites:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(invite.email)}** · {visit_words(invite)}")
            if st.button("Revoke", key=f"revoke_{invite.id}", icon=":material/person_remove:") and did(
                "Revoked", api.revoke_invite, bot, invite.id
            ):
                st.rerun()


def show_link(invite: Invite) -> None:
    """The link of a new invite, and whether its person has it already."""
    if invite.mailed:
        st.markdown(f"The invitation is on its way to **{plain(invite.email)}**. Its link, shown only now:")
    else:
        if invite.mail_problem:
            st.warning(f"The invitation was not mailed. {plain(invite.mail_problem)}", icon=":material/mail_off:")
        st.markdown(f"Send this link to **{plain(invite.email)}** yourself. It is shown only now.")
    st.code(invite.link or "", language=None, wrap_lines=True)
    show_reach(invite.link or "")


def visit_words(invite: Invite) -> str:
    """What an invited person did so far."""
    ends = "ends" if invite.status == "open" else "ended"
    if invite.opened_at is None:
        return f"not opened yet · {ends} {when(invite.expires_at)}"
    parts = [
        f"opened {ago(invite.opened_at)}",
        count(invite.questions, "question"),
        count(invite.ratings, "rating"),
        "finished" if invite.finished else "not finished yet",
        f"{ends} {when(invite.expires_at)}",
    ]
    return " · ".join(parts)


def show_ratings(proof: Proof, number: int) -> None:
    """What people asked and thought; any answer becomes a test question or a fixed answer."""
    try:
        ratings = proof.api.ratings(proof.bot, number)
    except ApiError as error:
        if error.status != 404:
            raise
        ratings = []
    told = [rating for rating in ratings if not rating.brought_in]
    if brought := [rating for rating in ratings if rating.brought_in]:
        st.markdown(f"**Brought in with the file:** {opinions(brought)}.")
        st.caption("What was asked, and by whom, is not in such a file. In the test only ratings given here count.")
    if not told:
        st.caption("No ratings yet. You and your testers rate each answer with one press.")
        return
    st.markdown(f"**{opinions(told)}**")
    st.dataframe([row_of(rating) for rating in told], hide_index=True, width="stretch")
    by_id = {rating.id: rating for rating in told if rating.question}
    if not by_id:
        return
    labels = choices({name: f"{'✓' if one.helpful else '✗'} {one.question[:70]}" for name, one in by_id.items()})
    name = st.selectbox("Make something of an answer", list(labels), format_func=labels.__getitem__)
    chosen = by_id[name]
    with st.container(border=True):
        st.markdown(f"**{plain(chosen.question)}**")
        st.markdown(plain(chosen.answer))
        if chosen.comment:
            st.caption(f"“{plain(chosen.comment)}” · {plain(chosen.tester)}")
        make_case(proof, chosen)
        make_answer(proof, chosen)


def opinions(ratings: Sequence[Rating]) -> str:
    """How many found the answer helpful, and how many people that were."""
    liked = sum(rating.helpful for rating in ratings)
    people = count(len({rating.person or rating.tester for rating in ratings}), "person", "people")
    say = "says" if len(ratings) == 1 else "say"
    return f"{liked} of {count(len(ratings), 'rating')} {say} the answer helped · from {people}"


def row_of(rating: Rating) -> dict[str, object]:
    """A rating as a row."""
    return {
        "Helped": "✓ yes" if rating.helpful else "✗ no",
        "Stars": "★" * (rating.stars or 0),
        "Question": rating.question or "(not kept any more)",
        "Answer": rating.answer,
        "Comment": rating.comment,
        "Who": rating.tester,
        "When": when(rating.at),
    }


def make_case(proof: Proof, rating: Rating) -> None:
    """A test question from what somebody asked."""
    if st.button("Make a test question of this", icon=":material/add_task:", key=f"case_{rating.id}"):
        fields = {"question": rating.question, "expects": "answer", "approved": False}
        did("Added: say under Test questions what a right answer holds.", proof.api.add_test_case, proof.bot, fields)


def make_answer(proof: Proof, rating: Rating) -> None:
    """The answer this question gets from now on, in the shop's own words."""
    with st.expander("Fix the answer yourself", icon=":material/push_pin:"), st.form(f"pin_{rating.id}", border=False):
        words = st.text_area("From now on your bot says", key=f"words_{rating.id}")
        sent = st.form_submit_button("Fix it", icon=":material/push_pin:")
    if sent:
        did("Fixed. It holds from the next answer on.", Knowledge(proof.api, proof.bot).pin, [rating.question], words)


def show_questionnaires(proof: Proof, number: int) -> None:
    """What testers said of the whole assistant."""
    found = proof.questionnaires(number)
    if not found:
        st.caption("Nobody has answered the three closing questions yet.")
        return
    for item in found:
        st.markdown(
            f"**{plain(item.tester)}** · would use it: {item.would_use} of 5 · believed the answers: {item.trusts} of 5"
        )
        if item.missing:
            st.caption(f"“{plain(item.missing)}”")
