"""Charts as they are asked for: of the data file by form, or in a note as a Vega-Lite block.

A `Plan` is a chart whose options have been understood. What cannot be drawn, or would mislead, is a
problem here, before anything is drawn.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from explainer.charts import block as fence
from explainer.charts.form import CLAIM_FIELDS, Column, Form, Row, claim_row, claims_of
from explainer.charts.forms import FORMS
from explainer.data.dataset import Dataset
from explainer.data.kinds import Id, LocalText, SourceId
from explainer.data.models import Chart
from explainer.data.quantities import compatible
from explainer.data.validate import translated
from explainer.data.walk import ids, names_of
from explainer.data.yaml import Document
from explainer.data.yaml import Path as KeyPath
from explainer.figures.draw import Complaint
from explainer.notes.markdown import Fence
from explainer.notes.note import Note
from explainer.problems import Fault, Place, Problem, Report, Rule, choices, did_you_mean
from explainer.text.expressions import expressions_in
from explainer.text.numbers import loose_numbers
from explainer.voice.texts import text_problems, unbound
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
    sources: Sequence[str] = ()
    """Sources that it names itself."""
    illustrative: bool = False

    def columns(self, rows: Sequence[Row]) -> Sequence[Column]:
        """The columns of its table: the form's, or every field of rows that no form made."""
        if self.form.columns:
            return self.form.columns
        return [Column("", name) for name in dict.fromkeys(key for row in rows for key in row)]

    def head(self, column: Column, voice: Voice) -> str:
        """The head of a column in a language."""
        return voice.language.word(column.head) if column.head else column.field

    def caveats(self, voice: Voice) -> list[str]:
        """What has to be said of numbers that nobody stated, and of money of several years."""
        found = [voice.language.word("figure.illustrative")] if self.illustrative else []
        return [*found, *filter(None, [voice.said(voice.local(self.chart.across_years))])]

    @property
    def series(self) -> list[str]:
        """The ids of the series that it draws."""
        return names_of(self.options, "series")


def plan_charts(dataset: Dataset, voice: Voice) -> tuple[dict[str, Plan], list[Problem]]:
    """The charts that can be drawn, and what is wrong with the others."""
    plans: dict[str, Plan] = {}
    report = Report()
    for name, options in dataset.options.items():
        own = Report().of(dataset.document, "charts", name)
        with own.catching():
            plan = _plan(own, voice, name, options)
            if plan is not None and not own.failed:
                plans[name] = plan
        report.add(*own.problems)
    return plans, report.problems


def _plan(report: Report, voice: Voice, name: str, options: BaseModel) -> Plan | None:
    """The plan of a chart; None where it names what is not there, which is told of as such."""
    dataset, chart, path = voice.dataset, voice.dataset.charts[name], ("charts", name)
    form = FORMS[chart.form]
    for key, text in (("title", chart.title), ("description", chart.description)):
        if not voice.local(text).strip():
            report.at(key).say(Rule.BAD_CHART, f'the {key} of "{name}" is empty')
    if chart.twin == name:
        hint = "name the chart with the other scale"
        report.at("twin").say(Rule.BAD_CHART, "a chart cannot be its own twin", hint)
    named = [id for id in ids(options) if id.section == "claims"]
    # Of lists in lists, such as several chains, two may hold the same.
    drawn = [id.name for id in named if sum(isinstance(part, int) for part in id.path) == 1]
    for claim in {claim for claim in drawn if drawn.count(claim) > 1}:
        message = f'"{name}" names "{claim}" twice'
        report.say(Rule.BAD_CHART, message, "name it once", needle=claim)
    claims, series = claims_of(options), names_of(options, "series")
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
    rows = [] if reasons else form.rows(options, voice)
    for reason in reasons:
        report.say(Rule.BAD_CHART, reason, "a chart that would mislead is not drawn")
    years = nominal_years(dataset, form.axis(options))
    years += [year for entry in series for year in _series_years(dataset, entry)]
    if len(years) > 1 and not chart.across_years:
        report.add(_several_years(dataset.document, path, years))
    sources = names_of(options, "sources")
    sources += [source for row in rows for source in str(row.get("sources") or "").split()]
    sources += [source for entry in series for source in dataset.series[entry].chain]
    sources = list(dict.fromkeys(sources))
    return Plan(name, chart, form, options, dataset.document, path, claims, sources)


def nominal_years(dataset: Dataset, claims: Sequence[str]) -> list[str]:
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


