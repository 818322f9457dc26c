"""Whether claims on one subject agree, and how sure a claim is."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import attrgetter

from explainer.data.claims import Claim
from explainer.data.dataset import Dataset
from explainer.data.quantities import Quantity

TOLERANCE = Fraction(2, 100)
"""How far apart, as a share of the larger, figures on one subject may lie before they conflict."""


def how_sure(dataset: Dataset, name: str, others: Sequence[str]) -> str:
    """How sure a claim is: a key below `sure` in the interface strings.

    Derived: our calculation; sources disagree; the speaker is not named; several independent
    sources (of the `others` on its subject, another speaker says a compatible thing, and the
    chains share no source); else one source.
    """
    claim, quantity = dataset.claims[name], dataset.quantities[name]
    if dataset.ours(name):
        return "calculation"
    if dataset.disputes(name):
        return "disagree"
    speakers = dataset.speakers_of(claim)
    if speakers and all(speaker.unnamed for speaker in speakers):
        return "unnamed"
    for other in others:
        rival, said = dataset.claims[other], dataset.quantities[other]
        if (
            other != name
            and said.unit.dimensions == quantity.unit.dimensions
            and not set(rival.speakers) & set(claim.speakers)
            and not set(rival.chain) & set(claim.chain)
            and distance_apart(said, quantity) == 0
        ):
            return "several"
    return "one"


subject: Callable[[Claim], tuple[str | None, ...]] = attrgetter(
    "measure", "place", "product", "level", "money", "purity", "as_of"
)
"""What a claim is about: claims of one subject can agree or conflict."""


def distance_apart(a: Quantity, b: Quantity) -> Fraction:
    """The gap between two intervals as a share of the larger figure beside it; 0 if they meet."""
    for below, above in ((a, b), (b, a)):
        upper, lower = high_end(below), low_end(above)
        if upper < lower:
            return Fraction(lower - upper) / max(abs(Fraction(lower)), abs(Fraction(upper)))
    return Fraction(0)


def low_end(quantity: Quantity) -> Fraction | float:
    """The lower end in base units; minus infinity where it is open."""
    return -math.inf if quantity.low is None else quantity.low * quantity.unit.factor


def high_end(quantity: Quantity) -> Fraction | float:
    """The upper end in base units; infinity where it is open."""
    return math.inf if quantity.high is None else quantity.high * quantity.unit.factor
