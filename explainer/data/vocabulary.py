"""The words by which claims are sorted: measures, places, products, levels, units."""

from pydantic import field_validator

from explainer.data.kinds import Entry, Id, Point, SourceId, Text, optional, required


class Label(Entry):
    """A word of the vocabulary as readers see it."""

    label: Text = required("The word as readers see it.")
    note: Text | None = optional("A remark for readers, shown with it.")


class Measure(Label):
    """What is measured. Only a signed measure can be negative."""

    signed: bool = optional(
        "Whether it can be negative, as a difference can. Any other is never below zero, so that "
        '"up to 5" lies between 0 and 5.',
        default=False,
    )


class Product(Label):
    """What is traded, measured or counted."""

    color: int | None = optional(
        "Which of the six colours of charts it has, 1 to 6. Where no product says so, they have "
        "them in their order; where some do, the others are grey.",
        ge=1,
        le=6,
    )


class PlaceWord(Label):
    """A place; `at` is [latitude, longitude] in degrees, for maps and distances, never printed."""

    at: Point | None = optional("Latitude and longitude, for maps and distances; never printed.")
    source: SourceId | None = optional("Where the point comes from.")
    schematic: bool = optional(
        "Whether the point only stands for a larger area. Maps mark it so, and distances from it "
        'are "about".',
        default=False,
    )


class Plural(Entry):
    """A noun as it follows a number."""

    one: str | None = optional("For one: cup.")
    few: str | None = optional("For a few, in languages that have such a form.")
    many: str | None = optional("For many, in languages that have such a form.")
    other: str = required("For all others: cups.")


class Counted(Entry):
    """A thing that is counted, or a unit of measure of your own: its noun in each language."""

    label: dict[str, Plural] = required("The noun in each language, with the forms of its plural.")

    symbol: str | None = optional(
        "What is printed behind each number, where it is a unit of measure: ppb. The noun of a "
        "thing that is counted is left to the sentence where the number is a plain count."
    )

    @field_validator("label")
    @classmethod
    def _has_a_label(cls, label: dict[str, Plural]) -> dict[str, Plural]:
        if not label:
            raise ValueError("a noun for each language: {en: {one: crate, other: crates}}")
        return label


class Vocabulary(Entry):
    """The words by which claims are sorted."""

    measures: dict[Id, Measure] = optional("What is measured: price, weight, share.", default={})
    places: dict[Id, PlaceWord] = optional("Where.", default={})
    products: dict[Id, Product] = optional(
        "Of what. Two products never share a line of a chart without a break.", default={}
    )
    kinds: dict[Id, Label] = optional(
        "Kinds of speakers beyond those that are built in.", default={}
    )
    levels: dict[Id, Label] = optional("Steps of trade beyond those that are built in.", default={})
    units: dict[Id, Counted] = optional(
        "Things that are counted, such as cups or flights, so that they can stand in a value.",
        default={},
    )

    @property
    def things(self) -> set[str]:
        """The units whose noun the sentence has: of those with a symbol, it is always printed."""
        return {name for name, unit in self.units.items() if not unit.symbol}
