"""What is drawn and kept, and what a figure tells readers and other programs of its numbers."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support import AVOCADO, ROOT, build_into, like_avocado, note, page, run

from explainer import workers
from explainer.charts.theme import WIDE
from explainer.figures import draw as drawings
from explainer.figures import vega
from explainer.figures.draw import Drawing, Job, draw_all
from explainer.figures.vega import looks_of
from explainer.memo import Cache

FONTS = ROOT / "templates" / "fonts"
STYLE = (ROOT / "templates" / "css" / "site.css").read_text("utf-8")
SPEC = {"mark": "point", "encoding": {"x": {"field": "n", "type": "quantitative"}}}
ROWS = [{"n": 1}, {"n": 3}]
JOB = Job("a", "vega-lite", ROWS, {"spec": SPEC}, {"word": "one"}, WIDE, "Title", "Description")
BLOCK = "```vega-lite\nid: {name}\ntitle: {title}\ndescription: Some numbers.\n{rest}\n```"
PLOT = "mark: point\nencoding: {x: {field: n, type: quantitative}}"
MADE_UP = "illustrative: true\ndata: {values: [{n: 1}, {n: 3}]}"


def block(rest: str, name: str = "a", title: str = "Numbers") -> str:
    return BLOCK.format(name=name, title=title, rest=rest)


# What is kept


def test_a_drawing_is_kept_under_all_that_decides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = looks_of(FONTS, STYLE)
    keys = [JOB.key(looks)]
    changes: list[dict[str, Any]] = [
        {"chart": "b"},
        {"rows": [{"n": 2}]},
        {"settings": {"spec": {**SPEC, "mark": "tick"}}},
        {"words": {"word": "two"}},
        {"title": "Another"},
        {"description": "Another"},
        {"claims": {"What a mark says.": "claim"}},
        {"form": "ladder"},
    ]
    keys += [replace(JOB, **change).key(looks) for change in changes]
    keys.append(JOB.key(replace(looks, digest="other")))
    monkeypatch.setattr(drawings, "_code", lambda form: "other code")
    keys.append(JOB.key(looks))
    assert len(set(keys)) == len(keys)


def test_a_change_of_a_form_draws_its_own_charts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = shutil.copytree(ROOT / "explainer", tmp_path / "explainer")
    monkeypatch.setattr(drawings, "_CODE", code)

    def digests() -> dict[str, str]:
        return {name: drawings._code.__wrapped__(name) for name in ("legs", "ranges", "flow")}

    before = digests()
    for name, changed in (
        ("charts/forms/legs.py", {"legs"}),
        # The ranges are drawn with the estimates' marks.
        ("charts/forms/estimates.py", {"ranges"}),
        ("charts/theme.py", {"legs", "ranges", "flow"}),
        ("charts/nested.py", {"legs", "ranges", "flow"}),
        ("figures/lettering.py", {"legs", "ranges", "flow"}),
    ):
        path = code / name
        path.write_text(path.read_text("utf-8") + "\n# changed\n", "utf-8")
        after = digests()
        assert {form for form in after if after[form] != before[form]} == changed, name
        before = after


def test_a_kept_drawing_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes out of the store is the drawing of the page, for which nothing is parsed."""
    store, looks = Cache(tmp_path), looks_of(FONTS, STYLE)
    [first] = draw_all([JOB], store, looks, lambda done, all: None)

    def refused(*_: object) -> None:
        raise AssertionError("a kept drawing is drawn or parsed again")

    for name in ("svg_of", "runtime_script"):
        monkeypatch.setattr(vega, name, refused)
    monkeypatch.setattr(drawings.svg, "finished", refused)
    monkeypatch.setattr(drawings, "share", lambda calls, wanted, take: None)
    assert draw_all([JOB], store, looks, lambda done, all: None) == [first]


