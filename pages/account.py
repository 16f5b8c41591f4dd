"""Account: who is signed in, the shop and the password, mails of this installation, and signing out."""

import streamlit as st

from studio.own_account import show_password, show_shop, show_subscription
from studio.page import page
from studio.sign_in import sign_out
from studio.style import plain
from studio.words import when

with page("account") as context:
    me = context.me
    with st.container(border=True):
        st.markdown(f"**{plain(me.merchant.name)}**  \n{plain(me.member.email)} · {me.role or me.member.role}")
    if st.button("Sign out", type="primary", icon=":material/logout:"):
        sign_out()
    st.caption("Signing out ends this session everywhere it may have been copied to.")
    st.subheader("Your shop")
    show_shop(context.api, me)
    show_subscription(context.api)
    st.subheader("Your password")
    show_password(context.api)
    st.subheader("Mails")
    mails = context.api.outbox()
    if not mails:
        st.caption("This installation has not written any mails.")
    else:
        st.caption("No mail server is connected, so mails are kept here.")
    for mail in mails:
        with st.expander(f"{mail.subject} · {when(mail.at)}"):
            st.markdown(f"To {plain(mail.to)}")
            st.code(mail.text, language=None, wrap_lines=True)
