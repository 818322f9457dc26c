"""Charts as they stand in notes: Vega-Lite blocks, of which only the frame is ours."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from explainer.charts import block
from explainer.charts.form import CLAIM_FIELDS, Row, claim_row
from explainer.charts.refusal import refused
from explainer.charts.spec import written
from explainer.data.dataset import Dataset
from explainer.data.kinds import Id, LocalText, SourceId, optional, required
from explainer.data.models import Chart
from explainer.data.validate import translated
from explainer.figures.plan import Plan, check_years
from explainer.notes.markdown import Fence
from explainer.notes.note import Note
from explainer.problems import Fault, Place, Problem, Report, Rule, did_you_mean
from explainer.text.expressions import expressions_in
from explainer.text.numbers import loose
from explainer.voice.texts import check_text, unbound
from explainer.voice.voice import Voice

Check = Callable[[dict[str, Any]], Fault | None]
"""What Vega-Lite's own schema finds wrong with a specification."""


class Block(BaseModel):
    """The keys of a Vega-Lite block that are ours; all others belong to Vega-Lite."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: Id = required("Its id, which no other chart has.")
    title: str = required("What the reader should see: the finding, in a sentence.")
    description: str = required("What the chart shows, for those who do not see it.")
    data: dict[str, Any] = required(
        "What it draws: `{claims: [id, …]}`, `{series: id}` or `{values: [{…}, …]}`."
    )
    source: SourceId | None = optional("The source of `values`.")
    illustrative: bool = optional(
        "Whether `values` are made up to explain something; readers are told.", default=False
    )
    how_to_read: str = optional("What a mark is, and what a distance means.", default="")
    note: str = optional("A caveat, below the chart.", default="")
    across_years: str = optional(
        "Why nominal money of several years shares an axis; readers are told. Needed where "
        "it does.",
        default="",
    )


TEXTS = ("title", "description", "how_to_read", "note", "across_years")


def plan_blocks(report: Report, note: Note, voice: Voice, check: Check) -> dict[str, Plan]:
    """The charts of a note's blocks that can be drawn; what is wrong with others is reported."""
    plans: dict[str, Plan] = {}
    for fence in note.fences:
        own = Report(fence.document)
        plan = _plan(own, fence, voice, check)
        report.add(*(_at_fence(problem, fence) for problem in own.problems))
        if plan is not None and not own.failed:
            plans[plan.id] = plan
    return plans


def _at_fence(problem: Problem, fence: Fence) -> Problem:
    """What is in no line of the block, as in an empty one, is said of its fence."""
    if problem.place.line >= fence.line:
        return problem
    return replace(problem, place=Place(problem.place.file, fence.line), excerpt="")


def _plan(report: Report, fence: Fence, voice: Voice, check: Check) -> Plan | None:
    document = fence.document
    report.add(*document.problems)
    if not isinstance(document.data, dict):
        if not document.problems:
            hint = "id, title, description, source and data, then mark and encoding"
            report.say(Rule.BAD_CHART, "a Vega-Lite block is a mapping of keys", hint)
        return None
    try:
        given = Block.model_validate(document.data)
    except ValidationError as error:
        known = [*Block.model_fields, "mark", "encoding", "layer", "transform", "params"]
        for item in error.errors():
            fault = translated(item, Block, document, (), known)
            message = fault.message.replace("the front matter", "the block", 1)
            report.say(fault.rule, message, fault.hint, path=fault.path, needle=fault.needle)
        return None
    _check_frame(report, given, voice)
    rows = _rows(report, given.data, voice)
    if rows is not None and not _bearable(report.at("data", *given.data), rows):
        return None
    claims = [row["id"] for row in rows or ()] if "claims" in given.data else []
    series = [str(given.data["series"])] if "series" in given.data and rows else []
    spec = dict(given.model_extra or {})
    _check_spec(report, spec, rows, voice)
    tables = [voice.dataset.series[name] for name in series]
    columns = [about for table in tables for about in map(table.about, table.counted)]
    money = [(name, about) for name in series for about in columns]
    check_years(report, voice.dataset, claims, money, bool(given.across_years))
    if not report.failed and (wrong := check(spec)):
        report.tell(wrong)
    sources = [given.source] if given.source else []
    return Plan(
        id=given.id,
        chart=_as_chart(given),
        form=block.FORM,
        options=block.Options(spec=spec, rows=rows or []),
        document=document,
        path=(),
        claims=claims,
        series=series,
        columns_drawn=columns,
        sources=[*sources, *(name for table in tables for name in table.chain)],
        illustrative=given.illustrative,
    )


MANY, MOST = 2_000, 20_000
"""Rows that make a page heavy, and those that a block holds at most."""


