"""A chart of the data file becomes a figure: drawings, table, text version, caption and files."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup, escape

from explainer.charts import block
from explainer.charts.form import CLAIM_FIELDS, Row, claims_of
from explainer.charts.spec import calculates, parts, relabelled, written
from explainer.charts.theme import NARROW, WIDE
from explainer.data.claims import Numbers
from explainer.figures.draw import Drawing, Job
from explainer.figures.drawer import Drawer
from explainer.figures.plan import Plan
from explainer.figures.sources import SourceLine, sources_of
from explainer.problems import Fault, Report, Rule
from explainer.project import SERIES_FILES, chart_files
from explainer.text.expressions import claim_html
from explainer.text.numbers import unbound_tokens
from explainer.voice.voice import Voice, machine_value

MANY_ROWS = 60
"""A table of more rows than this stands on the chart's own page only."""

MOST_ROWS = 500
"""Of a table of more rows than this the page has the beginning; the CSV file has the others."""


@dataclass(frozen=True)
class Figure:
    """A chart in one language, with all that stands around its drawings."""

    id: str
    title: Markup
    title_text: str
    how_to_read: Markup
    description: str
    note: Markup
    remarks: Markup
    """Its note and its caveats as they stand below it in a page."""
    wide: Drawing
    narrow: Drawing
    exempt_texts: list[str]
    columns: list[str]
    rows: list[list[Markup]]
    groups: list[tuple[str, list[Markup]]]
    """The text version: what the marks say, under the heading of their group, if it has one."""
    sources: list[SourceLine]
    licence: str
    caveats: list[str]
    files: Mapping[str, str]
    """The addresses of its page and files from the site's top, by kind."""
    claims: list[str]
    """Every claim that the figure prints, in order."""
    data: list[Row]
    """The rows that are drawn,"""
    published: list[Row]
    """and what of them its files hold."""
    series: Sequence[str]
    """The series that it draws,"""
    numbers: Sequence[Numbers]
    """and what their columns of numbers hold that it draws."""
    colors: Mapping[str, str]
    """Those of the light page by their tokens, for pictures that stand alone,"""
    darks: Mapping[str, str]
    """and those of the dark page."""
    live: bool
    """Whether a live view can do what the drawing cannot."""
    illustrative: str
    """What says that its numbers are made up, where they are."""
    tables: Sequence[str]
    """The addresses of the whole tables of its series, from the site's top."""
    twin: "Figure | None" = None

    @property
    def periods(self) -> list[str]:
        """The times that its rows are about, as they stand there."""
        times = (row.get(name) for row in self.data for name in ("as_of", "year", "when"))
        return [str(time) for time in times if time]

    @property
    def long_table(self) -> bool:
        """Whether the table is too long to stand under the figure."""
        return len(self.rows) > MANY_ROWS

    @property
    def shown_rows(self) -> list[list[Markup]]:
        """The rows of its table on its own page, which are all but of a very long one."""
        return self.rows[:MOST_ROWS]


def with_twin(report: Report, figure: Figure, twin: Figure) -> Figure:
    """A figure with the one that is folded below it."""
    return replace(figure, twin=twin)


def say_overlaps(report: Report, figure: Figure, plan: Plan, code: str) -> None:
    """Warn of lettering that cannot be read, once for each drawing of a figure in a language."""
    own = "shorter labels" if plan.form.labels_itself else "a shorter label:"
    hint = f"give it {own}, draw fewer rows, or put them in another order"
    if plan.series:
        hint = "give its series shorter labels:, choose with where:, or count in a larger unit:"
    for size, drawing in ((WIDE, figure.wide), (NARROW, figure.narrow)):
        if not drawing.overlaps:
            continue
        text, other = drawing.overlaps[0]
        what = f'"{other}" covers "{text}"' if other else f'the edge cuts "{text}" off'
        more = f", and {len(drawing.overlaps) - 1} more" if drawing.overlaps[1:] else ""
        report.say(
            Rule.OVERLAP,
            f'{what} in the {size.name} drawing of "{figure.id}" in {code}{more}',
            hint,
            warning=True,
        )