def test_a_mark_names_the_claim_that_it_shows(tmp_path: Path) -> None:
    says = [f"Stop {letter}: ${letter} & more." for letter in "ABC"]
    rows = [{"n": n, "says": text} for n, text in enumerate(says)]
    encoding = {**SPEC["encoding"], "description": {"field": "says"}}  # type: ignore[dict-item]
    claims = {says[0]: "first", says[1]: "second"}
    job = replace(JOB, rows=rows, settings={"spec": {**SPEC, "encoding": encoding}}, claims=claims)
    [made] = draw_all([job], Cache(tmp_path), looks_of(FONTS, STYLE), lambda done, all: None)
    assert isinstance(made, Drawing)
    found = re.findall(r'<path[^>]* data-claim="([^"]*)"', made.svg)
    assert found == ["first", "second"], "the third is of no claim"
    assert "aria-label=" not in made.svg


ESTIMATES = "bought-weight"  # in the example


def test_marks_of_a_form_name_the_claims_of_its_rows(coffee: Path) -> None:
    figure = page(coffee / f"charts/{ESTIMATES}.html").one("figure", data_chart=ESTIMATES)
    table = (coffee / f"charts/{ESTIMATES}.csv").read_text("utf-8-sig")
    ids = {row["id"] for row in csv.DictReader(io.StringIO(table))}
    for drawing in figure.all("svg"):
        marked = [e.attrs["data-claim"] for e in drawing.walk() if "data-claim" in e.attrs]
        assert set(marked) == ids - {""} and len(marked) == len(set(marked))


def test_other_fonts_and_colors_of_the_templates_are_in_every_drawing_and_picture(
    here: Path, workshop: Path
) -> None:
    shutil.copytree(ROOT / "templates", here / "templates")
    content = like_avocado(here / "content", {"index.md": note(block(f"{MADE_UP}\n{PLOT}"))})
    words = ("--templates", here / "templates")

    def built() -> dict[str, bytes]:
        build_into(content, here / "site", *words)
        names = ("a.svg", "a.png", "a.card.png", "a.html")
        return {name: (here / "site" / "charts" / name).read_bytes() for name in names}

    before = built()
    assert b"#0072b2" in before["a.svg"] and b"var(--series-1, #0072b2)" in before["a.html"]
    style = here / "templates" / "css" / "site.css"
    style.write_text(STYLE.replace("--series-1: #0072b2;", "--series-1: #225588;"), "utf-8")
    recolored = built()
    assert b"#225588" in recolored["a.svg"] and b"#0072b2" not in recolored["a.svg"]
    assert b"var(--series-1, #225588)" in recolored["a.html"]
    assert recolored["a.png"] != before["a.png"]
    fonts = here / "templates" / "fonts"
    shutil.copy(fonts / "ExplainerSans-Bold.ttf", fonts / "ExplainerSans-Regular.ttf")
    assert built()["a.png"] != recolored["a.png"]
    style.write_text(STYLE, "utf-8")
    shutil.copy(FONTS / "ExplainerSans-Regular.ttf", fonts)
    assert built() == before


def test_fonts_are_found_from_wherever_a_process_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20" font-family="{}">'
    svg += '<text y="16">Words</text></svg>'
    workers.dismiss()
    given: list[bytes] = []

    def share(call: workers.Call) -> None:
        workers.share([call], 1, lambda _, found: given.append(found))

    # One that waits was started in another folder, and drew with other fonts.
    monkeypatch.chdir(tmp_path)
    font = svg.format("Explainer Sans")
    share(workers.Call(vega.png_of, (font, 1, looks_of(Path("fonts"), "")), 60))
    monkeypatch.chdir(ROOT)
    looks = looks_of(Path("templates/fonts"), "")
    share(workers.Call(vega.png_of, (font, 1, looks), 60))
    workers.dismiss()
    without, made = given
    assert made == vega.png_of(font, 1, looks) != without
    assert without == vega.png_of(svg.format("Sans of nobody"), 1, looks)


# What asks for too much


def test_a_block_that_asks_for_too_much_is_a_problem_of_its_own(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, "LIMIT", 8.0)
    hungry = {
        "sequence": "transform: [{calculate: sequence(100000000), as: t}]",
        "ticks": "params: [{name: p, value: 3}]",
    }
    axis = "axis: {tickCount: 10000000}"
    bodies = [block(f"{MADE_UP}\n{PLOT}\n{rest}", name) for name, rest in hungry.items()]
    bodies[1] = bodies[1].replace("quantitative}", f"quantitative, {axis}}}")
    bodies.append(block(f"{MADE_UP}\n{PLOT}", "sound"))
    content = like_avocado(here / "content", {"index.md": note("\n\n".join(bodies))})
    done = run("--content", content, "--output", here / "site", "--json")
    lines = (content / "index.md").read_text("utf-8").splitlines()
    said = [json.loads(line) for line in done.out.splitlines()]
    assert {lines[record["line"] - 1] for record in said} == {"id: sequence", "id: ticks"}
    assert {record["message"] for record in said} <= {
        "drawing it was given up after 8 seconds",
        "what draws broke down over it",
    }
    assert done.err == "build.py: 2 problems; nothing was published\n"


