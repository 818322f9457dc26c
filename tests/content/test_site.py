"""What has to hold of any site, of this one: tests of the generator, once more.

Each of them takes a site, which is the example elsewhere.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from support import TESTS, page

sys.path += [str(TESTS / room) for room in ("checks", "output", "pages")]

from test_cards import test_every_figure_leads_to_a_source_and_back
from test_checks import test_a_whole_site_is_warned_of_nothing_but_reviews
from test_conditions import TestWithoutTheStyle
from test_every_number import test_every_digit_comes_from_a_claim_or_says_why_not
from test_inventory import (
    test_a_chart_has_the_same_rows_in_its_file_its_table_and_its_drawings,
    test_claims_say_the_same_everywhere,
    test_sources_as_bibtex,
    test_the_citation_of_each_claim_is_bibtex,
    test_the_data_package_is_valid,
    test_what_a_claim_names_is_in_the_file,
)
from test_links import test_ids_stand_once_a_page, test_links_are_relative_and_lead_somewhere
from test_search import test_all_that_is_found_is_there


@pytest.fixture(scope="module")
def site(real_site: Path) -> Path:
    return real_site


def test_a_chart_leads_on_to_others(real_site: Path) -> None:
    for path in (real_site / "charts").glob("*.csv"):
        whole = page(path.with_suffix(".html"))
        near = [a.attrs["href"] for a in whole.one("section", class_="related").all("a")]
        assert near[-1] == "../charts.html" and 1 < len(near) <= 4
        assert path.with_suffix(".html").name not in near
        facts = [dt.text() for dt in whole.one("dl", class_="key-facts").all("dt")]
        assert {"What it shows", "Unit", "Period", "Licence of the chart"} <= set(facts), path


def test_how_a_row_is_drawn_is_in_no_file(real_site: Path) -> None:
    for path in sorted((real_site / "charts").glob("*.csv")):
        text = path.read_bytes().decode("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        assert not {"color", "run", "start", "end", "at", "shown", "kind"} & set(head)
        # Of a leg they are the prices at its ends; elsewhere, places of a drawing.
        assert "product_break" in head or not {"from", "to"} & set(head), path
        assert not any(name.endswith("_claim") and name[0].isdigit() for name in head), path
        assert "var(" not in text
        record = json.loads(path.with_suffix(".json").read_bytes())
        assert [list(row) for row in record["rows"]] == [head] * len(rows)
    lines = (real_site / "charts" / "history-line.csv").read_bytes().decode("utf-8-sig")
    assert "claims" in lines.splitlines()[0].split(",")
