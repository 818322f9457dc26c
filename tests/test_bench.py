"""The benchmark measures what it says: its made sites are sound, and its table has every case."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT, build_into, inside, page

sys.path.insert(0, str(ROOT))

from bench.corpus import write_ours


def test_the_made_site_has_a_claim_and_a_chart_a_note(tmp_path: Path, workshop: Path) -> None:
    write_ours(tmp_path / "content", 6)
    with inside(workshop):
        site = build_into(tmp_path / "content", tmp_path / "site")
    for name in ("index", "town-5"):
        body = page(site / f"{name}.html").one("main")
        assert body.all("a", class_="claim")
        assert len(body.all("figure", class_="chart")) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="it measures with what Unix tells")
def test_the_table_has_a_row_a_case() -> None:
    words = ["--notes", "5", "--repeat", "1", "--without-site", "--without-others", "--output", "-"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "run.py"), *words],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split("|")[2].strip() for line in done.stdout.splitlines() if "| 5 notes" in line]
    assert rows == ["from nothing", "nothing changed", "one note changed", "one claim changed"]