# What it tells of its numbers


SERIES = """
series:
  harvests:
    what: {en: harvests of Michoacán}
    columns: [year, harvest]
    rows:
      - [2017, 1.5]
      - [2018, 1.9]
    unit: USD/kg
    money: nominal
    measure: price
    product: hass
    level: wholesale
    said_by: growers
    chain: [orchard-news]
    as_of: 2017..2018
    checked: 2019-07-01
"""


def test_a_block_over_a_series_names_its_sources_and_asks_for_its_money(here: Path) -> None:
    data = (AVOCADO / "data.yaml").read_text("utf-8") + SERIES
    plot = (
        "mark: point\nencoding: {x: {field: year, type: ordinal}, "
        "y: {field: harvest, type: quantitative}}\ndata: {series: harvests}"
    )
    silent = like_avocado(here / "one", {"data.yaml": data, "index.md": note(block(plot))})
    done = run("--content", silent, "--output", here / "site")
    assert "nominal money of different years would share an axis: 2017, 2018" in done.err
    told = note(block(f"{plot}\nacross_years: Prices were stable then."))
    content = like_avocado(here / "two", {"data.yaml": data, "index.md": told})
    site = build_into(content, here / "site")
    figure = page(site / "index.html").one("figure", data_chart="a")
    assert "Orchard News" in figure.one("figcaption").text()
    assert "not adjusted for inflation" in figure.one("figcaption").text()
    record = json.loads((site / "charts" / "a.json").read_bytes())
    assert [source["id"] for source in record["sources"]] == ["orchard-news"]
    assert [series["id"] for series in record["series"]] == ["harvests"]
    package = json.loads((site / "data" / "datapackage.json").read_bytes())
    [own] = [entry for entry in package["resources"] if entry["name"] == "chart-a"]
    assert "Orchard News" in own["sources"][0]["title"]


