"""The parts of the data file as typed models: what each key may hold.

The models are the one description of the file: they validate it, and the schema for editors is
generated from them.
"""

import hashlib
import json
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from explainer.data.claims import Claim, Group, Series
from explainer.data.kinds import (
    ChartId,
    ClaimId,
    Color,
    Day,
    Digest,
    Entry,
    Id,
    KindId,
    Language,
    Link,
    SiteAddress,
    SourceId,
    Text,
    When,
    optional,
    required,
)
from explainer.data.vocabulary import Vocabulary
from explainer.problems import Rule


class Licence(Entry):
    """What the site's own words and charts may be used for."""

    name: str = required("Its name, such as CC BY 4.0.")
    url: Link = required("Where its text stands.")


class Credit(Entry):
    """A line, with a link, at the top and bottom of every page that uses a source."""

    source: SourceId = required("The source that asks for it.")
    text: Text = required("The line, as the source wants it.")


class Logo(Entry):
    """A picture that stands for the site: beside its title, in browsers' tabs, and on cards."""

    file: str = required(
        "Its file, beside the notes: `logo.svg` or `logo.png`.", pattern=r"^[\w.-]+\.(svg|png)$"
    )
    alt: Text = required("What it shows, for those who do not see it.")


class Shades(Entry):
    """A color on the light page and on the dark page."""

    light: Color = required("On the light page, such as `#005f96`.")
    dark: Color = required("On the dark page, such as `#7cc4ef`.")


class Colors(Entry):
    """The site's own colors, in place of those of the style sheet."""

    accent: Shades | None = optional("Of links, buttons, the icon and the edge of cards.")
    products: list[Shades] = optional(
        "The six colors of charts, in the order in which products count them. They are compared "
        "as people see them who lack red or green.",
        default=[],
        min_length=6,
        max_length=6,
    )


class Site(Entry):
    """The few lines that make a site yours."""

    title: Text = required("The name of the site.")
    languages: list[Language] = required(
        "The languages of the site by their codes. The first is the one at the top of the site, "
        "the others each have a folder of notes.",
        min_length=1,
    )
    licence: Licence = required("What your own words and charts may be used for.")
    tagline: Text | None = optional("A line below the title, on every page.")
    description: Text | None = optional(
        "What the site is about, in a sentence or two, at the foot of every page and for search "
        "engines."
    )
    publisher: Text | None = optional("Who publishes it.")
    contact: Link | None = optional("Where readers say what is wrong.")
    repository: Link | None = optional(
        "Where the notes and data can be seen, and what changed in them."
    )
    url: SiteAddress | None = optional(
        "Where the site is published, for the tags that need it; `--site-url` and the variable "
        "`SITE_URL` win over it."
    )
    authors: list[Text] = optional(
        "Who wrote it, by name: above each note, and for search engines.", default=[]
    )
    logo: Logo | None = optional("A picture that stands for the site.")
    colors: Colors | None = optional("Colors of your own, for pages, charts, pictures and cards.")
    credits: list[Credit] = optional(
        "Lines that sources ask for, on every page that uses them.", default=[]
    )


class Speaker(Entry):
    """Who says something: an office in prose, charts and cards; a name on the data page only."""

    office: Text = required(
        'Who it is by what they do: "the harbor office of Port City". Sentences, charts and cards '
        "say this."
    )
    kind: KindId = required(
        "What sort of speaker it is: police, military, government, legislator, prosecutor, "
        "international, organization, researcher, journalist, outlet, insider, company, producer, "
        "or a kind of the vocabulary."
    )
    name: str | None = optional("A name, for the page of the data only. No private person's.")
    unnamed: bool = optional(
        "Whether the source does not say who it is; readers are told.", default=False
    )
    note: Text | None = optional("A remark for readers, shown with it.")


class Copy(Entry):
    """A copy of what was read, which is kept elsewhere: `verify` holds quotations against it."""

    sha256: Digest = required("Its digest (SHA-256, in hexadecimal).")
    on: Day = required("The day on which it was made, and the quotations held against it.")


class Source(Entry):
    """A publication, how much of it was read, and what it may be used for."""

    title: Text = required("The title as published; in its own language alone, or in several.")
    lang: Language = required("The code of the language in which it is written.")
    access: Literal["full", "part", "unread"] = required(
        "How much of it you have read: all, a part, or nothing, because another source cites it. "
        "An unread source cannot be the last of a chain."
    )
    licence: Text = required("What its facts and words may be used for, in a line.")
    publisher: Text | None = optional("Who published it.")
    author: str | None = optional("Who wrote it, as they sign.")
    short: Text | None = optional(
        "What it is called where there is little room; if left out, its publisher and the year."
    )
    published: When | None = optional("When it was published.")
    url: Link | None = optional("Where it stands.")
    archive_url: Link | None = optional("Where a copy stands that stays.")
    kept: Copy | None = optional(
        "The copy of it that you keep; readers are told that quotations are as in it.", alias="copy"
    )
    note: Text | None = optional("A remark for readers, shown with it.")


