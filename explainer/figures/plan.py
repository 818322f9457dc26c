"""Charts as they are asked for in the data file: a form and its options.

A `Plan` is a chart whose options have been understood. What cannot be drawn, or would mislead, is a
problem here, before anything is drawn.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from explainer.charts.form import REFERENCE, Column, Form, OptionError, Row
from explainer.charts.forms import FORMS
from explainer.data.dataset import Dataset
from explainer.data.models import Chart
from explainer.data.quantities import QuantityError, compatible
from explainer.data.validate import translated
from explainer.data.yaml import Document
from explainer.data.yaml import Path as KeyPath
from explainer.problems import Report, Rule, choices, did_you_mean
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
    """The series that it draws."""
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


def plan_charts(report: Report, dataset: Dataset, voice: Voice) -> dict[str, Plan]:
    """The charts of the data file that can be drawn; what is wrong with the others is reported."""
    plans: dict[str, Plan] = {}
    for name, chart in dataset.charts.items():
        own = Report(dataset.document, ("charts", name))
        plan = _plan(own, dataset, voice, name, chart)
        report.add(*own.problems)
        if plan is not None and not own.problems:
            plans[name] = plan
    return plans


def _plan(report: Report, dataset: Dataset, voice: Voice, name: str, chart: Chart) -> Plan | None:
    document, path = dataset.document, ("charts", name)
    form = FORMS.get(chart.form)
    if form is None:
        hint = did_you_mean(chart.form, FORMS) or f"the forms are {choices(FORMS, 20)}"
        report.say(Rule.BAD_CHART, f'there is no form "{chart.form}"', hint, path=("form",))
        return None
    try:
        options = form.options.model_validate(chart.options)
    except ValidationError as error:
        known = [*Chart.model_fields, *form.options.model_fields]
        report.add(
            *(translated(item, form.options, document, path, known) for item in error.errors())
        )
        return None
    claims, series = form.claims(options), form.series(options)
    _check_names(report, dataset, form, options, chart)
    _check_texts(report, dataset, voice, name, chart)
    for claim in {claim for claim in claims if claims.count(claim) > 1}:
        message = f'"{name}" names "{claim}" twice'
        report.say(Rule.BAD_CHART, message, "name it once", needle=claim)
    usable = all(claim in dataset.quantities for claim in claims)
    if report.problems or not usable or any(entry not in dataset.series for entry in series):
        return None
    if not compatible(dataset.quantities[claim] for claim in form.axis(options)):
        units = choices(dict.fromkeys(dataset.quantities[c].unit.symbol for c in claims))
        report.say(
            Rule.UNIT_MISMATCH,
            f'the claims of "{name}" do not share a unit: {units}',
            "one axis holds one kind of unit; make two charts",
        )
        return None
    rows = _rows(report, form, options, chart, voice)
    if rows is None:
        return None
    check_years(report, dataset, form.axis(options), series, bool(chart.across_years))
    sources = [*form.sources(options)]
    sources += [name for row in rows for name in str(row.get("sources") or "").split()]
    sources += [source for entry in series for source in dataset.series[entry].chain]
    return Plan(
        name, chart, form, options, document, path, claims, series, list(dict.fromkeys(sources))
    )


def _check_names(report: Report, dataset: Dataset, form: Form, options: Any, chart: Chart) -> None:
    """Report the ids that options name and the data file does not hold."""
    for section, named in (("series", form.series(options)), ("sources", form.sources(options))):
        for entry in dict.fromkeys(named):
            if not dataset.knows(section, entry):
                noun = {"series": "series", "sources": "source"}[section]
                rule = Rule.UNKNOWN_SOURCE if section == "sources" else Rule.BAD_CHART
                hint = did_you_mean(entry, dataset.names(section)) or f"add it to {section}:"
                report.say(rule, f'no {noun} "{entry}"', hint, needle=entry)
    for claim in form.claims(options):
        if not dataset.knows("claims", claim):
            hint = did_you_mean(claim, dataset.names("claims"))
            for where in list(_uses(chart.options, (), claim)) or [()]:
                report.say(
                    Rule.UNKNOWN_CLAIM, f'no claim "{claim}"', hint, path=where, needle=claim
                )


def _check_texts(report: Report, dataset: Dataset, voice: Voice, name: str, chart: Chart) -> None:
    """Report an empty title or description, and a twin that is none."""
    for key, text in (("title", chart.title), ("description", chart.description)):
        if not voice.local(text).strip():
            report.say(Rule.BAD_CHART, f'the {key} of "{name}" is empty', path=(key,))
    if chart.twin == name:
        hint = "name the chart with the other scale"
        report.say(Rule.BAD_CHART, "a chart cannot be its own twin", hint, path=("twin",))
    if chart.twin and not dataset.knows("charts", chart.twin):
        hint = did_you_mean(chart.twin, dataset.charts)
        report.say(Rule.UNKNOWN_CHART, f'no chart "{chart.twin}"', hint, path=("twin",))


def _rows(report: Report, form: Form, options: Any, chart: Chart, voice: Voice) -> list[Row] | None:
    """The rows of a chart: none where it would mislead, and nothing where its options are unfit."""
    try:
        reasons = form.misleads(options, voice)
        for reason in reasons:
            report.say(Rule.BAD_CHART, reason, "a chart that would mislead is not drawn")
        return [] if reasons else form.rows(options, voice)
    except QuantityError as error:
        path = error.path if isinstance(error, OptionError) else ()
        needle = error.needle if isinstance(error, OptionError) else ""
        if path and path[0] not in chart.options:
            path = ()
        report.say(error.rule, error.message, error.hint, path=path, needle=needle)
        return None


def check_years(
    report: Report, dataset: Dataset, claims: Sequence[str], series: Sequence[str], said: bool
) -> None:
    """Report nominal money of several years on one axis, unless readers are told why."""
    years = _nominal_years(dataset, claims)
    years += [year for name in series for year in _series_years(dataset, name)]
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
        for ground in dataset.grounds(name):
            claim = dataset.claims[ground]
            years = dict.fromkeys(re.findall(r"\d{4}", claim.as_of or ""))
            if claim.money == "nominal" and years:
                spans["–".join(years)] = None
    return sorted(spans)


def _series_years(dataset: Dataset, name: str) -> list[str]:
    """The first and last year that a series of nominal money mentions."""
    series = dataset.series[name]
    if series.money != "nominal":
        return []
    cells = [cell for row in series.rows for cell in row if isinstance(cell, int)]
    years = sorted({cell for cell in cells if 1900 <= cell <= 2099})
    return [str(year) for year in dict.fromkeys([*years[:1], *years[-1:]])]


def _uses(value: object, path: KeyPath, claim: str) -> Iterator[KeyPath]:
    """Where the options of a chart name a claim: in a list, as a key, in a formula or a text."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == claim:
                yield (*path, key)
            else:
                yield from _uses(item, (*path, key), claim)
    elif isinstance(value, list):
        if claim in value:
            yield path
        for index, item in enumerate(value):
            if item != claim:
                yield from _uses(item, (*path, index), claim)
    elif isinstance(value, str) and claim in (value, *REFERENCE.findall(value)):
        yield path
