"""A member's own account: the shop's name and web address and the password, to be changed, and the subscription.

Never here: signing in and out, or what counts as a good password.
"""

from __future__ import annotations

import streamlit as st

from studio.actions import did
from studio.client import Api
from studio.records import Me, Subscription
from studio.words import when

__all__ = ["show_password", "show_shop", "show_subscription"]

SUBSCRIPTIONS = {
    "active": "It is paid.",
    "trialing": "You are trying it out.",
    "past_due": "The last payment failed. It is tried again; the mail about it says how to pay.",
    "unpaid": "It is not paid. The mail about the last payment says how to pay.",
    "paused": "It is paused.",
    "incomplete": "The first payment is not finished.",
    "incomplete_expired": "The first payment was not finished in time.",
    "canceled": "It has ended. Whoever runs this installation can tell how to subscribe again.",
}
"""What each status of a subscription means."""


def show_shop(api: Api, me: Me) -> None:
    """The shop's name and address, to be changed."""
    shop = me.merchant
    with st.form(f"shop_{shop.name}_{shop.address}", border=False):
        name = st.text_input("Name of your shop", value=shop.name, autocomplete="organization")
        address = st.text_input(
            "Web address of your shop (optional)", value=shop.address, placeholder="https://your-shop.example",
            help="Proposed where a bot reads your website, and where it is put on it.", autocomplete="url",
        )  # fmt: skip
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if sent and did("Saved", api.change_shop, name, address):
        st.rerun()


def show_subscription(api: Api) -> None:
    """What the shop has subscribed to; nothing where this installation takes no payments."""
    billing = api.billing()
    if not billing.connected:
        return
    st.subheader("Your subscription")
    if billing.subscription is None:
        st.caption("There is none for this shop. Whoever runs this installation can tell how to subscribe.")
        return
    st.markdown(subscription_words(billing.subscription))
    st.caption(f"As the payments service said on {when(billing.subscription.as_of)}.")


def subscription_words(subscription: Subscription) -> str:
    """A subscription in a sentence or two."""
    words = SUBSCRIPTIONS.get(subscription.status, subscription.status)
    if subscription.period_end is None or subscription.status not in ("active", "trialing"):
        return words
    then = "ends" if subscription.ends else "goes on"
    return f"{words} This period lasts until {when(subscription.period_end)}; then it {then}."


def show_password(api: Api) -> None:
    """A new password in place of the present one. It is passed on exactly as typed."""
    turn = st.session_state.get("password_round", 0)
    with st.form(f"password_{turn}", border=False):
        present = st.text_input("Present password", type="password", autocomplete="current-password")
        first = st.text_input("New password, at least 8 characters", type="password", autocomplete="new-password")
        second = st.text_input("New password once more", type="password", autocomplete="new-password")
        sent = st.form_submit_button("Change the password", icon=":material/key:")
    if not sent:
        return
    if not present or not first:
        st.error("Enter your present password, and the new one twice.", icon=":material/error:")
    elif first != second:
        st.error("The two new passwords are not the same.", icon=":material/error:")
    elif did("Your password is changed. Every other device was signed out.", api.change_password, present, first):
        st.session_state["password_round"] = turn + 1
        st.rerun()