class Disagreement(Entry):
    """Claims that do not fit together: the question, what each implies, what would settle it."""

    question: Text = required("The question to which the claims are answers.")
    claims: list[ClaimId] = required("The claims that do not fit together.", min_length=2)
    implies: dict[ClaimId, Text] = optional(
        "By claim, what would follow if it were true, or what speaks for it.", default={}
    )
    settles: Text | None = optional("What would settle the matter.")
    note: Text | None = optional("A remark for readers, shown with it.")


class Chart(BaseModel):
    """A chart of the data file; the keys beyond these are the options of its form."""

    model_config = ConfigDict(extra="allow", frozen=True)

    form: str = required(
        "Which kind of chart. Each form has options of its own, beside these keys."
    )
    title: Text = required("What the reader should see: the finding, in a sentence.")
    description: Text = required("What the chart shows, for those who do not see it.")
    how_to_read: Text = required("What a mark is, and what a distance means.")
    note: Text | None = optional("A caveat, below the chart.")
    across_years: Text | None = optional(
        "Why nominal money of several years shares an axis; readers are told. Needed where it does."
    )
    twin: ChartId | None = optional(
        "The same chart on the other scale, which is folded below this one."
    )

    @property
    def options(self) -> dict[str, Any]:
        """The keys that belong to the form."""
        return dict(self.model_extra or {})


class Term(Entry):
    """A glossary entry; `names` lists further spellings, such as the name of a law."""

    term: Text = required("The word as it stands in a sentence.")
    meaning: Text = required("What it means, in a sentence or two.")
    expansion: Text | None = optional("What an abbreviation stands for.")
    source: SourceId | None = optional("Where the meaning comes from.")
    names: list[str] = optional(
        "Further spellings, and names that hold a number, which then needs no claim: Law 30339.",
        default=[],
    )


class Correction(Entry):
    """What was wrong, what it says now, and why.

    `was` is quoted as it stood, so its numbers come from no claim; `page` is a note's name.
    """

    id: Id | None = optional(
        "The name by which its place in the page is linked for good. Without one it is made from "
        "the date and from what was said, and changes with them."
    )
    date: Day = required("When it was corrected.")
    kind: Literal["correction", "clarification"] = optional(
        "Whether something was wrong, or only unclear.", default="correction"
    )
    page: str | None = optional(
        "The note concerned, by the name of its file without .md; the correction is shown there "
        "too."
    )
    claims: list[ClaimId] = optional(
        "The claims concerned; `changes` names the correction as the reason.", default=[]
    )
    was: Text = required("What it said, as it stood. Its numbers need no claim.")
    now: Text = required("What it says now.")
    why: Text = required("Why it was wrong.")

    @property
    def name(self) -> str:
        """Its id, or one that no other correction before or behind it can change."""
        said = json.dumps([self.date, self.was], ensure_ascii=False, sort_keys=True)
        return self.id or hashlib.sha256(said.encode()).hexdigest()[:8]


class DataFile(Entry):
    """The data file of an explainer."""

    site: Site = required("The few lines that make a site yours.")
    vocabulary: Vocabulary = optional("The words by which claims are sorted.", default=Vocabulary())
    speakers: dict[Id, Speaker] = optional("Who says something.", default={})
    sources: dict[Id, Source] = optional("What it was read in.", default={})
    claims: dict[Id, Group | Claim] = optional(
        "Every number: one statement by one speaker, or a calculation of yours; or a group of "
        "claims that share keys.",
        default={},
    )
    series: dict[Id, Series] = optional("Tables of numbers that share a source.", default={})
    disagreements: dict[Id, Disagreement] = optional("Claims that do not fit together.", default={})
    charts: dict[Id, Chart] = optional("What is drawn.", default={})
    glossary: dict[Id, Term] = optional("Words that need explaining.", default={})
    corrections: list[Correction] = optional(
        "What was wrong, newest first or last; readers see the newest first.", default=[]
    )


class Section(NamedTuple):
    """A part of the data file that maps ids to entries."""

    model: type[BaseModel]
    noun: str
    missed: Rule
    """By which rule an entry is missed; a word of the vocabulary is an unknown word."""


SECTIONS = {
    "speakers": Section(Speaker, "speaker", Rule.UNKNOWN_SPEAKER),
    "sources": Section(Source, "source", Rule.UNKNOWN_SOURCE),
    "claims": Section(Claim, "claim", Rule.UNKNOWN_CLAIM),
    "series": Section(Series, "series", Rule.BAD_CHART),
    "disagreements": Section(Disagreement, "disagreement", Rule.UNKNOWN_DISAGREEMENT),
    "charts": Section(Chart, "chart", Rule.UNKNOWN_CHART),
    "glossary": Section(Term, "glossary entry", Rule.UNKNOWN_TERM),
}

NOUNS = {name: section.noun for name, section in SECTIONS.items()} | {"corrections": "correction"}

TOP_LEVEL = ("site", "vocabulary", *SECTIONS, "corrections")
