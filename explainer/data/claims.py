"""What is stated: claims, each a number with its speaker and its sources, and series of numbers."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, get_type_hints

from pydantic import Field, create_model, field_validator

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
)
from explainer.data.yaml import WrittenInt


class Locator(Entry):
    """Where in the last source of the chain the statement stands."""

    quote: Quotation | None = Field(
        default=None, description="The words themselves, in the language of the source, 25 at most."
    )
    page: str | None = Field(default=None, description="The page, if you have seen it.")
    table: str | None = Field(default=None, description="The table.")
    paragraph: str | None = Field(default=None, description="The paragraph.")
    section: str | None = Field(default=None, description="The section or chapter.")


class Claim(Entry):
    """One statement by one speaker about one quantity, or a calculation of ours."""

    what: Text = Field(
        description=(
            'What the number is of, so that "what: number" makes sense: a kilo of raw coffee at '
            "the farm."
        )
    )
    label: Text | None = Field(
        default=None,
        description="A few words for charts, where `what` is too long for them.",
    )
    measure: MeasureId = Field(description="What is measured: a measure of the vocabulary.")
    value: str | None = Field(
        default=None,
        description=(
            "What was said: [about, up to, at least, over, under] NUMBER[..NUMBER] UNIT, in "
            "plain digits. Either this or `formula`."
        ),
    )
    formula: FormulaText | None = Field(
        default=None,
        description=(
            'Your own calculation, from claim("id"), stated("id"), distance("place", "place"), '
            "numbers, + - * / and brackets. Either this or `value`."
        ),
    )
    unit: str | None = Field(
        default=None,
        description=(
            "The unit in which a formula gives its result. A formula has to have it; a pure "
            'number has the unit "1".'
        ),
    )
    digits: int | None = Field(
        default=None,
        ge=1,
        le=15,
        description=(
            "How many significant digits a formula's result is printed with; if left out, two "
            "for quotients and three for all else."
        ),
    )
    expect: str | None = Field(
        default=None,
        description=(
            "What you rely on a formula to give, written like a value. When it gives something "
            "else, you are warned."
        ),
    )
    place: PlaceId | None = Field(default=None, description="Where: a place of the vocabulary.")
    product: ProductId | None = Field(
        default=None,
        description="Of what: a product of the vocabulary. A price by weight has to have it.",
    )
    level: LevelId | None = Field(
        default=None,
        description=(
            "At which step of trade: farm-gate, wholesale, retail, unstated, or a level of the "
            "vocabulary. The measure `price` has to have it."
        ),
    )
    money: str | None = Field(
        default=None,
        pattern=r"^(nominal|real 1\d\d\d|real 2[01]\d\d)$",
        description=(
            "Of which year the money is: `nominal`, as it was paid, or `real` and a year. A "
            "currency has to have it."
        ),
    )
    purity: str | None = Field(
        default=None, description="How pure the product was, as the source puts it."
    )
    as_of: When | None = Field(
        default=None, description="What time the statement is about. A value has to have it."
    )
    said_by: SpeakerId | list[SpeakerId] | None = Field(
        default=None,
        description="The speaker, or a list of speakers who said the same. A value has to have it.",
    )
    chain: list[SourceId] = Field(
        default=[],
        description=(
            "The sources through which it reached you, nearest the speaker first, the one that "
            "you read last. A value has to have it."
        ),
    )
    locator: Locator | None = Field(default=None, description="Where in the last source it stands.")
    checked: Day | None = Field(
        default=None,
        description="The day on which it was last compared with it. A value has to have it.",
    )
    review_by: Day | None = Field(
        default=None,
        description="The day by which it should be compared again; after it, `check` warns.",
    )
    note: Text | None = Field(default=None, description="A remark for readers, shown with it.")

    @property
    def speakers(self) -> list[str]:
        """The ids of those who said it; none for a calculation of ours."""
        if self.said_by is None:
            return []
        return [self.said_by] if isinstance(self.said_by, str) else list(self.said_by)


FIRST, LAST = 1000, 2999
"""What a number in a row is, where it is to be a year."""


class Series(Entry):
    """Rows of figures that share a source, such as a price by year and country."""

    what: Text = Field(description="What the numbers are of.")
    measure: MeasureId = Field(description="What is measured: a measure of the vocabulary.")
    unit: str = Field(description="The unit of the numbers.")
    columns: list[str] = Field(
        min_length=2, description="The names of the columns. The last one holds the number."
    )
    rows: list[list[Any]] = Field(description="The rows, each a list with a cell for every column.")
    labels: dict[str, dict[str, Text]] = Field(
        default={},
        description="By column and cell, what readers see instead, such as the name of a country.",
    )
    heads: dict[str, Text] = Field(default={}, description="By column, its name for readers.")
    place: PlaceId | None = Field(default=None, description="Where: a place of the vocabulary.")
    product: ProductId | None = Field(
        default=None,
        description="Of what: a product of the vocabulary. A price by weight has to have it.",
    )
    level: LevelId | None = Field(
        default=None,
        description=(
            "At which step of trade: farm-gate, wholesale, retail, unstated, or a level of the "
            "vocabulary. The measure `price` has to have it."
        ),
    )
    money: str | None = Field(
        default=None,
        pattern=r"^(nominal|real 1\d\d\d|real 2[01]\d\d)$",
        description=(
            "Of which year the money is: `nominal`, as it was paid, or `real` and a year. A "
            "currency has to have it."
        ),
    )
    as_of: When | None = Field(default=None, description="What time it is about.")
    said_by: SpeakerId | None = Field(default=None, description="The speaker.")
    chain: list[SourceId] = Field(
        description=(
            "The sources through which it reached you, nearest the speaker first, the one that "
            "you read last."
        )
    )
    locator: Locator | None = Field(default=None, description="Where in the last source it stands.")
    checked: Day | None = Field(
        default=None, description="The day on which it was last compared with that source."
    )
    review_by: Day | None = Field(
        default=None,
        description="The day by which it should be compared again; after it, `check` warns.",
    )
    note: Text | None = Field(default=None, description="A remark for readers, shown with it.")

    @field_validator("rows")
    @classmethod
    def _codes_are_texts(cls, rows: list[list[Any]]) -> list[list[Any]]:
        """A column of codes such as 0901 holds texts, as they are written; the last one numbers."""
        codes = {
            index
            for row in rows
            for index, cell in enumerate(row[:-1])
            if isinstance(cell, WrittenInt) and str(cell)[:1] == "0"
        }
        return [
            [str(cell) if index in codes else cell for index, cell in enumerate(row)]
            for row in rows
        ]

    def parted(self, row: Sequence[Any]) -> tuple[str, list[str], Fraction | None]:
        """The year of a row, its words, and its number; none of either where it has none."""
        *heads, last = row or [None]
        years = [str(cell) for cell in heads if isinstance(cell, int) and FIRST <= cell <= LAST]
        words = [str(cell) for cell in heads if str(cell) not in years and cell not in (None, "")]
        number = isinstance(last, int | float) and not isinstance(last, bool)
        return "".join(years[:1]), words, Fraction(str(last)) if number else None

    def cells(self, column: str) -> list[Any]:
        """The cells of a column, from the top; none of a column that there is not."""
        if column not in self.columns:
            return []
        index = self.columns.index(column)
        return [row[index] for row in self.rows if len(row) > index]


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

    shared: PART = Field(description="The keys that its claims share, such as `chain`.")
    claims: dict[Id, PART] = Field(description="The claims, each with the keys of its own.")