def _bearable(report: Report, rows: list[Row]) -> bool:
    """Whether readers can be given so many rows; where it is near, or past it, that is reported."""
    hint = "draw sums or means of them, worked out beforehand"
    if len(rows) > MOST:
        report.say(Rule.BAD_CHART, f"{len(rows)} rows are too many; {MOST} are the most", hint)
    elif len(rows) > MANY:
        message = f"{len(rows)} rows make a heavy page, and a slow chart"
        report.say(Rule.BAD_CHART, message, hint, warning=True)
    return len(rows) <= MOST


def _as_chart(given: Block) -> Chart:
    """A block as the data file would declare it."""
    texts = {key: LocalText({"": getattr(given, key)}) for key in TEXTS}
    return Chart(form=block.FORM.name, **texts)


def _check_frame(report: Report, given: Block, voice: Voice) -> None:
    """Report what is wrong with those keys of a block that are ours."""
    dataset = voice.dataset
    if dataset.knows("charts", given.id):
        message = f'the data file has a chart "{given.id}" already'
        report.say(Rule.DUPLICATE_ID, message, "give the block another id", path=("id",))
    for key in ("title", "description"):
        if not getattr(given, key).strip():
            hint = "say what the chart shows, for those who do not see it"
            report.say(Rule.BAD_CHART, f"the {key} is empty", hint, path=(key,))
    if given.source and not dataset.knows("sources", given.source):
        hint = did_you_mean(given.source, dataset.sources)
        report.say(Rule.UNKNOWN_SOURCE, f'no source "{given.source}"', hint, path=("source",))
    if "values" in given.data and bool(given.source) == given.illustrative:
        message = (
            "a chart has a source or is illustrative, not both"
            if given.source
            else "a chart of rows of its own says where they come from"
        )
        hint = "add source: and an id, or illustrative: true, which is printed"
        report.say(Rule.BAD_CHART, message, hint, path=("data",))
    for key in TEXTS:
        check_text(report.at(key), getattr(given, key), voice, key)


def _check_spec(
    report: Report, spec: Mapping[str, Any], rows: list[Row] | None, voice: Voice
) -> None:
    """Report what a specification may not ask for, and what it says that nobody stated."""
    for path, reason, hint, needle in refused(spec, rows or []):
        report.say(Rule.BAD_CHART, reason, hint, path=path, needle=needle)
    for path, text in written(spec, rows or []):
        for match in expressions_in(text):
            hint = "write them into title:, how_to_read: or note: of the block"
            message = "a drawing holds no expressions"
            report.say(Rule.BAD_EXPRESSION, message, hint, path=path, needle=match[0])
        for number in loose(text, voice.finder):
            rule, message, _ = unbound(number.text)
            hint = (
                "a drawing takes its numbers from its rows; say this one in how_to_read: or note:"
            )
            report.say(rule, message, hint, path=path, needle=number.text)


def _rows(report: Report, data: Mapping[str, Any], voice: Voice) -> list[Row] | None:
    """The rows that a block asks for; nothing where it does not say, which is reported."""
    if "url" in data:
        hint = "put the rows under values:, or into a series of the data file"
        message = "a chart loads no data from elsewhere"
        report.say(Rule.BAD_CHART, message, hint, path=("data", "url"))
        return None
    if len(data) != 1 or not data.keys() <= {"values", "series", "claims"}:
        hint = "values: [rows], series: id, or claims: [ids]"
        message = "data is one of values, series or claims"
        report.say(Rule.BAD_CHART, message, hint, path=("data",))
        return None
    [(kind, given)] = data.items()
    own = report.at("data", kind)
    if kind == "series":
        return _series_rows(own, voice.dataset, str(given))
    if not isinstance(given, list) or not given:
        own.say(Rule.BAD_CHART, f"{kind} is a list that is not empty")
        return None
    if kind == "claims":
        return _claim_rows(own, given, voice)
    if not all(isinstance(row, dict) for row in given):
        hint = "write a row as {field: value, field: value}"
        own.say(Rule.BAD_CHART, "each of the values is a row", hint)
        return None
    return [dict(row) for row in given]


def _series_rows(report: Report, dataset: Dataset, name: str) -> list[Row] | None:
    series = dataset.series.get(name)
    if series is not None:
        return [dict(zip(series.columns, row, strict=False)) for row in series.rows]
    if not dataset.knows("series", name):
        report.say(Rule.BAD_CHART, f'no series "{name}"', did_you_mean(name, dataset.series))
    return None


def _claim_rows(report: Report, names: list[Any], voice: Voice) -> list[Row] | None:
    dataset = voice.dataset
    missing = [str(name) for name in names if not dataset.knows("claims", str(name))]
    for name in missing:
        hint = did_you_mean(name, dataset.names("claims"))
        report.say(Rule.UNKNOWN_CLAIM, f'no claim "{name}"', hint, needle=name)
    if missing:
        return None
    full = [claim_row(voice, str(name)) for name in names if name in dataset.quantities]
    return [{key: row[key] for key in CLAIM_FIELDS if key != "open"} for row in full]
