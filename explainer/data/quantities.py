"""Numbers with units, bounds and approximation, and exact arithmetic on them.

A `Quantity` is an interval whose ends may be open, with an *approximate* mark. "Up to 50,000"
states only its upper end; where the arithmetic needs the other one, an unsigned quantity's
unstated lower end is 0. Everything is exact (`fractions.Fraction`); rounding happens in print.
"""

import math
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from babel.core import get_global

from explainer.problems import Fault, Rule, choices, did_you_mean

Dimensions = tuple[tuple[str, int], ...]

LARGEST = 10**15
"""Numbers of fifteen digits can be printed; none is as large as this."""

DAYS_A_YEAR = 365
"""A year in conversions: the common year, so that "a day" times 365 is "a year"."""

BUILT_IN: dict[str, tuple[str, Fraction]] = {
    "1": ("", Fraction(1)),
    "%": ("", Fraction(1, 100)),
    "kg": ("mass", Fraction(1)),
    "g": ("mass", Fraction(1, 1000)),
    "mg": ("mass", Fraction(1, 1_000_000)),
    "t": ("mass", Fraction(1000)),
    "km": ("length", Fraction(1)),
    "m": ("length", Fraction(1, 1000)),
    "ha": ("area", Fraction(1)),
    "km2": ("area", Fraction(100)),
    "m2": ("area", Fraction(1, 10_000)),
    "l": ("volume", Fraction(1)),
    "ml": ("volume", Fraction(1, 1000)),
    "day": ("time", Fraction(1)),
    "hour": ("time", Fraction(1, 24)),
    "minute": ("time", Fraction(1, 1440)),
    "week": ("time", Fraction(7)),
    "month": ("time", Fraction(DAYS_A_YEAR, 12)),
    "year": ("time", Fraction(DAYS_A_YEAR)),
    "lb": ("mass", Fraction(45_359_237, 100_000_000)),
    "mile": ("length", Fraction(1_609_344, 1_000_000)),
    "ppm": ("", Fraction(1, 1_000_000)),
    # A degree is no part of a kelvin: where one scale begins, the other does not.
    "°C": ("temperature in °C", Fraction(1)),
    "K": ("temperature", Fraction(1)),
    "km/h": ("speed", Fraction(24)),
    **{
        f"{prefix}{name}": (kind, size * 1000**power)
        for name, kind, size in (
            ("W", "power", Fraction(86_400)),
            ("J", "energy", Fraction(1)),
            ("Wh", "energy", Fraction(3600)),
        )
        for power, prefix in enumerate(("", "k", "M", "G", "T"))
    },
}
"""Each built-in unit: its dimension, and its size in the dimension's first unit."""

DERIVED: dict[str, Mapping[str, int]] = {
    "": {},
    "speed": {"length": 1, "time": -1},
    "power": {"energy": 1, "time": -1},
}
"""Dimensions that are made of others."""

PER_TIME = {"speed": Fraction(24), "power": Fraction(86_400)}
"""How much of the size of such a unit is due to its time: of km/h, that an hour is no day."""


@dataclass(frozen=True)
class Unit:
    """A unit as written, such as `USD/kg`: its dimensions and its size in base units."""

    symbol: str
    over: tuple[str, ...]
    """The names multiplied."""
    under: tuple[str, ...]
    """The names divided by."""
    dimensions: Dimensions
    factor: Fraction

    @property
    def times(self) -> tuple[str, ...]:
        """The units of time that it is per: of `t/year`, the year."""
        return tuple(name for name in self.under if BUILT_IN.get(name, ("",))[0] == "time")

    @property
    def amount(self) -> Fraction:
        """Its size in base units with time left aside: of `t/year`, that of a tonne."""
        size = self.factor
        for names, sign in ((self.over, 1), (self.under, -1)):
            for name in names:
                dimension, one = BUILT_IN.get(name, ("", Fraction(1)))
                size /= (one if dimension == "time" else PER_TIME.get(dimension, 1)) ** sign
        return size

    @property
    def amount_dimensions(self) -> Dimensions:
        """Its dimensions without time."""
        return tuple(item for item in self.dimensions if item[0] != "time")

    @property
    def currency(self) -> str | None:
        """The ISO code of the money that the unit counts, if it does."""
        return next((name for name in self.over if is_currency(name)), None)


