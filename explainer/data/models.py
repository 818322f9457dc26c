"""The parts of the data file as typed models: what each key may hold.

The models are the one description of the file: they validate it, and the schema for editors is
generated from them.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    field_validator,
)

ID_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class LocalText(dict[str, str]):
    """A text in one or several languages; a text for all of them stands under an empty code."""

    def said(self, language: str) -> str:
        """The text in a language; where that is missing, in whichever language there is."""
        for code in (language, ""):
            if code in self:
                return self[code]
        return next(iter(self.values()), "")


def _as_text(value: Any) -> LocalText:
    if isinstance(value, LocalText):
        return value
    if isinstance(value, str) and value.strip():
        return LocalText({"": value})
    if isinstance(value, int | float) and not isinstance(value, bool):
        return LocalText({"": str(value)})
    if (
        isinstance(value, dict)
        and value
        and all(
            isinstance(k, str) and re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", k) for k in value
        )
        and all(isinstance(v, str) and v.strip() for v in value.values())
    ):
        return LocalText(value)
    raise ValueError("a text, or one text per language (en: …)")


def _as_date(value: Any) -> str:
    text = str(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        core = text.removeprefix("about ")
        ends = core.split("..", 1)
        if text == "unstated" or (all(_is_date(end) for end in ends) and ends[0] <= ends[-1]):
            return text
    raise ValueError("a date: 2014, 2014-08, 2014-08-12, 2012..2014, about 2013, or unstated")


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        return False
    parts = [int(part) for part in text.split("-")]
    try:
        date(*(parts + [1] * (3 - len(parts))))
    except ValueError:
        return False
    return True


def _as_day(value: Any) -> str:
    if isinstance(value, str) and len(value) == 10 and _is_date(value):
        return value
    raise ValueError("a day: 2026-11-23")


def _as_link(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"https?://[^\s<>\"\[\]/]+(/[^\s<>\"]*)?", value):
        return value
    raise ValueError("a web address that begins with https:// or http://")


_TEXT_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
    ],
    "description": "A text, or one text per language.",
}

Text = Annotated[LocalText, PlainValidator(_as_text), WithJsonSchema(_TEXT_SCHEMA)]
When = Annotated[
    str,
    PlainValidator(_as_date),
    WithJsonSchema({"type": ["string", "integer"], "description": "A date, period or unstated."}),
]
Day = Annotated[str, PlainValidator(_as_day), WithJsonSchema({"type": "string", "format": "date"})]
Link = Annotated[str, PlainValidator(_as_link), WithJsonSchema({"type": "string", "format": "uri"})]
Id = Annotated[str, Field(pattern=rf"^{ID_PATTERN}$")]


class Names(NamedTuple):
    """A mark on a type: its values are ids of a section, or of a part of the vocabulary."""

    section: str


CALCULATION = "a formula"
"""A mark on a type: its values are formulas, which call claims."""

ClaimId = Annotated[Id, Names("claims")]
SeriesId = Annotated[Id, Names("series")]
SourceId = Annotated[Id, Names("sources")]
SpeakerId = Annotated[Id, Names("speakers")]
ChartId = Annotated[Id, Names("charts")]
MeasureId = Annotated[Id, Names("measures")]
PlaceId = Annotated[Id, Names("places")]
ProductId = Annotated[Id, Names("products")]
LevelId = Annotated[Id, Names("levels")]
FormulaText = Annotated[str, CALCULATION]


class Entry(BaseModel):
    """What all parts of the data file share: no unknown keys, and numbers may stand for texts."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Licence(Entry):
    """What the site's own words and charts may be used for."""

    name: str = Field(description="Its name, such as CC BY 4.0.")
    url: Link = Field(description="Where its text stands.")


class Credit(Entry):
    """A line, with a link, at the top and bottom of every page that uses a source."""

    source: SourceId = Field(description="The source that asks for it.")
    text: Text = Field(description="The line, as the source wants it.")


class Site(Entry):
    """The few lines that make a site yours."""

    title: Text = Field(description="The name of the site.")
    languages: list[str] = Field(
        min_length=1,
        description=(
            "The languages of the site by their codes. The first is the one at the top of the "
            "site, the others each have a folder of notes."
        ),
    )
    licence: Licence = Field(description="What your own words and charts may be used for.")
    tagline: Text | None = Field(default=None, description="A line below the title, on every page.")
    description: Text | None = Field(
        default=None,
        description=(
            "What the site is about, in a sentence or two, at the foot of every page and for "
            "search engines."
        ),
    )
    publisher: Text | None = Field(default=None, description="Who publishes it.")
    contact: Link | None = Field(default=None, description="Where readers say what is wrong.")
    repository: Link | None = Field(
        default=None, description="Where the notes and data can be seen, and what changed in them."
    )
    credits: list[Credit] = Field(
        default=[], description="Lines that sources ask for, on every page that uses them."
    )