@dataclass(frozen=True)
class Asked:
    """What a chart asks to be drawn in a language."""

    rows: list[Row]
    interface: list[str]
    """The texts of the interface and of scales that its drawings may show."""
    jobs: list[Job]
    """The wide drawing, and the narrow one."""


def asked_of(report: Report, plan: Plan, voice: Voice) -> Asked:
    """What a chart asks for in a language."""
    rows, settings, words, ticks = plan.form.content(plan.options, voice)
    title, description = voice.said(plan.chart.title), voice.said(plan.chart.description)
    known = voice.dataset.quantities
    told = [row for row in rows if row.get("description") and row.get("id") in known]
    # Of several that say the same, a reader is shown the first.
    claims = {row["description"]: row["id"] for row in reversed(told)}
    jobs = [
        Job(plan.id, plan.form.name, rows, settings, words, size, title, description, claims)
        for size in (WIDE, NARROW)
    ]
    return Asked(rows, [*words.values(), *settings.get("ticks", ()), *ticks], jobs)


def make_figure(
    report: Report, plan: Plan, voice: Voice, folder: str, drawer: Drawer, asked: Asked
) -> Figure | None:
    """The figure of a chart in a language; `folder` is that of the language in the site.

    None, and the reason reported, where a drawing fails or shows a number that no row holds.
    """
    report = report.of(plan.document, *plan.path)
    drawings = _drawn(report, drawer, asked)
    if drawings is None:
        return None
    rows, published = asked.rows, _published(plan, asked.rows)
    exempt, loose = _not_told(plan, asked, published, drawings)
    if loose:
        _say_loose(report, plan, loose)
        return None
    chart, note = plan.chart, voice.marked(plan.chart.note)
    claims, columns = _claims(plan, voice, rows), plan.columns(rows)
    wide, narrow = drawings
    illustrative = voice.language.word("figure.illustrative") if plan.illustrative else ""
    caveats = _caveats(plan, voice, rows, illustrative)
    return Figure(
        id=plan.id,
        title=voice.marked(chart.title),
        title_text=voice.said(chart.title),
        how_to_read=voice.marked(chart.how_to_read),
        description=voice.said(chart.description),
        note=note,
        remarks=Markup(" ").join(filter(None, (note, *(marked for _, marked in caveats)))),
        wide=wide,
        narrow=narrow,
        exempt_texts=exempt,
        columns=[plan.head(column, voice) for column in columns],
        rows=[[_table_cell(voice, row, column.field) for column in columns] for row in rows],
        groups=_groups(plan, rows, voice),
        sources=sources_of(plan, voice, claims),
        licence=voice.site.licence.name,
        caveats=[text for text, _ in caveats],
        files=chart_files(folder, plan.id),
        claims=claims,
        data=rows,
        published=published,
        series=plan.series,
        numbers=plan.columns_drawn,
        colors=drawer.colors,
        darks=drawer.darks,
        # What a form's marks say, their labels and cards say, too.
        live=plan.form.labels_itself
        or any(path[-1:] == ("params",) for path, part in parts(wide.spec, (), {"values"}) if part),
        illustrative=illustrative,
        tables=[
            folder + SERIES_FILES["csv"].path.format(id=name)
            for name in plan.series
            if name in voice.dataset.tables
        ],
    )


def _drawn(report: Report, drawer: Drawer, asked: Asked) -> list[Drawing] | None:
    """The wide drawing and the narrow one; None, and why, where one fails."""
    drawings = drawer.drawings(asked.jobs)
    # What asks for too much may end in two ways; once a place is enough, as the wide one has it.
    faults = {fault.path: fault for fault in reversed(drawings) if isinstance(fault, Fault)}
    for fault in faults.values():
        report.tell(fault)
    return None if faults else [drawn for drawn in drawings if isinstance(drawn, Drawing)]


