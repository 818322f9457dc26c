"""The reference for editors is what the code says: its keys, options, commands and messages."""

from __future__ import annotations

import pytest
import reference
from pydantic import BaseModel
from support import ROOT, same_part_or_update

from explainer.charts.forms import FORMS
from explainer.data.models import DataFile
from explainer.figures.blocks import Block
from explainer.notes.note import Front
from explainer.problems import Rule

REFERENCE = ROOT / "explainer" / "REFERENCE.md"
PARTS = reference.parts()


@pytest.mark.parametrize("name", PARTS)
def test_it_is_what_the_code_says(name: str) -> None:
    same_part_or_update(REFERENCE, name, "test_reference.py", PARTS[name])


def described() -> dict[str, type[BaseModel]]:
    """Every model that an editor fills in, by its name."""
    tops = [DataFile, Front, Block, *(form.options for form in FORMS.values())]
    inner = [model for top in tops for _, model in reference.inner_models(top)]
    return {f"{model.__module__}.{model.__name__}": model for model in [*tops, *inner]}


@pytest.mark.parametrize("name", described())
def test_every_key_says_what_it_is_for(name: str) -> None:
    for key, field in described()[name].model_fields.items():
        assert field.description and field.description[-1] == ".", key


def test_nearly_every_rule_shows_a_message() -> None:
    """Those that only warn, and those that no content can break, have none in tests/invalid/."""
    without = {str(rule) for rule in Rule} - set(reference._messages())
    assert without <= {
        "bad-output", "bad-strings", "clumsy-qualifier", "number-word", "review-due",
        "stale-schema", "unexpected-result", "unreadable-file",
    }  # fmt: skip


def test_every_example_is_there() -> None:
    assert PARTS["data-file"].count("```yaml") == 9
    assert PARTS["forms"].count("```yaml") == len(FORMS)