class Label(Entry):
    """A word of the vocabulary as readers see it."""

    label: Text = Field(description="The word as readers see it.")
    note: Text | None = Field(default=None, description="A remark for readers, shown with it.")


class Measure(Label):
    """What is measured. Only a signed measure can be negative."""

    signed: bool = Field(
        default=False,
        description=(
            "Whether it can be negative, as a difference can. Any other is never below zero, so "
            'that "up to 5" lies between 0 and 5.'
        ),
    )


def _as_point(value: Any) -> tuple[float, float]:
    numbers = isinstance(value, list) and [
        part for part in value if isinstance(part, int | float) and not isinstance(part, bool)
    ]
    if (
        numbers
        and len(value) == len(numbers) == 2
        and abs(numbers[0]) <= 90
        and abs(numbers[1]) <= 180
    ):
        return float(numbers[0]), float(numbers[1])
    raise ValueError("[latitude, longitude] in degrees: [-16.5, -68.15]")


Point = Annotated[
    tuple[float, float],
    PlainValidator(_as_point),
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]


class PlaceWord(Label):
    """A place; `at` is [latitude, longitude] in degrees, for maps and distances, never printed."""

    at: Point | None = Field(
        default=None,
        description="Latitude and longitude, for maps and distances; never printed.",
    )
    source: SourceId | None = Field(default=None, description="Where the point comes from.")
    schematic: bool = Field(
        default=False,
        description=(
            "Whether the point only stands for a larger area. Maps mark it so, and distances "
            'from it are "about".'
        ),
    )


class Plural(Entry):
    """A noun as it follows a number."""

    one: str | None = Field(default=None, description="For one: cup.")
    few: str | None = Field(
        default=None, description="For a few, in languages that have such a form."
    )
    many: str | None = Field(
        default=None, description="For many, in languages that have such a form."
    )
    other: str = Field(description="For all others: cups.")


class Counted(Entry):
    """A thing that is counted, as a unit: its noun in each language."""

    label: dict[str, Plural] = Field(
        description="The noun in each language, with the forms of its plural."
    )

    @field_validator("label")
    @classmethod
    def _has_a_label(cls, label: dict[str, Plural]) -> dict[str, Plural]:
        if not label:
            raise ValueError("a noun for each language: {en: {one: crate, other: crates}}")
        return label


class Vocabulary(Entry):
    """The words by which claims are sorted."""

    measures: dict[Id, Measure] = Field(
        default={}, description="What is measured: price, weight, share."
    )
    places: dict[Id, PlaceWord] = Field(default={}, description="Where.")
    products: dict[Id, Label] = Field(
        default={},
        description="Of what. Two products never share a line of a chart without a break.",
    )
    levels: dict[Id, Label] = Field(
        default={}, description="Steps of trade beyond those that are built in."
    )
    units: dict[Id, Counted] = Field(
        default={},
        description=(
            "Things that are counted, such as cups or flights, so that they can stand in a value."
        ),
    )


Kind = Literal[
    "police",
    "military",
    "government",
    "legislator",
    "prosecutor",
    "international",
    "researcher",
    "journalist",
    "outlet",
    "insider",
    "company",
    "producer",
]


class Speaker(Entry):
    """Who says something: an office in prose, charts and cards; a name on the data page only."""

    office: Text = Field(
        description=(
            'Who it is by what they do: "the harbor office of Port City". Sentences, charts and '
            "cards say this."
        )
    )
    kind: Kind = Field(description="What sort of speaker it is.")
    name: str | None = Field(
        default=None, description="A name, for the page of the data only. No private person's."
    )
    unnamed: bool = Field(
        default=False, description="Whether the source does not say who it is; readers are told."
    )
    note: Text | None = Field(default=None, description="A remark for readers, shown with it.")


class Source(Entry):
    """A publication, how much of it was read, and what it may be used for."""

    title: Text = Field(
        description="The title as published; in its own language alone, or in several."
    )
    lang: str = Field(description="The code of the language in which it is written.")
    access: Literal["full", "part", "unread"] = Field(
        description=(
            "How much of it you have read: all, a part, or nothing, because another source "
            "cites it. An unread source cannot be the last of a chain."
        )
    )
    licence: Text = Field(description="What its facts and words may be used for, in a line.")
    publisher: Text | None = Field(default=None, description="Who published it.")
    author: str | None = Field(default=None, description="Who wrote it, as they sign.")
    published: When | None = Field(default=None, description="When it was published.")
    url: Link | None = Field(default=None, description="Where it stands.")
    archive_url: Link | None = Field(default=None, description="Where a copy stands that stays.")
    note: Text | None = Field(default=None, description="A remark for readers, shown with it.")


