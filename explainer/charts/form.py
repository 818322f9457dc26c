"""Claims as the rows that charts draw, and the calculations that a form makes between them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from explainer.charts import plot
from explainer.charts.theme import SERIES, hue
from explainer.data.formulas import Call, evaluate, parse_formula
from explainer.data.kinds import ClaimId, Entry, required
from explainer.data.quantities import Quantity, Unit
from explainer.data.walk import names_of, texts
from explainer.data.workout import called
from explainer.problems import Fault, Rule
from explainer.text.expressions import claims_in
from explainer.voice.languages import capital
from explainer.voice.voice import Voice

Row = dict[str, Any]
"""A row of a chart: numbers to draw, and every text already in the figure's language."""

CLAIM_FIELDS = (
    "id", "label", "value", "low", "high", "approximate", "open", "unit", "place", "product",
    "as_of", "text",
)  # fmt: skip
"""The fields of a claim's row, in the order of the CSV file."""


class FormOptions(Entry):
    """Options of a form: the keys of a chart beyond those that all charts share."""

    model_config = ConfigDict(defer_build=True)


@dataclass(frozen=True)
class Column:
    """A column of a figure's table: the interface text of its head, and the row's field."""

    head: str
    field: str


def columns(told: str) -> tuple[Column, ...]:
    """Columns of a table, each the name of an interface text below `figure` for its head, and where
    the row's field is called otherwise, `=` and that."""
    pairs = (one.partition("=") for one in told.split())
    return tuple(Column(f"figure.{head}", field or head) for head, _, field in pairs)


class StopOptions(FormOptions):
    """Options of forms that draw the stops of one way."""

    stops: list[ClaimId] = required(
        "The claims at each stop of the way, in order, in one unit.", min_length=2, max_length=7
    )


class Content(NamedTuple):
    """What the options of a chart ask for in a language."""

    rows: list[Row]
    settings: dict[str, Any]
    """What `draw` is told beyond the rows; its `ticks` are the texts of an axis: numbers of the
    scale, which come from no claim."""
    words: dict[str, str]
    """The interface texts that the drawing shows."""
    ticks: Sequence[str] = ()
    """Such texts of an axis beyond those of its settings."""


@dataclass(frozen=True)
class Form:
    """A kind of chart: what it is told, which rows it makes, how they are drawn."""

    name: str
    options: type[FormOptions]
    content: Callable[[Any, Voice], Content]
    draw: Callable[[list[Row], Mapping[str, Any], Mapping[str, str], Any], Any]
    """Its Altair chart at a size, or the specification itself."""
    columns: tuple[Column, ...] = ()
    published: tuple[str, ...] = ()
    """The fields of its rows that its files hold, beside those of claims: what a number is, not how
    it is drawn. All of them where it has no columns."""
    axis: Callable[[Any], list[str]] = lambda options: []
    """The ids of the claims that share an axis, and so need one kind of unit."""
    misleads: Callable[[Any, Voice], list[str]] = lambda options, voice: []
    """Why this form would mislead with these options: an empty list when it would not."""
    labels_itself: bool = False
    """Whether Vega writes the texts of its axes, so that only Vega knows them."""
    told: Callable[[list[Row], Voice], list[tuple[str, list[str]]]] | None = None
    """The text version where a sentence for each mark would be too many: headings, sentences."""

    def thinned(self, rows: Sequence[Row], voice: Voice) -> str:
        """What readers are told where not every row that was asked for is drawn."""
        every = rows[0].get("thinned_from") if rows else None
        if not every:
            return ""
        drawn, whole = (voice.language.number(Fraction(count)) for count in (len(rows), every))
        return voice.language.word("figure.thinned", drawn=drawn, all=whole)


def claims_named(options: BaseModel) -> list[str]:
    """The ids of the claims that options name, and that their texts print in any language."""
    printed = (claim for _, text in texts(options) for t in text.values() for claim in claims_in(t))
    return list(dict.fromkeys([*names_of(options, "claims"), *printed]))


