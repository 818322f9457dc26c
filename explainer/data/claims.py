"""What is stated: claims, each a number with its speaker and its sources, and series of numbers."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any, get_type_hints

from pydantic import Field, ValidationInfo, WithJsonSchema, create_model, field_validator

from explainer.data.kinds import (
    Day,
    Entry,
    FormulaText,
    Id,
    LevelId,
    MeasureId,
    PlaceId,
    ProductId,
    Quotation,
    SourceId,
    SpeakerId,
    Text,
    When,
    is_number,
    optional,
    required,
)
from explainer.data.quantities import Unit, Units
from explainer.data.yaml import WrittenInt
from explainer.problems import Fault, Rule, ToldAtItsPlace, choices

MONEY_PATTERN = r"^(nominal|real 1\d\d\d|real 2[01]\d\d)$"

# Keys that claims and series have alike

PRODUCT = optional("Of what: a product of the vocabulary. A price by weight has to have it.")
LEVEL = optional(
    "At which step of trade: farm-gate, wholesale, retail, unstated, or a level of the "
    "vocabulary. The measure `price` has to have it."
)
MONEY = optional(
    "Of which year the money is: `nominal`, as it was paid, or `real` and a year. A currency "
    "has to have it.",
    pattern=MONEY_PATTERN,
)
REVIEW_BY = optional("The day by which it should be compared again; after it, `check` warns.")


class Locator(Entry):
    """Where in the last source of the chain the statement stands."""

    quote: Quotation | None = optional(
        "The words themselves, in the language of the source, 25 at most."
    )
    page: str | None = optional("The page, if you have seen it.")
    table: str | None = optional("The table.")
    paragraph: str | None = optional("The paragraph.")
    section: str | None = optional("The section or chapter.")


class Claim(Entry):
    """One statement by one speaker about one quantity, or a calculation of ours."""

    what: Text = required(
        'What the number is of, so that "what: number" makes sense: a kilo of raw coffee at the '
        "farm."
    )
    label: Text | None = optional("A few words for charts, where `what` is too long for them.")
    measure: MeasureId = required("What is measured: a measure of the vocabulary.")
    value: str | None = optional(
        "What was said: [about, up to, at least, over, under] NUMBER[..NUMBER] UNIT, in plain "
        "digits; million and the like may stand before the unit. Either this or `formula`."
    )
    formula: FormulaText | None = optional(
        'Your own calculation, from claim("id"), stated("id"), series("id", …), distance("place", '
        '"place"), numbers, + - * / and brackets. Either this or `value`. What is nothing but one '
        "number of a series, or its first, last, min or max, is no calculation: the speaker of "
        "the series says it."
    )
    unit: str | None = optional(
        "The unit in which a formula gives its result. A formula has to have it; a pure number "
        'has the unit "1".'
    )
    digits: int | None = optional(
        "How many significant digits are printed. If left out, a value is printed as it is "
        "written, and a formula's result with two for quotients and three for all else.",
        ge=1,
        le=15,
    )
    expect: str | None = optional(
        "What you rely on a formula to give, written like a value. When it gives something else, "
        "you are warned."
    )
    place: PlaceId | None = optional("Where: a place of the vocabulary.")
    product: ProductId | None = PRODUCT
    level: LevelId | None = LEVEL
    money: str | None = MONEY
    purity: str | None = optional("How pure the product was, as the source puts it.")
    as_of: When | None = optional("What time the statement is about. A value has to have it.")
    said_by: SpeakerId | list[SpeakerId] | None = optional(
        "The speaker, or a list of speakers who said the same. A value has to have it."
    )
    chain: list[SourceId] = optional(
        "The sources through which it reached you, nearest the speaker first, the one that you "
        "read last. A value has to have it.",
        default=[],
    )
    locator: Locator | None = optional("Where in the last source it stands.")
    checked: Day | None = optional(
        "The day on which it was last compared with it. A value has to have it."
    )
    review_by: Day | None = REVIEW_BY
    note: Text | None = optional("A remark for readers, shown with it.")

    @property
    def speakers(self) -> list[str]:
        """The ids of those who said it; none for a calculation of ours."""
        if self.said_by is None:
            return []
        return [self.said_by] if isinstance(self.said_by, str) else list(self.said_by)


FIRST, LAST = 1000, 2999
"""What a number in a row is, where it is to be a year."""

TIME = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
"""What a cell is in a column of times: a year, a month or a day."""


class Numbers(Entry):
    """What a column of numbers holds; what it does not say, the series says."""

    what: Text | None = optional("What its numbers are of.")
    measure: MeasureId | None = optional("What is measured: a measure of the vocabulary.")
    unit: str = optional("The unit of its numbers.", default="")
    scale: float | None = optional(
        "What its numbers are multiplied with: 1000, in thousands.", gt=0
    )
    place: PlaceId | None = optional("Where: a place of the vocabulary.")
    product: ProductId | None = optional("Of what: a product of the vocabulary.")
    level: LevelId | None = optional("At which step of trade.")
    money: str | None = optional(
        "Of which year the money is: `nominal`, or `real` and a year.", pattern=MONEY_PATTERN
    )


Rows = Annotated[
    list[list[Any]],
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "array"}}]}),
]
"""Rows as they are written, or the name of the table that has them."""


class Series(Entry):
    """Rows of figures that share a source, such as a price by year and country."""

    what: Text = required("What the numbers are of.")
    measure: MeasureId | None = optional("What is measured: a measure of the vocabulary.")
    unit: str = optional("The unit of the numbers.", default="")
    scale: float | None = optional(
        "What the numbers are multiplied with as they are read: 1000 where the source gives them "
        "in thousands. Its table is published as it stands.",
        gt=0,
    )
    columns: list[str] = optional(
        "The names of the columns of a list of rows; a table names its own in its first line.",
        default=[],
        min_length=2,
    )
    time: str = optional(
        "The column of times: in each row a year, a month (2014-08) or a day. Charts of the "
        "series have it on x, and what is first and last goes by it.",
        default="",
    )
    numbers: dict[str, Numbers] = optional(
        "The columns of numbers, where there are several: each with its unit, and whatever else "
        "sets it apart. If left out, the last column holds the numbers.",
        default={},
    )
    rows: Rows = required(
        "The rows: the name of a table beside the data file (CSV in UTF-8, with commas, whose "
        "first line names the columns), or a list of rows, each a list with a cell for every "
        "column. An empty cell is a gap."
    )
    labels: dict[str, dict[str, Text]] = optional(
        "By column and cell, what readers see instead, such as the name of a country.", default={}
    )
    heads: dict[str, Text] = optional("By column, its name for readers.", default={})
    place: PlaceId | None = optional("Where: a place of the vocabulary.")
    product: ProductId | None = PRODUCT
    level: LevelId | None = LEVEL
    money: str | None = MONEY
    as_of: When | None = optional("What time it is about.")
    said_by: SpeakerId | None = optional("The speaker.")
    chain: list[SourceId] = required(
        "The sources through which it reached you, nearest the speaker first, the one that you "
        "read last."
    )
    locator: Locator | None = optional("Where in the last source it stands.")
    checked: Day | None = optional("The day on which it was last compared with that source.")
    review_by: Day | None = REVIEW_BY
    note: Text | None = optional("A remark for readers, shown with it.")

    @field_validator("rows")
    @classmethod
    def _as_read(cls, rows: list[list[Any]], info: ValidationInfo) -> list[list[Any]]:
        """The numbers in their unit, which the rows give in thousands, say; codes as texts.

        A column of codes such as 0901 holds texts, as they are written; one of numbers does not.
        A cell that is no list of cells is told of by whoever looks at the rows.
        """
        columns, own = info.data.get("columns") or [], info.data.get("numbers") or {}
        numbers = {columns.index(n): own.get(n) for n in own or columns[-1:] if n in columns}
        scales = {
            index: Fraction(str(scale))
            for index, held in numbers.items()
            if (scale := (held and held.scale) or info.data.get("scale"))
        }
        last = max(map(len, rows), default=0) - 1
        codes = {
            index
            for row in rows
            for index, cell in enumerate(row)
            if isinstance(cell, WrittenInt)
            and str(cell)[:1] == "0"
            and index not in (numbers or (last,))
        }

        def read(index: int, cell: Any) -> Any:
            if index in codes:
                return str(cell)
            return _times(cell, scales[index]) if index in scales else cell

        if not codes and not scales:
            return rows
        return [[read(index, cell) for index, cell in enumerate(row)] for row in rows]

    @property
    def counted(self) -> list[str]:
        """The columns of numbers."""
        return list(self.numbers) or self.columns[-1:]

    @property
    def unread(self) -> list[str]:
        """The columns that hold nothing but numbers, and are not said to: no times, no years."""
        others = set(self.columns) - {*self.columns[-1:], self.time} if not self.numbers else ()
        return [
            name
            for name in others
            if (cells := [cell for cell in self.cells(name) if cell not in (None, "")])
            and all(map(is_number, cells))
            and not all(FIRST <= cell <= LAST for cell in cells)
        ]

    def only_one(self, name: str) -> Fault:
        """What is wrong where the numbers of other columns than the last are meant, too."""
        message = f'only the column "{self.counted[0]}" of "{name}" is read as numbers'
        hint = f"name all of them under numbers: {choices(self.columns)}"
        return Fault(Rule.BAD_FORMULA, message, hint)

    def about(self, column: str) -> Numbers:
        """What a column of numbers holds, with what the series says of all of them."""
        own = self.numbers.get(column, Numbers())
        said = {name: getattr(own, name) or getattr(self, name) for name in Numbers.model_fields}
        return Numbers.model_construct(**said)

    def unit_of(self, column: str, units: Units) -> Unit:
        """The unit of a column of numbers. Raises `ToldAtItsPlace` for one that does not exist."""
        try:
            return units.unit(self.about(column).unit)
        except Fault as fault:
            raise ToldAtItsPlace(fault.rule, fault.message) from fault

    def parted(self, row: Sequence[Any]) -> tuple[str, list[str], dict[str, Fraction]]:
        """The time of a row, its words, and its numbers by column; no time where it has none."""
        cells = dict(zip(self.columns, row, strict=False))
        numbers = {name: number for name in self.counted if (number := exact(cells.pop(name, None)))
                   is not None}  # fmt: skip
        if self.time:
            time = str(cells.pop(self.time, ""))
        else:
            heads = cells.values()
            years = [str(cell) for cell in heads if isinstance(cell, int) and FIRST <= cell <= LAST]
            time = "".join(years[:1])
            cells = {name: cell for name, cell in cells.items() if str(cell) not in years}
        return time, [str(cell) for cell in cells.values() if cell not in (None, "")], numbers

    def cells(self, column: str) -> list[Any]:
        """The cells of a column, from the top; none of a column that there is not."""
        if column not in self.columns:
            return []
        index = self.columns.index(column)
        return [row[index] for row in self.rows if len(row) > index]


def exact(cell: Any) -> Fraction | None:
    """A cell as an exact number, if it is one."""
    if not is_number(cell):
        return None
    return Fraction(cell) if isinstance(cell, int) else Fraction(str(cell))


def _times(cell: Any, scale: Fraction) -> Any:
    """A cell times a scale, if it is a number: exactly, 0.29 thousand is 290."""
    number = exact(cell)
    if number is None:
        return cell
    product = number * scale
    return int(product) if product.denominator == 1 else float(product)


_KEYS: dict[str, Any] = {
    name: (hint | None, Field(default=None, description=Claim.model_fields[name].description))
    for name, hint in get_type_hints(Claim, include_extras=True).items()
    if name in Claim.model_fields
}
PART: Any = create_model("ClaimPart", __base__=Entry, **_KEYS)
PART.__doc__ = "Keys of a claim in a group; those that it lacks, the group shares."


class Group(Entry):
    """Claims that share keys, which are written once: each is read as if it had them all.

    A key that a claim has itself is the claim's own. The group's id is for you alone.
    """

    shared: PART = optional("The keys that its claims share, such as `chain`.", default=PART())
    claims: str | dict[Id, PART] = required(
        "The claims, each with the keys of its own; or the name of a table beside the data file, "
        "a line a claim: the column `id`, and a column for each key, `what.en` for a key within a "
        "key, `a > b` for a list."
    )
