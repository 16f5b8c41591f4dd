"""What a member changes of their own account: the shop's name and web address, and the password.

Never here: signing in and out, or what counts as a good password.
"""

from __future__ import annotations

import streamlit as st

from studio.actions import did
from studio.client import Api
from studio.records import Me

__all__ = ["show_password", "show_shop"]


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