@dataclass(frozen=True)
class Units:
    """The table of units: the built-in ones, currencies, and those that the vocabulary adds."""

    counted: frozenset[str] = frozenset()
    """Names of things that are counted, such as `flight`; each is a dimension of its own."""

    def unit(self, symbol: str) -> Unit:
        """The unit written as `kg`, `USD/kg` or `t/ha/year`. Raises `Fault`."""
        parts = [symbol] if symbol in BUILT_IN else symbol.split("/")
        over = tuple(name.strip() for name in parts[0].split("*"))
        under = tuple(name.strip() for name in parts[1:])
        powers: dict[str, int] = {}
        factor = Fraction(1)
        for names, sign in ((over, 1), (under, -1)):
            for name in names:
                dimension, size = self._known(name, symbol)
                factor *= size**sign
                for part, power in DERIVED.get(dimension, {dimension: 1}).items():
                    powers[part] = powers.get(part, 0) + power * sign
        return Unit(symbol, over, under, dimensions(powers), factor)

    def _known(self, name: str, symbol: str) -> tuple[str, Fraction]:
        if name in BUILT_IN:
            return BUILT_IN[name]
        if name in self.counted:
            return f"count of {name}", Fraction(1)
        if is_currency(name):
            return f"money in {name}", Fraction(1)
        known = [*BUILT_IN, "USD", "EUR", *sorted(self.counted)]
        hint = did_you_mean(name, known) or (
            f"write it like USD/kg, of these: {choices(known, 40)}; "
            "add things that you count to vocabulary: units:"
        )
        raise Fault(Rule.UNKNOWN_UNIT, f'no unit "{name}" (in "{symbol}")', hint)


def dimensions(powers: Mapping[str, int]) -> Dimensions:
    """Powers of dimensions in their one canonical form, without those that cancel out."""
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def is_currency(name: str) -> bool:
    """Whether the name is an ISO 4217 code."""
    return len(name) == 3 and name.isupper() and name in get_global("all_currencies")


@dataclass(frozen=True)
class Quantity:
    """An interval in a unit. An end that is None is unstated, or has no bound."""

    low: Fraction | None
    high: Fraction | None
    unit: Unit
    approximate: bool = False
    strict: bool = False
    """Whether a single stated end is itself excluded: "over", "under"."""
    digits: int | None = field(default=None, compare=False)
    """Significant digits in print; None prints the number as it was stated."""

    @property
    def value(self) -> Fraction | None:
        """The one number stated; None where two ends are stated and differ."""
        if self.low is None:
            return self.high
        return self.low if self.high is None or self.low == self.high else None

    @property
    def open(self) -> str:
        """Which end is open: `low` for "up to", `high` for "at least", else an empty string."""
        if self.low is None:
            return "low"
        return "high" if self.high is None else ""

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """The qualifying words, as names: of `up-to`, `under`, `at-least`, `over`, `about`."""
        words = []
        if self.low is None:
            words.append("under" if self.strict else "up-to")
        elif self.high is None:
            words.append("over" if self.strict else "at-least")
        if self.approximate:
            words.append("about")
        return tuple(words)

    def ends(self) -> tuple[Fraction, ...]:
        """The stated ends, in order, equal ones once."""
        stated = [end for end in (self.low, self.high) if end is not None]
        return tuple(dict.fromkeys(stated))

    def size(self) -> "Quantity":
        """The quantity without its sign. Raises `Fault` where the sign is not certain."""
        if self.low is not None and self.low >= 0:
            return self
        if self.high is None or self.high > 0:
            message = f"{self.written()} has no certain sign, which its size would hide"
            hint = 'form="size" is for a quantity that is below zero as a whole, or above'
            raise Fault(Rule.BAD_EXPRESSION, message, hint)
        return replace(self, low=-self.high, high=None if self.low is None else -self.low)

    def printed(self, number: Fraction) -> Fraction:
        """An end rounded as this quantity is printed: a bound away from what it bounds.

        "Over 3.96 million" must not become "over 4 million", which would say more than is known.
        """
        direction = {"low": 1, "high": -1}.get(self.open, 0)
        return rounded(number, self.digits, direction)

    def written(self) -> str:
        """The quantity in the data file's own notation, such as `up to 50000 USD/kg`."""
        words = " ".join(word.replace("-", " ") for word in self.qualifiers)
        numbers = "..".join(plain_digits(self.printed(end)) for end in self.ends())
        return f"{words} {numbers} {self.unit.symbol}".strip()


NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
POWERS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
"""What may stand between a number and its unit, and how many places further on its point stands."""

_QUANTITY = re.compile(
    rf"(?:(about|up to|at least|over|under)\s+)?({NUMBER})(?:\.\.({NUMBER}))?\s+"
    rf"(?:({'|'.join(POWERS)})\s+)?(\S.*)\Z"
)