def _claims(plan: Plan, voice: Voice, rows: Sequence[Row]) -> list[str]:
    """The claims that a figure prints, those of its texts first."""
    chart = plan.chart
    printed = voice.claims_in(chart.title, chart.how_to_read, chart.note, chart.across_years)
    printed += [name for row in rows for name in claims_of(row)]
    return [name for name in dict.fromkeys(printed) if name in voice.dataset.quantities]


def _caveats(
    plan: Plan, voice: Voice, rows: Sequence[Row], illustrative: str
) -> list[tuple[str, Markup]]:
    """What has to be said of a figure beside its note, each also as it stands in a page."""
    own = plan.form.labels_itself and not illustrative and calculates(plan.options.spec)
    ours = voice.language.word("figure.worked_out") if own else ""
    across, thinned = plan.chart.across_years, plan.form.thinned(rows, voice)
    money = _money(voice, plan.claims, plan.columns_drawn)
    found = [
        *((text, voice.dated(text)) for text in (illustrative, ours)),
        (voice.said(across), voice.marked(across)),
        *((text, voice.dated(text)) for text in money),
        (thinned, Markup('<span data-exempt="interface">{}</span>').format(thinned)),
    ]
    return [(text, marked) for text, marked in found if text]


def _published(plan: Plan, rows: Sequence[Row]) -> list[Row]:
    """The rows as files hold them: what each number is, and nothing of how it is drawn."""
    if not plan.form.columns:
        return list(rows)
    fields = [*CLAIM_FIELDS, *plan.form.published]
    told = [{**row, "claims": " ".join(claims_of(row))} for row in rows]
    names = [name for name in fields if any(name in row for row in told)]
    return [{name: row.get(name) for name in names} for row in told]


def _groups(plan: Plan, rows: list[Row], voice: Voice) -> list[tuple[str, list[Markup]]]:
    if plan.form.told:
        told = plan.form.told(rows, voice)
        return [(heading, [escape(text) for text in texts]) for heading, texts in told]
    if plan.form.labels_itself and len(rows) > MANY_ROWS:
        # The table says as much, on the page of the chart.
        return []
    groups: dict[str, list[Markup]] = {}
    for row in rows:
        groups.setdefault(str(row.get("group") or ""), []).append(
            _sentence(row, voice, plan.form.labels_itself)
        )
    return list(groups.items())


def _not_told(
    plan: Plan, asked: Asked, published: Sequence[Row], drawings: Sequence[Drawing]
) -> tuple[list[str], list[str]]:
    """The texts of the drawings whose digits no row holds that the table and the files tell: those
    of the scale and of the interface, and those that should not be there."""
    shown = [text for drawing in drawings for text in drawing.texts]
    known, rows = list(asked.interface), asked.rows
    if plan.form.labels_itself:
        # Which labels its axes have, and how it writes the numbers of the rows, only Vega knows.
        for drawing in drawings:
            known += [text for text in drawing.ticks if block.tick(text, drawing.scale)]
        known += block.formatted(shown, rows)
        known += [text for _, text in written(plan.options.spec, rows)]
    whole = " ".join(known)
    texts = unbound_tokens(dict.fromkeys(shown), _row_texts(plan, published))
    return [text for text in texts if text in whole], [text for text in texts if text not in whole]


def _row_texts(plan: Plan, published: Sequence[Row]) -> list[str]:
    """What the table and the files of a figure say, and of a form also the plain numbers in them.

    The name of a color, which is none of it, would lend its digit to any text.
    """
    kinds = (str,) if plan.form.labels_itself else (str, int, float)
    return [
        str(value)
        for row in published
        for key, value in row.items()
        if isinstance(value, kinds) and key != "color"
    ]


