"""Plots: figures people would rather see than read, with an interval where they are estimates.

Never here: Streamlit, or fetching of figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import plotly.graph_objects as go

from studio.records import Insights, Metric
from studio.words import percent, seconds

__all__ = ["gate_chart", "metric_sentence", "questions_chart"]

GOOD, BAD, OPEN = "#1b8a5a", "#c7522a", "#8a7a2f"
"""Readable on the studio's light and dark backgrounds alike; never the only sign of a verdict."""
VERDICTS = {
    "pass": (GOOD, "circle", "✓ passed"),
    "fail": (BAD, "x", "✗ not passed"),
    "not_enough_evidence": (OPEN, "circle-open", "… more needed"),
}
ROW_HEIGHT = 62


def gate_chart(metrics: Sequence[Metric], unit: str) -> go.Figure | None:
    """Each metric of one unit with its interval and what it had to be; None when there are none."""
    rows = [metric for metric in metrics if metric.unit == unit]
    if not rows:
        return None
    scale = 100.0 if unit == "share" else 0.001
    figure = go.Figure()
    for at, metric in enumerate(reversed(rows)):
        colour, symbol, words = VERDICTS[metric.verdict]
        limit = metric.threshold * scale
        figure.add_shape(
            type="line", x0=limit, x1=limit, y0=at - 0.32, y1=at + 0.32, line={"color": "#7d7d7d", "width": 3}
        )
        if metric.value is None:
            continue
        low, high = metric.interval or (metric.value, metric.value)
        figure.add_trace(
            go.Scatter(
                x=[metric.value * scale],
                y=[at],
                mode="markers",
                marker={"color": colour, "size": 13, "symbol": symbol, "line": {"width": 2, "color": colour}},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [(high - metric.value) * scale],
                    "arrayminus": [(metric.value - low) * scale],
                    "color": colour,
                    "thickness": 3,
                    "width": 6,
                },
                hovertemplate=f"{metric.label}: {words}<extra></extra>",
                showlegend=False,
            )
        )
    figure.update_layout(
        height=ROW_HEIGHT * len(rows) + 70,
        margin={"l": 0, "r": 16, "t": 8, "b": 36},
        xaxis={
            "title": "per cent" if unit == "share" else "seconds",
            "range": [0, 103] if unit == "share" else None,
            "rangemode": "tozero",
            "fixedrange": True,
        },
        yaxis={
            "tickvals": list(range(len(rows))),
            "ticktext": [wrapped(metric.label) for metric in reversed(rows)],
            "range": [-0.6, len(rows) - 0.4],
            "fixedrange": True,
            "automargin": True,
        },
    )
    return figure


def wrapped(label: str, width: int = 24) -> str:
    """A label on several lines, so that it leaves room for the plot on a telephone."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


def metric_sentence(metric: Metric) -> str:
    """The same in words: value, how sure, what it had to be, and the verdict."""
    words = VERDICTS[metric.verdict][2]
    limit = ("at least " if metric.direction == "at_least" else "at most ") + figure_words(
        metric.threshold, metric.unit
    )
    if metric.value is None:
        said = f"{metric.label}: nothing measured yet; has to be {limit}. {words}"
    else:
        said = f"{metric.label}: {figure_words(metric.value, metric.unit)}"
        if metric.interval:
            low, high = (figure_words(end, metric.unit) for end in metric.interval)
            said += f" (most likely {low} to {high})"
        said += f"; has to be {limit}. {words}"
    if metric.n < metric.needed:
        said += f", {metric.n} of {metric.needed} so far"
    return said + (f". {metric.detail}" if metric.detail else "")


def figure_words(value: float, unit: str) -> str:
    """A value with its unit."""
    return percent(value) if unit == "share" else seconds(value)


def questions_chart(insights: Insights) -> go.Figure:
    """Questions over time, answered and refused stacked."""
    times = [point.at for point in insights.series]
    figure = go.Figure(
        [
            go.Bar(x=times, y=[point.answered for point in insights.series], name="Answered", marker_color=GOOD),
            go.Bar(
                x=times,
                y=[point.refused for point in insights.series],
                name="No answer found",
                marker={"color": BAD, "pattern": {"shape": "/", "bgcolor": BAD, "fgcolor": "#ffffff"}},
            ),
        ]
    )
    figure.update_layout(
        barmode="stack",
        height=320,
        margin={"l": 0, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.12},
        yaxis={"title": "questions", "rangemode": "tozero", "fixedrange": True},
        xaxis={"fixedrange": True, "tickformat": "%d %b" if daily(times) else "%H:%M"},
    )
    return figure


def daily(times: Sequence[datetime]) -> bool:
    """Whether the points are a day or more apart."""
    return len(times) < 2 or times[1] - times[0] >= timedelta(days=1)
