"""Dashboard: how many questions, how many answered, how fast, and what is missing."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from studio.charts import questions_chart
from studio.drifting import show_drift, show_measured
from studio.page import link_to, page
from studio.style import plain
from studio.words import ago, percent, seconds

SPANS = {"Last day": (1, "hour"), "Last 7 days": (7, "day"), "Last 30 days": (30, "day")}

with page("dashboard") as context:
    drift = None if context.bot.live is None else context.release.drift()
    if drift is not None:
        show_drift(drift)
    chosen = st.segmented_control("Time", list(SPANS), default="Last 7 days", label_visibility="collapsed")
    days, interval = SPANS[chosen or "Last 7 days"]
    until = datetime.now(UTC).replace(microsecond=0)
    since = until - timedelta(days=days)
    insights = context.api.insights(context.bot.id, since.isoformat(), until.isoformat(), interval)
    totals = insights.totals
    if not totals.questions:
        st.info("No shopper has asked anything in this time.", icon=":material/lightbulb:")
        link_to("live", "Put your bot on your site" if context.bot.live is None else "See how to connect your site")
    else:
        cells = st.columns(4)
        cells[0].metric("Conversations", f"{totals.conversations:,}")
        cells[1].metric("Questions", f"{totals.questions:,}")
        cells[2].metric("Answered", percent(totals.answered / totals.questions))
        cells[3].metric("95 % answered in", "–" if totals.p95_ms is None else seconds(totals.p95_ms))
        st.plotly_chart(questions_chart(insights), width="stretch", config={"displayModeBar": False})
        rated = totals.helpful + totals.unhelpful
        if rated:
            st.markdown(f"**{percent(totals.helpful / rated)}** of {rated:,} ratings say the answer helped.")
        with st.expander("The same as a table"):
            rows = [
                {"From": point.at, "Questions": point.questions, "Answered": point.answered, "No answer": point.refused}
                for point in insights.series
            ]
            st.dataframe(rows, hide_index=True, width="stretch")
    if insights.unanswered:
        st.subheader("Questions without an answer")
        for missed in insights.unanswered[:20]:
            st.markdown(f"- {plain(missed.question)} · {ago(missed.at)}")
        link_to("knowledge", "Add what is missing")
    if drift is not None:
        show_measured(drift)
