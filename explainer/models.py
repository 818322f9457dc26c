"""The parts of the data file as typed models: what each key may hold.

The models are the one description of the file: they validate it, and the schema for editors is
generated from them.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal

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


class Entry(BaseModel):
    """What all parts of the data file share: no unknown keys, and numbers may stand for texts."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Licence(Entry):
    """What the site's own words and charts may be used for."""

    name: str
    url: Link


class Credit(Entry):
    """A line, with a link, at the top and bottom of every page that uses a source."""

    source: Id
    text: Text


class Site(Entry):
    """The few lines that make a site yours."""

    title: Text
    languages: list[str] = Field(min_length=1)
    licence: Licence
    tagline: Text | None = None
    description: Text | None = None
    publisher: Text | None = None
    contact: Link | None = None
    repository: Link | None = None
    credits: list[Credit] = []


class Label(Entry):
    """A word of the vocabulary as readers see it."""

    label: Text
    note: Text | None = None


class Measure(Label):
    """What is measured. Only a signed measure can be negative."""

    signed: bool = False


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

    at: Point | None = None
    source: Id | None = None
    schematic: bool = False


class Plural(Entry):
    """A noun as it follows a number."""

    one: str | None = None
    few: str | None = None
    many: str | None = None
    other: str


class Counted(Entry):
    """A thing that is counted, as a unit: its noun in each language."""

    label: dict[str, Plural]

    @field_validator("label")
    @classmethod
    def _has_a_label(cls, label: dict[str, Plural]) -> dict[str, Plural]:
        if not label:
            raise ValueError("a noun for each language: {en: {one: crate, other: crates}}")
        return label


class Vocabulary(Entry):
    """The words by which claims are sorted."""

    measures: dict[Id, Measure] = {}
    places: dict[Id, PlaceWord] = {}
    products: dict[Id, Label] = {}
    levels: dict[Id, Label] = {}
    units: dict[Id, Counted] = {}


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

    office: Text
    kind: Kind
    name: str | None = None
    unnamed: bool = False
    note: Text | None = None


class Source(Entry):
    """A publication, how much of it was read, and what it may be used for."""

    title: Text
    lang: str
    access: Literal["full", "part", "unread"]
    licence: Text
    publisher: Text | None = None
    author: str | None = None
    published: When | None = None
    url: Link | None = None
    archive_url: Link | None = None
    note: Text | None = None


class Locator(Entry):
    """Where in the last source of the chain the statement stands."""

    quote: str | None = None
    page: str | None = None
    table: str | None = None
    paragraph: str | None = None
    section: str | None = None


class Claim(Entry):
    """One statement by one speaker about one quantity, or a calculation of ours."""

    what: Text
    label: Text | None = None
    """A few words for charts, where `what` is too long and the place says too little."""
    measure: Id
    value: str | None = None
    formula: str | None = None
    unit: str | None = None
    digits: int | None = Field(default=None, ge=1, le=15)
    expect: str | None = None
    place: Id | None = None
    product: Id | None = None
    level: Id | None = None
    money: str | None = Field(default=None, pattern=r"^(nominal|real (19|20)\d\d)$")
    purity: str | None = None
    as_of: When | None = None
    said_by: Id | list[Id] | None = None
    chain: list[Id] = []
    locator: Locator | None = None
    checked: Day | None = None
    review_by: Day | None = None
    note: Text | None = None

    @property
    def speakers(self) -> list[str]:
        """The ids of those who said it; none for a calculation of ours."""
        if self.said_by is None:
            return []
        return [self.said_by] if isinstance(self.said_by, str) else list(self.said_by)


class Series(Entry):
    """Rows of figures that share a source, such as a price by year and country."""

    what: Text
    measure: Id
    unit: str
    columns: list[str] = Field(min_length=2)
    rows: list[list[Any]]
    labels: dict[str, dict[str, Text]] = {}
    """Column → cell → what readers see instead, such as the name of a country."""
    heads: dict[str, Text] = {}
    """Column → its name for readers."""
    place: Id | None = None
    product: Id | None = None
    level: Id | None = None
    money: str | None = Field(default=None, pattern=r"^(nominal|real (19|20)\d\d)$")
    as_of: When | None = None
    said_by: Id | None = None
    chain: list[Id]
    locator: Locator | None = None
    checked: Day | None = None
    review_by: Day | None = None
    note: Text | None = None


class Disagreement(Entry):
    """Claims that do not fit together: the question, what each implies, what would settle it."""

    question: Text
    claims: list[Id] = Field(min_length=2)
    implies: dict[str, Text] = {}
    settles: Text | None = None
    note: Text | None = None


class Chart(BaseModel):
    """A chart of the data file; the keys beyond these are the options of its form."""

    model_config = ConfigDict(extra="allow", frozen=True)

    form: str
    title: Text
    description: Text
    how_to_read: Text
    note: Text | None = None
    across_years: Text | None = None
    """Why nominal money of several years shares an axis; readers are told."""
    twin: Id | None = None

    @property
    def options(self) -> dict[str, Any]:
        """The keys that belong to the form."""
        return dict(self.model_extra or {})


class Term(Entry):
    """A glossary entry; `names` lists further spellings, such as the name of a law."""

    term: Text
    meaning: Text
    expansion: Text | None = None
    source: Id | None = None
    names: list[str] = []


class Correction(Entry):
    """What was wrong, what it says now, and why.

    `was` is quoted as it stood, so its numbers come from no claim; `page` is a note's name.
    """

    date: Day
    kind: Literal["correction", "clarification"] = "correction"
    page: str | None = None
    claims: list[Id] = []
    was: Text
    now: Text
    why: Text


class DataFile(Entry):
    """The data file of an explainer."""

    site: Site
    vocabulary: Vocabulary = Vocabulary()
    speakers: dict[Id, Speaker] = {}
    sources: dict[Id, Source] = {}
    claims: dict[Id, Claim] = {}
    series: dict[Id, Series] = {}
    disagreements: dict[Id, Disagreement] = {}
    charts: dict[Id, Chart] = {}
    glossary: dict[Id, Term] = {}
    corrections: list[Correction] = []


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