def unfit(option: str, message: str, hint: str = "", needle: str = "", item: int = -1) -> Fault:
    """What is wrong with an option that the data cannot fulfil, or with an item of its list."""
    path: tuple[str | int, ...] = (option,) if item < 0 else (option, item)
    return Fault(Rule.BAD_CHART, message, hint, path=path, needle=needle)


def claims_of(row: Row) -> list[str]:
    """The ids of the claims whose figures a row holds."""
    named = [row.get("id"), *(value for key, value in row.items() if key.endswith("_claim"))]
    return [str(name) for name in named if name]


def claim_row(voice: Voice, name: str, label: str = "", unit: Unit | None = None) -> Row:
    """A claim as a row. `value` is the one figure stated; a range has only its two ends.

    Numbers are in this unit, which has to share the claim's dimensions but for time, or in the
    claim's own.
    """
    claim, quantity = voice.dataset.claims[name], voice.quantity(name)
    unit = unit or quantity.unit
    label = (
        voice.said(claim.label)
        or label
        or voice.dataset.label("places", claim.place, voice.code)
        or voice.said(claim.what)
    )
    product = voice.dataset.label("products", claim.product, voice.code)
    # What a mark says: what, how much, of which product, who says so, as of when.
    what = voice.language.headed(label, voice.text(name, "long")) + (product and f", {product}")
    return {
        "id": name,
        "label": label,
        **numbers(in_unit(quantity, unit)),
        "unit": unit.symbol,
        "place": claim.place or "",
        "product": claim.product or "",
        "product_label": product,
        "as_of": claim.as_of or "",
        "text": voice.text(name),
        "description": " ".join(f"{part}." for part in (what, by_whom(voice, name)) if part),
    }


def numbers(quantity: Quantity) -> Row:
    """The numeric fields of a quantity, rounded as it is printed."""
    ends = {"value": quantity.value, "low": quantity.low, "high": quantity.high}
    return {
        **{key: None if end is None else number(quantity.printed(end))
           for key, end in ends.items()},
        "approximate": quantity.approximate,
        "open": quantity.open,
    }  # fmt: skip


def number(exact: Fraction) -> int | float:
    """A number as a specification and a CSV file hold it."""
    return int(exact) if exact.denominator == 1 else float(exact)


def in_unit(quantity: Quantity, unit: Unit) -> Quantity:
    """The quantity counted in a unit, time left aside where only one is per time."""
    if quantity.unit.symbol == unit.symbol:
        return quantity
    same = quantity.unit.dimensions == unit.dimensions
    ratio = quantity.unit.factor / unit.factor if same else quantity.unit.amount / unit.amount
    low, high = (
        None if end is None else quantity.printed(end) * ratio
        for end in (quantity.low, quantity.high)
    )
    return replace(quantity, low=low, high=high, unit=unit, digits=None)


def by_whom(voice: Voice, name: str, between: str = ", ") -> str:
    """Who says a claim, and of when."""
    return capital(between.join(filter(None, (voice.who(name), when(voice, name)))))


def when(voice: Voice, name: str) -> str:
    """What time a claim is about, in words; an empty text where it does not say."""
    as_of = voice.dataset.claims[name].as_of
    return voice.language.date(as_of) if as_of else ""


@dataclass(frozen=True)
class Calculated:
    """A calculation of a form: its quantity, and the claim that says the same, if there is one."""

    quantity: Quantity
    claim: str

    def text(self, voice: Voice, form: str = "") -> str:
        """How it reads."""
        return voice.language.quantity(self.quantity, form)


