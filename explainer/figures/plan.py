"""Charts as they are asked for in the data file: a form and its options.

A `Plan` is a chart whose options have been understood. What cannot be drawn, or would mislead, is a
problem here, before anything is drawn.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from explainer.charts.form import Column, Form, Row, claims_named
from explainer.charts.forms import FORMS
from explainer.data.claims import Numbers, Series
from explainer.data.dataset import Dataset
from explainer.data.models import Chart
from explainer.data.quantities import compatible
from explainer.data.walk import ids, names_of
from explainer.data.yaml import Document
from explainer.problems import Fault, KeyPath, Report, Rule, choices
from explainer.voice.voice import Voice


@dataclass(frozen=True)
class Plan:
    """A chart whose options have been understood: what it takes to draw it in a language."""

    id: str
    chart: Chart
    form: Form
    options: Any
    document: Document
    """Where it is written, for its problems,"""
    path: KeyPath
    """and at which place."""
    claims: Sequence[str] = ()
    series: Sequence[str] = ()
    """The series that it draws,"""
    columns_drawn: Sequence[Numbers] = ()
    """and what their columns of numbers hold that it draws."""
    sources: Sequence[str] = ()
    """Sources that it names itself, and those of its series."""
    illustrative: bool = False

    def columns(self, rows: Sequence[Row]) -> Sequence[Column]:
        """The columns of its table: the form's, or every field of rows that no form made."""
        if self.form.columns:
            return self.form.columns
        return [Column("", name) for name in dict.fromkeys(key for row in rows for key in row)]

    def head(self, column: Column, voice: Voice) -> str:
        """The head of a column in a language."""
        return voice.language.word(column.head) if column.head else column.field


def plan_charts(report: Report, voice: Voice) -> dict[str, Plan]:
    """The charts of the data file that can be drawn; what is wrong with the others is reported."""
    plans: dict[str, Plan] = {}
    document = voice.dataset.document
    for name, options in voice.dataset.options.items():
        own = Report(document, ("charts", name))
        with own.catching():
            plan = _plan(own, voice, name, options)
            if plan is not None and not own.failed:
                plans[name] = plan
        report.add(*own.problems)
    return plans


def _plan(report: Report, voice: Voice, name: str, options: BaseModel) -> Plan | None:
    """The plan of a chart; None where it names what is not there, which is told of as such."""
    dataset, chart = voice.dataset, voice.dataset.charts[name]
    form = FORMS[chart.form]
    _check_texts(report, voice, name, chart)
    named = [id for id in ids(options) if id.section == "claims"]
    # Of lists in lists, such as several chains, two may hold the same.
    drawn = [id.name for id in named if sum(isinstance(part, int) for part in id.path) == 1]
    for claim in {claim for claim in drawn if drawn.count(claim) > 1}:
        message = f'"{name}" names "{claim}" twice'
        report.say(Rule.BAD_CHART, message, "name it once", needle=claim)
    claims, series = claims_named(options), names_of(options, "series")
    sound = all(dataset.knows(id.section, id.name) for id in ids(options))
    sound &= all(claim in dataset.quantities for claim in claims)
    if report.failed or not sound or any(entry not in dataset.series for entry in series):
        return None
    if not compatible(dataset.quantities[claim] for claim in form.axis(options)):
        units = choices(dict.fromkeys(dataset.quantities[c].unit.symbol for c in claims))
        raise Fault(
            Rule.UNIT_MISMATCH,
            f'the claims of "{name}" do not share a unit: {units}',
            "one axis holds one kind of unit; make two charts",
        )
    reasons = form.misleads(options, voice)
    for reason in reasons:
        report.say(Rule.BAD_CHART, reason, "a chart that would mislead is not drawn")
    rows = [] if reasons else form.content(options, voice).rows
    drawn_columns = [
        (entry, c) for entry in series for c in _columns(options, dataset.series[entry])
    ]
    money = [(entry, dataset.series[entry].about(c)) for entry, c in drawn_columns]
    check_years(report, dataset, form.axis(options), money, bool(chart.across_years))
    sources = names_of(options, "sources")
    sources += [source for row in rows for source in str(row.get("sources") or "").split()]
    sources += [source for entry in series for source in dataset.series[entry].chain]
    return Plan(
        name,
        chart,
        form,
        options,
        dataset.document,
        ("charts", name),
        claims,
        series,
        [about for _, about in money],
        list(dict.fromkeys(sources)),
    )


def _columns(options: Any, series: Series) -> list[str]:
    """The columns of numbers that options draw: what they name, or the only one."""
    several = options.y if isinstance(options.y, list) else [options.y]
    named = [*(list(filter(None, several)) or series.counted[:1]), getattr(options, "x", "")]
    return [column for column in named if column in series.counted]


def _check_texts(report: Report, voice: Voice, name: str, chart: Chart) -> None:
    """Report an empty title or description, and a twin that is the chart itself."""
    for key, text in (("title", chart.title), ("description", chart.description)):
        if not voice.local(text).strip():
            report.say(Rule.BAD_CHART, f'the {key} of "{name}" is empty', path=(key,))
    if chart.twin == name:
        hint = "name the chart with the other scale"
        report.say(Rule.BAD_CHART, "a chart cannot be its own twin", hint, path=("twin",))


def check_years(
    report: Report,
    dataset: Dataset,
    claims: Sequence[str],
    series: Sequence[tuple[str, Numbers]],
    said: bool,
) -> None:
    """Report nominal money of several years on one axis, unless readers are told why."""
    years = _nominal_years(dataset, claims)
    nominal = dict.fromkeys(name for name, about in series if about.money == "nominal")
    years += [year for name in nominal for year in _series_years(dataset.series[name])]
    if len(years) > 1 and not said:
        report.say(
            Rule.BAD_CHART,
            f"nominal money of different years would share an axis: {choices(years)}",
            "say in across_years: why that is sound, which readers will see, or draw fewer years",
        )


def _nominal_years(dataset: Dataset, claims: Sequence[str]) -> list[str]:
    """The years or spans of years whose nominal money the claims state, if it is money."""
    spans: dict[str, None] = {}
    for name in claims:
        if not dataset.quantities[name].unit.currency:
            continue
        for ground in dataset.grounds(name) or [name]:
            claim = dataset.claims[ground]
            years = dict.fromkeys(re.findall(r"\d{4}", claim.as_of or ""))
            if claim.money == "nominal" and years:
                spans["–".join(years)] = None
    return sorted(spans)


def _series_years(series: Series) -> list[str]:
    """The first and last year that a series mentions."""
    if series.time:
        years = sorted({str(cell)[:4] for cell in series.cells(series.time)})
    else:
        cells = [cell for row in series.rows for cell in row if isinstance(cell, int)]
        years = [str(year) for year in sorted({cell for cell in cells if 1900 <= cell <= 2099})]
    return list(dict.fromkeys([*years[:1], *years[-1:]]))
