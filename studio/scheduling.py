"""Going live at a chosen time: choose it, see what waits, take it back, and read why something did not happen.

Never here: whether a version may go live; the engine asks the gate at that time.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from studio.actions import did
from studio.records import Bot
from studio.release_client import Release
from studio.style import plain

__all__ = ["moment_words", "show_schedule_form", "show_scheduled", "zone_of"]

FURTHEST = timedelta(days=90)
USUAL_TIME = time(9)


def zone_of(name: str | None) -> tuple[tzinfo, str]:
    """(zone, its name for a person); a browser that does not say where it is means UTC."""
    try:
        return (ZoneInfo(name), name.replace("_", " ")) if name else (UTC, "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC, "UTC"


def moment_words(moment: datetime, zone: tzinfo, name: str) -> str:
    """A date and time where the person is, with the zone."""
    return f"{moment.astimezone(zone):%A, %d %b %Y, %H:%M} ({name})"


def show_scheduled(release: Release, bot: Bot) -> None:
    """What goes live by itself, with a way to stop it; and why the last one did not."""
    if bot.schedule_note:
        st.warning(plain(bot.schedule_note), icon=":material/event_busy:")
        st.caption("Nothing was changed for your shoppers. Mend what is missing, then choose a new time.")
    if bot.scheduled is None:
        return
    at = moment_words(bot.scheduled.at, *zone_of(st.context.timezone))
    st.info(
        f"Version {bot.scheduled.number} goes live by itself on {at}, if it has proved itself by then.",
        icon=":material/event:",
    )
    if st.button("Do not go live by itself", icon=":material/event_busy:") and did(
        "Nothing goes live by itself", release.cancel_schedule
    ):
        st.rerun()


def show_schedule_form(release: Release, number: int) -> None:
    """Choose a day and a time."""
    zone, name = zone_of(st.context.timezone)
    today = datetime.now(zone).date()
    st.markdown(
        "Its proof is looked at again at that moment. If it does not pass, shoppers keep the version they have, and "
        "you read here why."
    )
    with st.form(f"schedule_{release.bot}_{number}", border=False):
        left, right = st.columns(2)
        day = left.date_input("Day", today + timedelta(days=1), min_value=today, max_value=today + FURTHEST)
        clock = right.time_input(f"Time ({name})", USUAL_TIME)
        sent = st.form_submit_button(f"Let version {number} go live then", icon=":material/event:")
    if sent and did("It waits for its time", release.schedule, number, datetime.combine(day, clock, tzinfo=zone)):
        st.rerun()