def calculated(voice: Voice, formula: str, unit: str) -> Calculated:
    """Work out a formula over claims; raises `Fault` as a claim's formula would.

    Where the data file holds a claim with the same formula, the result is that claim's, so that
    a chart and the prose beside it lead to one reference.
    """
    parsed = parse_formula(formula)
    for name, known in voice.dataset.formulas.items():
        claim = voice.dataset.claims[name]
        if known.tree == parsed.tree and claim.unit == unit and name in voice.dataset.quantities:
            return Calculated(voice.dataset.quantities[name], name)

    def resolve(call: Call) -> Quantity:
        if call.section != "claims":
            return called(voice.dataset, call)
        quantity = voice.quantity(call.arguments[0])
        if call.function == "claim" or quantity.value is None:
            return quantity
        return Quantity(quantity.value, quantity.value, quantity.unit, quantity.approximate)

    return Calculated(evaluate(parsed, resolve, voice.dataset.units.unit(unit), None), "")


def axis_words(voice: Voice, unit: Unit) -> dict[str, str]:
    """What an axis in a unit counts, and what open marks mean."""
    return {"axis": capital(voice.language.unit_label(unit)), **open_words(voice)}


def open_words(voice: Voice) -> dict[str, str]:
    """What the marks of a ceiling and of a floor mean."""
    return {end: voice.language.word(f"chart.{end}") for end in ("up_to", "at_least")}


def axis_text(voice: Voice, number: float, unit: Unit, form: str = "") -> str:
    """A number of the axis in its unit, such as `$1,000`."""
    exact = Fraction(repr(number) if isinstance(number, float) else number)
    return voice.language.quantity(Quantity(exact, exact, unit), form)


def axis_ticks(
    voice: Voice, numbers: Sequence[float], unit: Unit, about: int = 5
) -> dict[str, list[Any]]:
    """Round `values` for an axis of these numbers, and their texts: its `ticks`."""
    values = plot.ticks(min(numbers), max(numbers), about)
    return {"values": values, "ticks": tick_texts(voice, values, unit)}


def tick_texts(voice: Voice, values: Sequence[float], unit: Unit) -> list[str]:
    """The numbers of an axis whose head names the unit: bare, but for money and per cent; millions
    and more as `25M`, where one decimal says all of them."""
    if not unit.currency and unit.over != ("%",):
        unit = voice.dataset.units.unit("1")
    digits = len(f"{max(map(abs, values)):.0f}")
    tenth = 10 ** ((digits - 1) // 3 * 3 - 1)
    form = "compact" if digits > 6 and all(value % tenth == 0 for value in values) else ""
    return [axis_text(voice, value, unit, form) for value in values]


def tone(voice: Voice, product: str | None) -> str:
    """The colour of a product, the same in every chart of a site; slate for what has none, or the
    first colour where colours tell no products apart."""
    known = voice.dataset.colors
    number = known.get(voice.dataset.product(product)) or int(len(known) < 2)
    return hue(number) if number else plot.SLATE


def tones(voice: Voice) -> Sequence[str]:
    """The colours of lines that are no products: greys, or all colours where these tell no products
    apart."""
    if len(voice.dataset.colors) > 1:
        return plot.TONES
    return [hue(number) for number in range(1, SERIES + 1)]


def from_stop(voice: Voice, row: Row, before: Row | None) -> Row:
    """What a row of a way says of the stop before it: the multiple of its price, and whether the
    product becomes another."""
    if before is None:
        return {"multiple_text": None, "multiple_claim": "", "product_break": False,
                "break_text": ""}  # fmt: skip
    multiple = calculated(voice, f'claim("{row["id"]}") / claim("{before["id"]}")', "1")
    changed = before["product"] != row["product"]
    text = becomes(voice, before["product_label"], row["product_label"]) if changed else ""
    return {"multiple_text": multiple.text(voice, "times"), "multiple_claim": multiple.claim,
            "product_break": changed, "break_text": text}  # fmt: skip


def becomes(voice: Voice, first: str, last: str) -> str:
    """What stands at a break between two products, by their labels."""
    if not (first and last):
        return voice.language.word("chart.product_break")
    return voice.language.word("chart.becomes", first=first, last=last)


def products_in_order(rows: Sequence[Row]) -> list[str]:
    """The products of the rows in order of appearance."""
    return list(dict.fromkeys(row["product"] for row in rows))