def _several_years(document: Document, path: KeyPath, years: Sequence[str]) -> Problem:
    return document.problem(
        path,
        Rule.BAD_CHART,
        f"nominal money of different years would share an axis: {choices(years)}",
        "say in across_years: why that is sound, which readers will see, or draw fewer years",
    )


# Vega-Lite blocks in notes


class Block(BaseModel):
    """The keys of a Vega-Lite block that are ours; all others belong to Vega-Lite."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: Id = Field(description="Its id, which no other chart has.")
    title: str = Field(description="What the reader should see: the finding, in a sentence.")
    description: str = Field(description="What the chart shows, for those who do not see it.")
    data: dict[str, Any] = Field(
        description="What it draws: `{claims: [id, …]}`, `{series: id}` or `{values: [{…}, …]}`."
    )
    source: SourceId | None = Field(default=None, description="The source of `values`.")
    illustrative: bool = Field(
        default=False,
        description="Whether `values` are made up to explain something; readers are told.",
    )
    how_to_read: str = Field(default="", description="What a mark is, and what a distance means.")
    note: str = Field(default="", description="A caveat, below the chart.")
    across_years: str = Field(
        default="",
        description=(
            "Why nominal money of several years shares an axis; readers are told. Needed where "
            "it does."
        ),
    )


def plan_blocks(
    note: Note,
    voice: Voice,
    validate: Callable[[dict[str, Any]], Complaint | None],
) -> tuple[dict[str, Plan], list[Problem]]:
    """The charts of a note's Vega-Lite blocks, and what is wrong with the others.

    `validate` gives what Vega-Lite's own schema finds wrong with a specification.
    """
    plans: dict[str, Plan] = {}
    problems: list[Problem] = []
    for block in note.fences:
        plan, found = _plan_block(block, voice, validate)
        # What is in no line of the block, as in an empty one, is said of its fence.
        problems += [
            replace(problem, place=Place(problem.place.file, block.line), excerpt="")
            if problem.place.line < block.line
            else problem
            for problem in found
        ]
        if plan is not None and not found:
            plans[plan.id] = plan
    return plans, problems


def _plan_block(
    block: Fence, voice: Voice, validate: Callable[[dict[str, Any]], Complaint | None]
) -> tuple[Plan | None, list[Problem]]:
    document = block.document
    if not isinstance(document.data, dict):
        return None, document.problems or [
            document.problem(
                (),
                Rule.BAD_CHART,
                "a Vega-Lite block is a mapping of keys",
                "id, title, description, source and data, then mark and encoding",
            )
        ]
    try:
        given = Block.model_validate(document.data)
    except ValidationError as error:
        known = [*Block.model_fields, "mark", "encoding", "layer", "transform", "params"]
        report = Report().of(document)
        for item in error.errors():
            fault = translated(item, Block, document, (), known)
            fault.message = fault.message.replace("the front matter", "the block", 1)
            report.tell(fault)
        return None, [*document.problems, *report.problems]
    problems = [*document.problems, *_block_problems(given, document, voice)]
    for key in ("title", "description", "how_to_read", "note", "across_years"):

        def problem(rule: Rule, message: str, hint: str, needle: str, key: str = key) -> Problem:
            return document.problem((key,), rule, message, hint, needle=needle)

        problems += text_problems(getattr(given, key), voice, problem)
    rows, claims, found = _block_rows(given.data, document, voice)
    problems += found
    spec = dict(given.model_extra or {})
    if not found:
        for field, path in fence.unknown_fields(spec, rows):
            fields = list(dict.fromkeys(key for row in rows for key in row))
            problems.append(
                document.problem(
                    path,
                    Rule.BAD_CHART,
                    f'the rows have no field "{field}"',
                    did_you_mean(field, fields) or f"fields: {choices(fields)}",
                    needle=field,
                )
            )
    years = nominal_years(voice.dataset, claims)
    if len(years) > 1 and not given.across_years:
        problems.append(_several_years(document, ("data",), years))
    for path, reason, hint in fence.refused(spec, rows):
        problems.append(document.problem(path, Rule.BAD_CHART, reason, hint))
    problems += _written_problems(spec, rows, document, voice)
    if not problems:
        complaint = validate({**spec, "data": {"values": rows}})
        if complaint:
            problems.append(
                document.problem(complaint.path, Rule.BAD_CHART, complaint.message, complaint.hint)
            )
    chart = Chart(
        form=fence.FORM.name,
        title=LocalText({"": given.title}),
        description=LocalText({"": given.description}),
        how_to_read=LocalText({"": given.how_to_read}),
        note=LocalText({"": given.note}),
        across_years=LocalText({"": given.across_years}) if given.across_years else None,
    )
    plan = Plan(
        given.id,
        chart,
        fence.FORM,
        fence.Options(spec=spec, rows=rows),
        document,
        (),
        claims,
        [given.source] if given.source else [],
        given.illustrative,
    )
    return plan, problems


def _written_problems(
    spec: Mapping[str, Any], rows: Sequence[Row], document: Document, voice: Voice
) -> Iterator[Problem]:
    """What is wrong with the words that a specification puts into its drawing."""
    for path, text in fence.written(spec, rows):
        for match in expressions_in(text):
            yield document.problem(
                path,
                Rule.BAD_EXPRESSION,
                "a drawing holds no expressions",
                "write them into title:, how_to_read: or note: of the block",
                needle=match[0],
            )
        for number in loose_numbers(text, voice.finder):
            rule, message, _ = unbound(number)
            yield document.problem(
                path,
                rule,
                message,
                "a drawing takes its numbers from its rows; say this one in how_to_read: or note:",
                needle=number,
            )


def _block_problems(given: Block, document: Document, voice: Voice) -> Iterator[Problem]:
    dataset = voice.dataset
    if dataset.knows("charts", given.id):
        yield document.problem(
            ("id",),
            Rule.DUPLICATE_ID,
            f'the data file has a chart "{given.id}" already',
            "give the block another id",
        )
    for key in ("title", "description"):
        if not getattr(given, key).strip():
            yield document.problem(
                (key,),
                Rule.BAD_CHART,
                f"the {key} is empty",
                "say what the chart shows, for those who do not see it",
            )
    if given.source and not dataset.knows("sources", given.source):
        yield document.problem(
            ("source",),
            Rule.UNKNOWN_SOURCE,
            f'no source "{given.source}"',
            did_you_mean(given.source, dataset.sources),
        )
    stated = "values" in given.data
    if stated and bool(given.source) == given.illustrative:
        yield document.problem(
            ("data",),
            Rule.BAD_CHART,
            "a chart of rows of its own says where they come from"
            if not given.source
            else "a chart has a source or is illustrative, not both",
            "add source: and an id, or illustrative: true, which is printed",
        )


def _block_rows(
    data: Mapping[str, Any], document: Document, voice: Voice
) -> tuple[list[Row], list[str], list[Problem]]:
    """The rows that a block asks for, the claims among them, and what is wrong."""
    dataset = voice.dataset
    if "url" in data:
        return (
            [],
            [],
            [
                document.problem(
                    ("data", "url"),
                    Rule.BAD_CHART,
                    "a chart loads no data from elsewhere",
                    "put the rows under values:, or into a series of the data file",
                )
            ],
        )
    kinds = [key for key in data if key in ("values", "series", "claims")]
    if len(kinds) != 1 or len(data) != 1:
        return (
            [],
            [],
            [
                document.problem(
                    ("data",),
                    Rule.BAD_CHART,
                    "data is one of values, series or claims",
                    "values: [rows], series: id, or claims: [ids]",
                )
            ],
        )
    kind, given = kinds[0], data[kinds[0]]
    if kind == "series":
        series = dataset.series.get(str(given))
        if series is None:
            known = did_you_mean(str(given), dataset.series)
            return (
                [],
                [],
                []
                if dataset.knows("series", str(given))
                else [
                    document.problem(
                        ("data", "series"), Rule.BAD_CHART, f'no series "{given}"', known
                    )
                ],
            )
        return [dict(zip(series.columns, row, strict=False)) for row in series.rows], [], []
    if not isinstance(given, list) or not given:
        return (
            [],
            [],
            [
                document.problem(
                    ("data", kind), Rule.BAD_CHART, f"{kind} is a list that is not empty"
                )
            ],
        )
    if kind == "claims":
        missing = [name for name in given if not dataset.knows("claims", str(name))]
        if missing:
            return (
                [],
                [],
                [
                    document.problem(
                        ("data", "claims"),
                        Rule.UNKNOWN_CLAIM,
                        f'no claim "{name}"',
                        did_you_mean(str(name), dataset.names("claims")),
                        needle=str(name),
                    )
                    for name in missing
                ],
            )
        names = [str(name) for name in given if name in dataset.quantities]
        full = [claim_row(voice, name) for name in names]
        return [{key: row[key] for key in CLAIM_FIELDS if key != "open"} for row in full], names, []
    if not all(isinstance(row, dict) for row in given):
        return (
            [],
            [],
            [
                document.problem(
                    ("data", "values"),
                    Rule.BAD_CHART,
                    "each of the values is a row",
                    "write a row as {field: value, field: value}",
                )
            ],
        )
    return [dict(row) for row in given], [], []
