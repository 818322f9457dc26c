"""The kinds of values that keys hold: texts, dates, addresses, and ids of this or that section.

A kind says all that is known of a value: how it is checked, what a schema tells an editor, and of
which section it holds ids.
"""

import contextlib
import re
from datetime import date
from typing import Annotated, Any, NamedTuple, TypeGuard

from babel import Locale, UnknownLocaleError
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
)

from explainer.project import ADDRESS, with_slash

LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]+)*"
"""A pattern of a language's code: es, pt-BR."""

ID_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"

# Texts


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
        # Of a block, even one that says nothing.
        return value
    texts = value if isinstance(value, dict) else {"": value}
    if (
        texts
        and all(re.fullmatch(rf"{LANGUAGE}|", str(code)) for code in texts)
        and all(_is_said(text) for text in texts.values())
    ):
        # A number becomes the text that was written.
        return LocalText({code: str(text) for code, text in texts.items()})
    if any(text is None for text in texts.values()):
        raise ValueError('a text with a comma in quotes: {en: "First, second"}')
    raise ValueError("a text, or one text per language (en: …)")


def _is_said(value: Any) -> bool:
    return is_number(value) or (isinstance(value, str) and bool(value.strip()))


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a value is a number; the two truth values are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


_TEXT_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
    ],
    "description": "A text, or one text per language.",
}

Text = Annotated[LocalText, PlainValidator(_as_text), WithJsonSchema(_TEXT_SCHEMA)]

# Dates, addresses, points


def _as_date(value: Any) -> str:
    text = str(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        core = text.removeprefix("about ")
        ends = core.split("..", 1)
        if text == "unstated" or (all(_is_date(end) for end in ends) and ends[0] <= ends[-1]):
            return text
    raise ValueError("a date: 2014, 2014-08, 2014-08-12, 2012..2014, about 2013, or unstated")


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        return False
    year, month, day = map(int, f"{text}-01-01".split("-")[:3])
    with contextlib.suppress(ValueError):
        return bool(date(year, month, day))
    return False


def _as_day(value: Any) -> str:
    if isinstance(value, str) and len(value) == 10 and _is_date(value):
        return value
    raise ValueError("a day: 2026-11-23")


def _as_link(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"https?://[^\s<>\"\[\]/]+(/[^\s<>\"]*)?", value):
        return value
    raise ValueError("a web address that begins with https:// or http://")


def _as_site_address(value: Any) -> str:
    if isinstance(value, str) and ADDRESS.fullmatch(with_slash(value)):
        return with_slash(value)
    raise ValueError("the address of a site, without ? and #: https://example.org/my-topic/")


def _as_color(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return value.lower()
    raise ValueError('a color in quotes, as six digits and letters: "#005f96"')


def locale_of(code: str) -> Locale:
    """What is known of a language by its code; raises `ValueError` where nothing is."""
    try:
        return Locale.parse(code.replace("-", "_"))
    except UnknownLocaleError as error:
        raise ValueError(str(error)) from error


def _as_language(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(LANGUAGE, value):
        with contextlib.suppress(ValueError):
            locale_of(value)
            return value
    raise ValueError("the code of a language: es, pt-BR")


def _as_point(value: Any) -> tuple[float, float]:
    if isinstance(value, list) and len(value) == 2 and all(map(is_number, value)):
        latitude, longitude = map(float, value)
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return latitude, longitude
    raise ValueError("[latitude, longitude] in degrees: [-16.5, -68.15]")


_WHEN_SCHEMA = {"type": ["string", "integer"], "description": "A date, period or unstated."}
_POINT_SCHEMA = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}

When = Annotated[str, PlainValidator(_as_date), WithJsonSchema(_WHEN_SCHEMA)]
Day = Annotated[str, PlainValidator(_as_day), WithJsonSchema({"type": "string", "format": "date"})]
Link = Annotated[str, PlainValidator(_as_link), WithJsonSchema({"type": "string", "format": "uri"})]
SiteAddress = Annotated[
    str, PlainValidator(_as_site_address), WithJsonSchema({"type": "string", "format": "uri"})
]
Color = Annotated[
    str,
    PlainValidator(_as_color),
    WithJsonSchema({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}),
]
Language = Annotated[str, PlainValidator(_as_language), WithJsonSchema({"type": "string"})]
Point = Annotated[tuple[float, float], PlainValidator(_as_point), WithJsonSchema(_POINT_SCHEMA)]

# Ids and formulas


class Names(NamedTuple):
    """A mark on a type: its values are ids of a section, or of a part of the vocabulary."""

    section: str

    def __get_pydantic_json_schema__(
        self, core: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The schema of an id, of which `schema.py` knows where it leads."""
        return {**handler(core), NAMES: self.section}


NAMES = "x-names"
"""The word of a schema under which a kind says of which section its ids are."""

CALCULATION = "a formula"
"""A mark on a type: its values are formulas, which call claims."""

QUOTATION = "a quotation"
"""A mark on a type: its values are somebody's own words."""

Id = Annotated[str, Field(pattern=rf"^{ID_PATTERN}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ClaimId = Annotated[Id, Names("claims")]
SeriesId = Annotated[Id, Names("series")]
SourceId = Annotated[Id, Names("sources")]
SpeakerId = Annotated[Id, Names("speakers")]
ChartId = Annotated[Id, Names("charts")]
MeasureId = Annotated[Id, Names("measures")]
PlaceId = Annotated[Id, Names("places")]
ProductId = Annotated[Id, Names("products")]
LevelId = Annotated[Id, Names("levels")]
KindId = Annotated[Id, Names("kinds")]
FormulaText = Annotated[str, CALCULATION]
Quotation = Annotated[str, QUOTATION]


def required(description: str, **more: Any) -> Any:
    """A key that has to be there: what it is, and its limits."""
    return Field(description=description, **more)


def optional(description: str, **more: Any) -> Any:
    """A key that may be left out: what it is, its default if not None, its limits."""
    return Field(**{"default": None, **more}, description=description)


class Entry(BaseModel):
    """What all parts of the data file share: no unknown keys, and numbers may stand for texts."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)