def test_made_up_numbers_are_called_so_on_the_card_and_worked_out_ones_in_the_caption(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures: list[str] = []
    real = vega.png_of

    def seen(svg: str, scale: float, looks: vega.Looks) -> bytes:
        pictures.append(svg)
        return real(svg, scale, looks)

    monkeypatch.setattr(vega, "png_of", seen)
    monkeypatch.setattr(workers, "_cores", lambda: 1)
    mean = PLOT.replace("quantitative}", "quantitative, aggregate: mean}")
    sourced = MADE_UP.replace("illustrative: true", "source: fruit-weekly")
    body = [block(f"{MADE_UP}\n{PLOT}"), block(f"{sourced}\n{mean}", "b"), "", ""]
    content = like_avocado(here / "content", {"index.md": note("\n\n".join(body))})
    site = build_into(content, here / "site")
    cards = [svg for svg in pictures if 'width="1200"' in svg]
    assert ["are made up" in svg for svg in cards if "picture-a" in svg] == [True]
    assert ["are made up" in svg for svg in cards if "picture-b" in svg] == [False]
    whole = page(site / "index.html")
    said = {
        name: "our calculation from these rows"
        in whole.one("figure", data_chart=name).one("figcaption").text()
        for name in ("a", "b")
    }
    assert said == {"a": False, "b": True}


def test_cells_of_rows_read_as_words(here: Path) -> None:
    rows = "illustrative: true\ndata: {values: [{n: 1, ripe: true, kinds: [a, b], by: '-x'}]}"
    content = like_avocado(here / "content", {"index.md": note(block(f"{rows}\n{PLOT}"))})
    site = build_into(content, here / "site")
    cells = [cell.text() for cell in page(site / "index.html").one("tbody").all("td")]
    assert cells == ["yes", "a, b", "-x"]
    text = (site / "charts" / "a.csv").read_bytes().decode("utf-8-sig")
    assert text.splitlines()[1] == '1,true,"[""a"", ""b""]",\'-x'


def test_months_read_in_the_language_of_the_page(here: Path) -> None:
    rows = "illustrative: true\ndata: {values: [{d: 2020-01-15, n: 1000.5}, {d: 2020-04-15, n: 2}]}"
    plot = (
        "mark: point\nencoding: {x: {field: d, timeUnit: month, type: ordinal, "
        "axis: {format: '%B'}}, y: {field: n, type: quantitative, axis: {values: [2]}}}"
    )
    content = here / "content"
    shutil.copytree(ROOT / "tests" / "sites" / "languages" / "content", content)
    for path in (content / "index.md", content / "es" / "index.md"):
        text = path.read_text("utf-8")
        path.write_text(f"{text}\n\n{block(f'{rows}{chr(10)}{plot}')}\n", "utf-8")
    site = build_into(content, here / "site")
    texts = [
        " ".join(text.text() for text in page(path).one("figure", data_chart="a").all("text"))
        for path in (site / "index.html", site / "es" / "index.html")
    ]
    assert "January" in texts[0] and "April" in texts[0]
    assert "enero" in texts[1] and "abril" in texts[1]


def test_a_title_may_say_a_year_and_a_name_of_the_glossary(here: Path) -> None:
    plot = PLOT.replace("quantitative}", 'quantitative, title: "weight in 2007"}')
    content = like_avocado(here / "content", {"index.md": note(block(f"{MADE_UP}\n{plot}"))})
    site = build_into(content, here / "site")
    assert "weight in 2007" in page(site / "index.html").one("figure", data_chart="a").text()


def test_rows_have_a_height_and_a_stated_height_is_that_of_the_plot(here: Path) -> None:
    rows = ", ".join(
        f"{{name: row {chr(97 + n // 26)}{chr(97 + n % 26)}, n: {n}}}" for n in range(32)
    )
    many = f"illustrative: true\ndata: {{values: [{rows}]}}"
    bars = PLOT.replace("point", "bar").replace("quantitative}", "quantitative}, y: {field: name}")
    both = PLOT.replace("quantitative}", "quantitative}, y: {field: n, type: quantitative}")
    high = f"height: 200\n{both}"
    body = [block(f"{many}\n{bars}"), block(f"{MADE_UP}\n{high}", "b")]
    content = like_avocado(here / "content", {"index.md": note("\n\n".join(body))})
    whole = page(build_into(content, here / "site") / "index.html")
    heights = {
        name: [
            float(svg.attrs["height"])
            for svg in whole.one("figure", data_chart=name).all("svg", role="img")
        ]
        for name in ("a", "b")
    }
    assert all(height >= 32 * 28 for height in heights["a"])
    assert all(200 < height < 280 for height in heights["b"])


DRAWN = """
import sys
from explainer.figures.draw import Job, _drawn
from explainer.figures.vega import looks_of
from explainer.charts.theme import WIDE
from pathlib import Path
spec = {
    "mark": "bar",
    "transform": [{"calculate": "date(datum.d)", "as": "day"}],
    "encoding": {
        "x": {"field": "d", "timeUnit": "yearmonthdate", "type": "ordinal",
              "axis": {"format": "%b %d"}},
        "y": {"field": "day", "type": "quantitative"},
    },
}
rows = [{"d": "2020-12-01", "n": 1}, {"d": "2020-12-02", "n": 2}]
job = Job("a", "vega-lite", rows, {"spec": spec}, {}, WIDE, "T", "D")
sys.stdout.write(_drawn(job, looks_of(Path(sys.argv[1]), ""))["svg"])
"""


def test_days_are_the_same_wherever_they_are_drawn() -> None:
    west, east = (
        subprocess.run(
            [sys.executable, "-c", DRAWN, str(FONTS)],
            check=True,
            cwd=ROOT,
            env={**os.environ, "TZ": zone},
            capture_output=True,
            text=True,
        ).stdout
        for zone in ("America/La_Paz", "Asia/Tokyo")
    )
    assert west == east
    assert "Dec 01" in west and "Nov 30" not in west