def parse_quantity(text: str, units: Units) -> Quantity:
    """The quantity written as `[about|up to|at least|over|under] NUMBER[..NUMBER] UNIT`.

    In front of the unit may stand thousand, million, billion or trillion.
    Raises `Fault` with the rule and a hint for the editor.
    """
    match = _QUANTITY.match(text.strip())
    if not match or "±" in text:
        raise Fault(Rule.BAD_QUANTITY, f'"{text}" is not a quantity', _quantity_hint(text))
    word, first, second, power, symbol = match.groups()
    if symbol in POWERS and symbol not in units.counted:
        raise Fault(Rule.BAD_QUANTITY, f'"{text}" is not a quantity', _NO_UNIT)
    for number in filter(None, (first, second)):
        if sum(character.isdigit() for character in number) + POWERS.get(power, 0) > 15:
            raise Fault(Rule.BAD_QUANTITY, f'"{number}" has more than 15 digits')
    unit = units.unit(symbol.strip())
    low, high = (Fraction(end) * 10 ** POWERS.get(power, 0) for end in (first, second or first))
    if low > high:
        message = f'in "{text}" the lower end is above the upper one'
        raise Fault(Rule.BAD_QUANTITY, message, f"write {second}..{first}")
    if second and word not in (None, "about"):
        hint = f'write "{word} {second}" or "{first}..{second}"'
        raise Fault(Rule.BAD_QUANTITY, f'"{word}" and a range do not go together', hint)
    if word in ("up to", "under"):
        return Quantity(None, high, unit, strict=word == "under")
    if word in ("at least", "over"):
        return Quantity(low, None, unit, strict=word == "over")
    return Quantity(low, high, unit, approximate=word == "about")


def _quantity_hint(text: str) -> str:
    form = "write it as 1500 USD/kg, up to 50000 USD/kg, about 4..5 flight/day"
    for pattern, hint in (
        (r"\d[,_' ]\d{3}", "write digits without separators: 1500, not 1,500"),
        (r"\d,\d", "write a decimal point: 12.5, not 12,5"),
        (r"[$€£]", "write the currency as a unit behind the number: 1500 USD"),
        (r"^\s*[~≈]", f"write about: about {text.strip(' ~≈')}"),
        (r"±", "write the two ends, with two points between: 4..6 ppm, not 5 ± 1 ppm"),
        (rf"^\s*(?:[a-z ]+ )?{NUMBER}(?:\.\.{NUMBER})?\s*$", _NO_UNIT),
        (
            rf"{NUMBER}[^\W\d_]+$|{NUMBER}[%°]",
            "put a space between the number and its unit: 12.5 %",
        ),
        (r"\d\s*[-–]\s*\d", "write a range with two points: 4..5"),
    ):
        if re.search(pattern, text):
            return hint
    return form


_NO_UNIT = "the unit is missing; a pure number has the unit 1"


def rounded(number: Fraction, digits: int | None, direction: int = 0) -> Fraction:
    """The number to so many significant digits; None leaves it alone.

    `direction` 1 rounds up and -1 down; 0 to the nearest, halves away from zero.
    """
    if digits is None or number == 0:
        return number
    exponent = _magnitude(number) - digits + 1
    scale = Fraction(10) ** exponent
    if direction:
        return (math.ceil if direction > 0 else math.floor)(number / scale) * scale
    whole, rest = divmod(abs(number), scale)
    whole += rest * 2 >= scale
    return (whole * scale) * (1 if number > 0 else -1)


def decimals(number: Fraction) -> int:
    """How many decimal places it takes to print the number, at most 15."""
    return next((n for n in range(15) if (number * 10**n).denominator == 1), 15)


def plain_digits(number: Fraction) -> str:
    """The number in plain digits with an optional point, for files and attributes."""
    places = decimals(number)
    scaled = round(number * 10**places)
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _magnitude(number: Fraction) -> int:
    """The power of ten of the first significant digit."""
    number = abs(number)
    power = len(str(number.numerator)) - len(str(number.denominator))
    return power if number >= Fraction(10) ** power else power - 1


def comes_whole(unit: Unit, counted: Container[str]) -> bool:
    """Whether a unit is of things that are counted, of which there are no parts."""
    return not unit.under and all(name in counted for name in unit.over)


def compatible(quantities: Iterable[Quantity]) -> bool:
    """Whether all the quantities have the same dimensions, so that one axis can hold them."""
    return len({quantity.unit.dimensions for quantity in quantities}) <= 1