class Locator(Entry):
    """Where in the last source of the chain the statement stands."""

    quote: str | None = Field(
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
        pattern=r"^(nominal|real (19|20)\d\d)$",
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
        pattern=r"^(nominal|real (19|20)\d\d)$",
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


class Disagreement(Entry):
    """Claims that do not fit together: the question, what each implies, what would settle it."""

    question: Text = Field(description="The question to which the claims are answers.")
    claims: list[ClaimId] = Field(min_length=2, description="The claims that do not fit together.")
    implies: dict[ClaimId, Text] = Field(
        default={},
        description="By claim, what would follow if it were true, or what speaks for it.",
    )
    settles: Text | None = Field(default=None, description="What would settle the matter.")
    note: Text | None = Field(default=None, description="A remark for readers, shown with it.")


class Chart(BaseModel):
    """A chart of the data file; the keys beyond these are the options of its form."""

    model_config = ConfigDict(extra="allow", frozen=True)

    form: str = Field(
        description=(
            "Which kind of chart. The keys beyond those in this table are the options of the form."
        )
    )
    title: Text = Field(description="What the reader should see: the finding, in a sentence.")
    description: Text = Field(description="What the chart shows, for those who do not see it.")
    how_to_read: Text = Field(description="What a mark is, and what a distance means.")
    note: Text | None = Field(default=None, description="A caveat, below the chart.")
    across_years: Text | None = Field(
        default=None,
        description=(
            "Why nominal money of several years shares an axis; readers are told. Needed where "
            "it does."
        ),
    )
    twin: ChartId | None = Field(
        default=None,
        description="The same chart on the other scale, which is folded below this one.",
    )

    @property
    def options(self) -> dict[str, Any]:
        """The keys that belong to the form."""
        return dict(self.model_extra or {})


class Term(Entry):
    """A glossary entry; `names` lists further spellings, such as the name of a law."""

    term: Text = Field(description="The word as it stands in a sentence.")
    meaning: Text = Field(description="What it means, in a sentence or two.")
    expansion: Text | None = Field(default=None, description="What an abbreviation stands for.")
    source: SourceId | None = Field(default=None, description="Where the meaning comes from.")
    names: list[str] = Field(
        default=[],
        description=(
            "Further spellings, and names that hold a number, which then needs no claim: Law 30339."
        ),
    )


class Correction(Entry):
    """What was wrong, what it says now, and why.

    `was` is quoted as it stood, so its numbers come from no claim; `page` is a note's name.
    """

    date: Day = Field(description="When it was corrected.")
    kind: Literal["correction", "clarification"] = Field(
        default="correction", description="Whether something was wrong, or only unclear."
    )
    page: str | None = Field(
        default=None,
        description=(
            "The note concerned, by the name of its file without .md; the correction is shown "
            "there too."
        ),
    )
    claims: list[ClaimId] = Field(
        default=[],
        description="The claims concerned; `changes` names the correction as the reason.",
    )
    was: Text = Field(description="What it said, as it stood. Its numbers need no claim.")
    now: Text = Field(description="What it says now.")
    why: Text = Field(description="Why it was wrong.")


class DataFile(Entry):
    """The data file of an explainer."""

    site: Site = Field(description="The few lines that make a site yours.")
    vocabulary: Vocabulary = Field(
        default=Vocabulary(), description="The words by which claims are sorted."
    )
    speakers: dict[Id, Speaker] = Field(default={}, description="Who says something.")
    sources: dict[Id, Source] = Field(default={}, description="What it was read in.")
    claims: dict[Id, Claim] = Field(
        default={},
        description="Every number: one statement by one speaker, or a calculation of yours.",
    )
    series: dict[Id, Series] = Field(
        default={}, description="Tables of numbers that share a source."
    )
    disagreements: dict[Id, Disagreement] = Field(
        default={}, description="Claims that do not fit together."
    )
    charts: dict[Id, Chart] = Field(default={}, description="What is drawn.")
    glossary: dict[Id, Term] = Field(default={}, description="Words that need explaining.")
    corrections: list[Correction] = Field(
        default=[],
        description="What was wrong, newest first or last; readers see the newest first.",
    )


SECTIONS: dict[str, type[BaseModel]] = {
    "speakers": Speaker,
    "sources": Source,
    "claims": Claim,
    "series": Series,
    "disagreements": Disagreement,
    "charts": Chart,
    "glossary": Term,
}
"""The parts of the data file that map ids to entries."""

NOUNS = {
    "speakers": "speaker",
    "sources": "source",
    "claims": "claim",
    "series": "series",
    "disagreements": "disagreement",
    "charts": "chart",
    "glossary": "glossary entry",
    "corrections": "correction",
}

TOP_LEVEL = ("site", "vocabulary", *SECTIONS, "corrections")
