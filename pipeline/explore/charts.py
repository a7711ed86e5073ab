"""The charts, as Vega-Lite made by Altair: their numbers are in them, and in the table that stands beside each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from pipeline.explore.rows import Row
from pipeline.explore.web import chart_data
from pipeline.explore.words import Words

_INK, _SOFT, _MAIN, _SECOND = "#1d2730", "#55626e", "#14506b", "#c46a1b"
_SERIES = ["#14506b", "#c46a1b", "#2f7d3a", "#8a3ea1", "#8c1d2f"]
_SHAPES = ["circle", "square", "triangle-up", "diamond", "cross"]


def _finished(chart: Any, *, height: int = 220) -> str:
    fit = alt.AutoSizeParams(type="fit", contains="padding")
    made = chart.properties(width="container", height=height, autosize=fit, background="transparent")
    made = made.configure_view(stroke=None)
    made = made.configure_axis(
        labelColor=_SOFT, titleColor=_SOFT, gridColor="#e6eaed", domainColor="#b9c2c9", tickColor="#b9c2c9",
        labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
    ).configure_legend(labelColor=_INK, titleColor=_SOFT, orient="bottom", labelLimit=320, columns=1, labelFontSize=12)  # fmt: skip
    return chart_data(made.to_dict(validate=False))


def months(found: Sequence[Row], words: Words) -> str:
    """Conferences by month, a bar each."""
    data = alt.InlineData(values=[{"month": f"{one['month']}-01", "n": one["conferences"]} for one in found])
    bars = alt.Chart(data).mark_bar(color=_MAIN).encode(
        x=alt.X("yearmonth(month):T", title=None), y=alt.Y("n:Q", title=words("conferences"), axis=alt.Axis(tickMinStep=1))
    )  # fmt: skip
    return _finished(bars)


def years(found: Sequence[Row], words: Words) -> str:
    """A year's median as a line with points, its middle half as a band."""
    data = alt.InlineData(values=[{**one, "year": str(one["year"])} for one in found])
    base = alt.Chart(data).encode(x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)))
    band = base.mark_area(opacity=0.2, color=_MAIN).encode(
        y=alt.Y("q1:Q", title=words("median_band")), y2="q3:Q"
    )
    line = base.mark_line(color=_MAIN, point=alt.OverlayMarkDef(size=60, color=_MAIN)).encode(y="median:Q")
    return _finished(band + line)


def medians(found: Sequence[tuple[str, float]], words: Words) -> str:
    """Medians of groups, a bar each, the largest first."""
    data = alt.InlineData(values=[{"name": name, "median": value} for name, value in found])
    bars = alt.Chart(data).mark_bar(color=_MAIN).encode(
        y=alt.Y("name:N", sort="-x", title=None, axis=alt.Axis(labelLimit=160)), x=alt.X("median:Q", title=words("median"))
    )  # fmt: skip
    return _finished(bars, height=22 * len(found) + 40)


def against(found: Sequence[Row], words: Words) -> str:
    """Targets against results, a point each; on the line a target was met to the letter. Shape tells met from missed too."""
    states = {1: words("met"), 0: words("missed"), None: words("open")}
    values = [
        {"target": one["target_number"], "result": one["result_number"], "state": states[one["attained"]]}
        for one in found
        if (one["target_number"] or 0) > 0 and (one["result_number"] or 0) > 0
    ]
    ends = [one[name] for one in values for name in ("target", "result")] or [1, 10]
    scale = alt.Scale(type="log", domain=[min(ends) * 0.8, max(ends) * 1.25], nice=False)
    axis = alt.Axis(tickCount=5, format="~s")
    seen = {one["state"] for one in values}
    looks = dict(
        zip(states.values(), ((_MAIN, "circle"), (_SECOND, "triangle-up"), (_SOFT, "square")), strict=True)
    )
    domain = [name for name in looks if name in seen]
    colours, shapes = [looks[name][0] for name in domain], [looks[name][1] for name in domain]
    points = alt.Chart(alt.InlineData(values=values)).mark_point(size=70, filled=True, opacity=0.75).encode(
        x=alt.X("target:Q", scale=scale, title=words("target"), axis=axis),
        y=alt.Y("result:Q", scale=scale, title=words("achieved"), axis=axis),
        color=alt.Color("state:N", title=None, scale=alt.Scale(domain=domain, range=colours)),
        shape=alt.Shape("state:N", title=None, scale=alt.Scale(domain=domain, range=shapes)),
    )  # fmt: skip
    line = alt.Chart(alt.InlineData(values=[{"at": min(ends) * 0.8}, {"at": max(ends) * 1.25}])).mark_line(
        color=_SOFT, strokeDash=[4, 4]
    ).encode(x=alt.X("at:Q", scale=scale), y=alt.Y("at:Q", scale=scale))  # fmt: skip
    return _finished(line + points, height=300)


def series(found: Sequence[Row], names: Sequence[str]) -> str:
    """One indicator of several units over the years, a line each with a shape of its own."""
    values = [
        {"year": str(one["year"]), "value": one["achieved_number"], "unit": one["unit_name"]} for one in found
    ]
    colours = alt.Scale(domain=list(names), range=_SERIES[: len(names)])
    shapes = alt.Scale(domain=list(names), range=_SHAPES[: len(names)])
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)), y=alt.Y("value:Q", title=None),
        color=alt.Color("unit:N", title=None, scale=colours),
    )  # fmt: skip
    marks = base.mark_point(size=90, filled=True).encode(shape=alt.Shape("unit:N", title=None, scale=shapes))
    return _finished(base.mark_line() + marks, height=280)