def _say_loose(report: Report, plan: Plan, loose: Sequence[str]) -> None:
    """One problem for each such text; one for all of a block: an expression may make hundreds."""
    if not plan.form.labels_itself:
        for text in loose:
            report.say(
                Rule.UNBOUND_NUMBER,
                f'the drawing of "{plan.id}" shows "{text}", which comes from no claim',
                "a label of the data file holds a number; make it a claim",
            )
        return
    some = ", ".join(f'"{text}"' for text in loose[:3]) + (", …" if loose[3:] else "")
    place = relabelled(plan.options.spec)
    come = "come" if loose[1:] else "comes"
    report.say(
        Rule.UNBOUND_NUMBER,
        f'the drawing of "{plan.id}" shows {some}, which {come} from no claim',
        "labels say the numbers of their scale; format: rounds and shortens them"
        if place
        else "a drawing takes its numbers from its rows; format: rounds and shortens them",
        path=place,
    )


def _table_cell(voice: Voice, row: Row, name: str) -> Markup:
    """A field of a row in the table: claims as links, other calculations marked as rows."""
    value = row.get(name)
    if value in (None, ""):
        return Markup("")
    owner = str(row.get("id" if name == "text" else f"{name.removesuffix('_text')}_claim", ""))
    if owner in voice.dataset.quantities:
        return claim_html(owner, str(value), machine_value(voice.quantity(owner)))
    text = voice.language.date(str(value)) if name == "as_of" else _told(value, voice)
    if not any(character.isdigit() for character in text):
        return escape(text)
    kind = "date" if name == "as_of" else "data"
    return Markup('<span data-exempt="{}">{}</span>').format(kind, text)


def _money(voice: Voice, claims: Sequence[str], columns: Sequence[Numbers]) -> list[str]:
    """What has to be said of the money in a chart: nominal, or of which year."""
    units, known = voice.dataset.units, voice.dataset.claims
    found = [(units.unit(entry.unit).currency, entry.money) for entry in columns]
    for name in claims:
        currency = voice.quantity(name).unit.currency
        for ground in voice.dataset.grounds(name) or [name]:
            found.append((currency, known[ground].money or known[name].money))
    said = []
    for currency, money in found:
        if currency and money == "nominal":
            clear = voice.language.unit_label(units.unit(currency)).strip()
            said.append(voice.language.word("figure.nominal", currency=clear))
        elif currency and money:
            said.append(voice.money(money))
    return list(dict.fromkeys(said))


def _sentence(row: Row, voice: Voice, plain: bool) -> Markup:
    """A row in words, its figure linked to the claim: field by field, or a form's own sentence."""
    words = row.get("description")
    if plain or not words:
        said = voice.language
        words = said.parted(said.headed(key, _told(value, voice)) for key, value in row.items())
    sentence = escape(words)
    name = str(row.get("id", ""))
    if name in voice.dataset.quantities:
        number = machine_value(voice.quantity(name))
        for text in (voice.text(name, "long"), voice.text(name)):
            if text in words:
                return sentence.replace(escape(text), claim_html(name, text, number), 1)
    told = {str(claim) for key, claim in row.items() if key.endswith("_claim")}
    told &= voice.dataset.quantities.keys()
    texts = {str(escape(voice.text(claim))): claim for claim in sorted(told)}
    if not texts:
        return sentence
    # In one pass: no figure is looked for in another's link, nor inside a longer one.
    ordered = "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))

    def linked(match: re.Match[str]) -> str:
        claim = texts.pop(match[0], None)
        if claim is None:
            return match[0]
        return claim_html(claim, match[0], machine_value(voice.quantity(claim)))

    return Markup(re.sub(rf"(?<![\w.,])(?:{ordered})(?![\w]|[.,]\d)", linked, sentence))


def _told(value: Any, voice: Voice) -> str:
    """A value of a row as readers are told it."""
    if isinstance(value, bool):
        return voice.language.word("figure.yes" if value else "figure.no")
    if isinstance(value, list):
        return ", ".join(_told(item, voice) for item in value)
    if isinstance(value, dict):
        headed = voice.language.headed
        return ", ".join(headed(key, _told(item, voice)) for key, item in value.items())
    return "" if value is None else str(value)
