"""The go-live page's parts: the live switch, the versions, the keys, and what to copy.

Never here: whether a version may go live; the engine decides.
"""

from __future__ import annotations

import streamlit as st

from studio.actions import answer_of, did
from studio.client import Api
from studio.proof import missing_steps
from studio.reach import show_reach
from studio.records import Bot, GateReport, Version
from studio.snippets import (
    KEY_PLACEHOLDER,
    agent_example,
    curl_example,
    javascript_example,
    origin_of,
    python_example,
    widget_line,
)
from studio.style import plain
from studio.words import version_remark, version_words, when

__all__ = ["show_candidate", "show_connect", "show_live", "show_versions"]


def show_live(api: Api, bot: Bot, version: Version | None = None) -> None:
    """What shoppers get right now, and the switches for it."""
    if bot.live is None:
        st.info("Your bot is not live yet. Shoppers cannot see it.", icon=":material/visibility_off:")
        return
    if bot.paused:
        st.warning(
            f"Version {bot.live} is paused. Shoppers are told to come back later.", icon=":material/pause_circle:"
        )
    else:
        st.success(f"Version {bot.live} is live and answers your shoppers.", icon=":material/check_circle:")
    if version is not None and (remark := version_remark(version.origin, None, version.note)):
        st.caption(plain(remark))
    switch, back = st.columns(2)
    if bot.paused:
        if switch.button("Resume", type="primary", width="stretch", icon=":material/play_arrow:"):
            rerun_after(did("Live again", api.resume, bot.id))
    elif switch.button("Pause", width="stretch", icon=":material/pause:"):
        rerun_after(did("Paused", api.pause, bot.id))
    label = f"Go back to version {bot.previous}" if bot.previous else "No earlier version"
    if back.button(label, disabled=bot.previous is None, width="stretch", icon=":material/undo:"):
        rerun_after(did(f"Version {bot.previous} is live again", api.rollback, bot.id))


def show_candidate(api: Api, bot: Bot, version: Version, report: GateReport, approved: int) -> None:
    """The newest trained version: put it live, or say what is still missing."""
    if remark := version_remark(version.origin, None, version.note):
        st.caption(plain(remark))
    if report.verdict == "pass":
        st.markdown(f"**Version {version.number}** has proved itself and can replace what shoppers see now.")
        if st.button(f"Put version {version.number} live", type="primary", icon=":material/rocket_launch:"):
            rerun_after(did(f"Version {version.number} is live", api.deploy, bot.id, version.number))
        return
    st.markdown(f"**Version {version.number}** cannot go live yet. This is what is missing:")
    for step in missing_steps(report, approved):
        st.markdown(f"- {step}")


def show_versions(versions: list[Version]) -> None:
    """Every version with what became of it."""
    st.dataframe(
        [
            {
                "Version": version.number,
                "State": version_words(version.status),
                "Pages and files": version.documents,
                "Products": version.products,
                "Made": when(version.created_at),
                "Remark": version_remark(version.origin, version.failure, version.note),
            }
            for version in versions
        ],
        hide_index=True,
        width="stretch",
    )


def show_connect(api: Api, bot: Bot, server: str, shop_address: str) -> None:
    """The widget's line, and endpoints for developers, with their keys; the shop's own address is proposed."""
    made = st.session_state.get(f"key_{bot.id}", {})
    site, developers = st.tabs(["On your website", "For developers"])
    with site:
        st.markdown("Say where your shop is; then copy one line into its pages.")
        with st.form("publishable", border=False):
            origins = st.text_area(
                "Addresses of your shop, one on each line",
                value=origin_of(shop_address),
                placeholder="https://your-shop.example",
                help="Only pages of these addresses may show your bot.",
                height=80,
            )
            if st.form_submit_button("Make the line", type="primary", icon=":material/code:"):
                make_key(api, bot.id, "publishable", [typed_origin(line) for line in origins.split()])
        if key := made.get("publishable"):
            st.markdown("Paste this before `</body>`. The key is shown only now.")
            st.code(widget_line(server, bot.id, key), language="html", wrap_lines=True)
        show_reach(server)
    with developers:
        st.markdown("Your bot speaks the OpenAI protocol. Keep secret keys on a server, never in a page.")
        if st.button("Make a secret key", icon=":material/key:"):
            make_key(api, bot.id, "secret", [])
        key = made.get("secret", KEY_PLACEHOLDER)
        if key != KEY_PLACEHOLDER:
            st.markdown("Your new key. It is shown only now.")
            st.code(key, language=None, wrap_lines=True)
        show_reach(server)
        curl, python, javascript, agents = st.tabs(["curl", "Python", "JavaScript", "AI agents"])
        curl.code(curl_example(server, bot.id, key), language="bash", wrap_lines=True)
        python.code(python_example(server, bot.id, key), language="python", wrap_lines=True)
        javascript.code(javascript_example(server, bot.id, key), language="javascript", wrap_lines=True)
        agents.markdown(
            "Agents that speak MCP can look up your products and answers. They cannot change or buy anything."
        )
        agents.code(agent_example(server, bot.id, key), language="json", wrap_lines=True)
    show_keys(api, bot.id)


def typed_origin(typed: str) -> str:
    """The origin of an address as people type it: without https, or with a path. What is none stays, to be refused."""
    return origin_of(typed if "://" in typed else f"https://{typed}") or typed


def show_keys(api: Api, bot: str) -> None:
    """Keys in use, each with a way to end it."""
    keys = api.keys(bot)
    if not keys:
        return
    st.markdown("**Keys in use**")
    for key in keys:
        with st.container(horizontal=True, vertical_alignment="center"):
            kind = "website" if key.kind == "publishable" else "secret"
            where = f" · {', '.join(key.origins)}" if key.origins else ""
            st.markdown(f"`{key.prefix}…` · {kind}{where} · {when(key.created_at)}")
            if st.button("Delete", key=f"delete_key_{key.id}", icon=":material/delete:"):
                rerun_after(did("Key deleted", api.delete_key, bot, key.id))


def make_key(api: Api, bot: str, kind: str, origins: list[str]) -> None:
    """Make a key and keep it for this tab, as it is shown only once."""
    key = answer_of(api.create_key, bot, kind, origins)
    if key is not None:
        st.session_state[f"key_{bot}"] = {**st.session_state.get(f"key_{bot}", {}), kind: key.key or ""}
        st.rerun()


def rerun_after(done: bool) -> None:
    """Draw the page anew when something was done."""
    if done:
        st.rerun()
