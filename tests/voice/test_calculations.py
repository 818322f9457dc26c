"""How calculations are written down: with everything that is needed to do them again."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import AVOCADO, build_into, inside, like_avocado, note, page

FORMULAS = {
    'claim("harvest-growers") * 2': ("kg/year", "1,600 tonnes × 2 × 365 days"),
    'claim("a-year") / 3': ("t/month", "1,200 tonnes ÷ 3 ÷ 12 months"),
    'claim("harvest-growers") / 2': ("t/day", "1,600 tonnes ÷ 2"),
}

YEAR = """
  a-year:
    what: {en: harvest of a village in a year}
    value: 1200 t/year
    measure: harvest
    place: uruapan
    product: hass
    as_of: 2019
    said_by: growers
    chain: [orchard-news]
    checked: 2019-07-01
"""

RESULT = """
  result:
    what: {{en: what comes out}}
    formula: {formula}
    unit: {unit}
    measure: harvest

disagreements:
"""


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_turns_one_rate_into_another_is_a_factor(
    formula: str, tmp_path: Path, workshop: Path
) -> None:
    unit, worked = FORMULAS[formula]
    data = (AVOCADO / "data.yaml").read_text("utf-8")
    more = YEAR + RESULT.format(formula=formula, unit=unit)
    data = data.replace("\ndisagreements:\n", more)
    body = note('{{ claim("result") }}\n\n{{ disagreement("harvest") }}\n\n{{ term("hass") }}')
    with inside(workshop):
        files = {"data.yaml": data, "index.md": body}
        site = build_into(like_avocado(tmp_path / "content", files), tmp_path / "site")
    references = page(site / "index.html").one("details", class_="references").text()
    assert worked in " ".join(references.split())
