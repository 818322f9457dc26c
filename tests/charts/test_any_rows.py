"""Any rows through every form: a drawing that is whole, or a problem; nothing else.

Numbers over six orders, open, equal and below zero, and labels of 1 to 60 letters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from altair.utils.schemapi import debug_mode
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support import ROOT

from explainer import site
from explainer.charts.forms import FORMS
from explainer.charts.theme import NARROW, WIDE, Size
from explainer.figures import draw, overlap, vega
from explainer.figures.figure import asked_of
from explainer.memo import Cache, Memo
from explainer.problems import Report, Rule
from explainer.project import take

BASEMAP = (ROOT / "examples/coffee/content/basemap.json").read_bytes()

# Each letter of the vendored font's that is wide, narrow, or reaches far down.
LETTERS = "abcdefghijklmnopqrstuvwxyzWMñáÑÜil"
words = st.text(LETTERS, min_size=1, max_size=14).filter(lambda word: word != "undefined")
labels = st.lists(words, min_size=1, max_size=10).map(lambda some: " ".join(some)[:60].strip())
texts = st.fixed_dictionaries({"en": labels, "es": labels})
numbers = st.one_of(
    st.sampled_from([1, 5, 5, 999, 1000, 1_000_000, 0.001, 2.5]),
    st.integers(1, 999_999),
    st.floats(0.001, 999).map(lambda number: float(f"{number:.3g}")),
)
opens = st.sampled_from(["", "", "", "about ", "up to ", "at least ", ".."])
rows = st.lists(
    st.tuples(texts, numbers, opens, st.integers(0, 2), st.integers(1990, 2024)),
    min_size=2, max_size=30,
)  # fmt: skip


def amount(number: float, kind: str, unit: str) -> str:
    """A value as the data file has it."""
    plain = f"{number:.7f}".rstrip("0").rstrip(".")
    if kind == "..":
        return f"{plain}..{f'{number * 3:.7f}'.rstrip('0').rstrip('.')} {unit}"
    return f"{kind}{plain} {unit}"


def data(some: list[Any]) -> dict[str, Any]:
    """A data file whose every form draws these rows."""
    label = {"en": "a", "es": "b"}
    licence = {"name": "CC BY 4.0", "url": "https://example.org/terms"}
    places = {
        f"place-{n}": {
            "label": text, "at": [-40.0 - number % 1.3, -120.0 + number % 3.9],
            "schematic": kind != "", "source": "news",
        }
        for n, (text, number, kind, *_) in enumerate(some)
    }  # fmt: skip
    base: dict[str, Any] = {
        "site": {"title": label, "languages": ["en", "es"], "licence": licence},
        "vocabulary": {
            "measures": {
                "price": {"label": label}, "weight": {"label": label},
                "change": {"label": label, "signed": True},
            },
            "places": places,
            "products": {
                f"p{n}": {"label": some[n % len(some)][0], "color": n + 1} for n in range(3)
            },
        },
        "speakers": {"grower": {"office": some[-1][0], "kind": "producer"}},
        "sources": {
            "news": {
                "title": some[0][0], "publisher": "News", "published": 2025, "lang": "en",
                "access": "full", "licence": label,
            }
        },
    }  # fmt: skip
    claims: dict[str, Any] = {}
    for n, (text, number, kind, product, year) in enumerate(some):
        said = {
            "what": text, "place": f"place-{n}", "as_of": f"{year}-05", "said_by": "grower",
            "chain": ["news"], "checked": "2026-07-01",
        }  # fmt: skip
        money = {"measure": "price", "level": "retail", "money": "real 2015"}
        claims[f"c{n}"] = said | money | {
            "value": amount(number, kind, "USD/kg"), "product": f"p{product if n else 0}",
        }  # fmt: skip
        claims[f"w{n}"] = said | {"measure": "weight", "value": amount(number, kind, "t/year")}
        claims[f"s{n}"] = said | {
            "measure": "weight", "value": amount(number, "" if kind == ".." else kind, "t/year"),
        }  # fmt: skip
    signs = [1, 1, -1, 1, 1]
    base["series"] = {
        name: {
            "what": some[0][0], "measure": measure, "unit": "t/year",
            "columns": ["year", "kind", "number"], "as_of": 2024, "said_by": "grower",
            "chain": ["news"], "checked": "2026-07-01",
            "labels": {"kind": {f"k{n}": some[n % len(some)][0] for n in range(3)}},
            "rows": [
                [year - (year % every), f"k{n % 3}", number * (signs[n % 5] if signed else 1)]
                for (n, every), (_, number, _, _, year) in zip(
                    ((n, 1) for n in range(len(some))), some, strict=True)
            ],
        }
        for name, measure, signed in (("up", "weight", False), ("both", "change", True))
    }  # fmt: skip
    for series in base["series"].values():
        series["rows"] = list({(row[0], row[1]): row for row in series["rows"]}.values())
        kinds = {row[1] for row in series["rows"]}
        series["labels"]["kind"] = {
            n: text for n, text in series["labels"]["kind"].items() if n in kinds
        }
    base["claims"] = claims
    base["charts"] = {
        name: {"title": some[0][0], "description": some[0][0], "how_to_read": some[0][0],
               "across_years": some[0][0]} | chart
        for name, chart in charts(some).items()
    }  # fmt: skip
    return base


def charts(some: list[Any]) -> dict[str, dict[str, Any]]:
    """A chart of each form, and its variants."""

    def named(letter: str, most: int) -> list[str]:
        return [f"{letter}{n}" for n in range(min(len(some), most))]

    most = max(number for _, number, *_ in some[:7])
    stops, pile = (
        named("c", 7),
        {"form": "pile", "one": amount(float(f"{most / 40:.1g}"), "", "USD/kg")},
    )
    series = {"series": "up", "x": "year", "y": "number"}
    both = {"series": "both", "x": "year", "y": "number", "by": "kind"}
    events = [
        {"when": f"{kind if kind == 'about ' else ''}{year}", "lane": f"lane-{n % 2}",
         "text": text, "source": "news"}
        for n, (text, _, kind, _, year) in enumerate(some)
    ]  # fmt: skip
    ends = {"chains": [{"label": some[0][0], "stops": stops[:3]},
                       {"label": some[-1][0], "stops": named("w", 7)}]}  # fmt: skip
    flow = sorted(range(min(5, len(some))), key=lambda n: -some[n][1])
    return {
        "ladder": {"form": "ladder", "stops": stops},
        "ladder-linear": {"form": "ladder", "stops": stops, "scale": "linear"},
        "pile": pile | {"stops": stops},
        "legs": {"form": "legs", "stops": named("s", 7)},
        "chains": {"form": "chains"} | ends,
        "chains-linear": {"form": "chains", "scale": "linear"} | ends,
        "flow": {"form": "flow", "stages": [f"w{n}" for n in flow]},
        "estimates": {"form": "estimates", "claims": named("w", 14)},
        "ranges": {"form": "ranges", "claims": named("w", 14)},
        "series": {"form": "series", "by": "kind"} | series,
        "series-both": {"form": "series", "band": "all", "mean": True} | both,
        "stack": {"form": "stack", "by": "kind"} | series,
        "line": {"form": "line", "by": "kind"} | series,
        "line-claims": {"form": "line", "claims": named("s", 30)},
        "bar-time": {"form": "bar", "where": {"kind": "k0"}} | series,
        "bar-signed": {"form": "bar", "series": "both", "x": "kind", "y": "number",
                       "where": {"year": str(some[0][4])}},
        "bar-claims": {"form": "bar", "claims": named("s", 30)},
        "scatter": {"form": "scatter"} | both,
        "scatter-claims": {"form": "scatter", "claims": named("s", 30), "zero": False},
        "timeline": {"form": "timeline", "events": events,
                     "lanes": [{"id": f"lane-{n}", "label": some[n][0]} for n in range(2)]},
        "map": {
            "form": "map", "places": [f"place-{n}" for n in range(min(len(some), 16))],
            "prices": stops,
            "arrows": [{"from": "place-0", "to": "place-1", "claim": "w0"}],
        },
        "consistency": {
            "form": "consistency", "inputs": ["w0", "w1"], "formula": 'claim("w0") + claim("w1")',
            "unit": "t/year", "compare": named("w", 8)[2:] or ["s0"],
            "against": {"w0": ["w1"], "w1": ["w0"]},
        },
    }  # fmt: skip


def problems(folder: Path, some: list[Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the drawings of a site of these rows: a chart's drawing, and what."""
    (folder / "index.md").write_text("---\ntitle: A\nsummary: B\n---\n\nC\n", "utf-8")
    (folder / "es").mkdir()
    (folder / "es/index.md").write_text("---\ntitle: A\nsummary: B\n---\n\nC\n", "utf-8")
    (folder / "basemap.json").write_bytes(BASEMAP)
    (folder / "data.yaml").write_text(json.dumps(data(some), indent=1), "utf-8")
    setup = site.Setup(folder, ROOT / "templates", folder / "site", folder / "cache", "")
    snapshot = take(setup)
    book = site.read(setup, Memo(Cache(folder / "cache", read_only=True)), snapshot)
    for problem in book.report.problems:
        if problem.rule not in REFUSED:
            yield "data", str(problem)
    looks = vega.looks_of(ROOT / "templates/fonts", snapshot.templates["css/site.css"].text())
    for code, size in (("en", WIDE), ("es", NARROW)):
        for name, plan in book.plans[code].items():
            for job in asked_of(Report(), plan.value, book.voices[code].value).jobs:
                if job.size == size:
                    yield from ((f"{name} {size.name}", wrong) for wrong in bad(job, looks))


REFUSED = (Rule.BAD_CHART, Rule.UNIT_MISMATCH, Rule.UNBOUNDED)


TIDY = ("estimates", "ranges", "chains", "consistency", "timeline", "stack")
"""Forms whose words have room whatever they are; of the others, a build says what overlaps."""


def bad(job: draw.Job, looks: vega.Looks) -> Iterator[str]:
    """What is wrong with a drawing of which nothing is said to who made it."""
    form = FORMS[job.form]
    with debug_mode(False):
        spec = form.draw(job.rows, job.settings, job.words, job.size).to_dict(validate=False)
    svg, warnings = vega.svg_of(spec, looks)
    yield from warnings
    tree = ElementTree.fromstring(svg)
    if float(tree.attrib["width"]) != job.size.width:
        yield f"{tree.attrib['width']} px wide"
    if found := re.search("NaN|undefined|Infinity|>null<", svg):
        yield svg[max(found.start() - 60, 0) : found.end() + 20]
    small = re.search(r'font-size="(\d|1[012])(\.\d+)?px"', svg)
    if small:
        yield f"lettering of {small[1]} px"
    if job.form in TIDY:
        yield from (f"{pair}" for pair in overlap.overlaps(svg, looks.folder))
    yield from outside(tree, job.size)


def outside(tree: ElementTree.Element, size: Size) -> Iterator[str]:
    """Marks that stand where nobody sees them."""
    tall = float(tree.attrib["height"])

    def walk(element: ElementTree.Element, x: float, y: float) -> Iterator[str]:
        if element.get("opacity") == "0":
            return
        given = re.findall(r"translate\(([^,)]*),([^)]*)\)", element.get("transform", ""))
        for across, down in given:
            x, y = x + float(across), y + float(down)
        kind = element.tag.rpartition("}")[2]
        if (kind == "path" and given) and not (-2 <= x <= size.width + 2 and -2 <= y <= tall + 2):
            yield f"a mark at {x:.0f}, {y:.0f} of {size.width} x {tall:.0f}"
        for inner in element:
            yield from walk(inner, x, y)

    yield from walk(tree, 0, 0)


@given(rows)
@settings(
    max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_any_rows_are_drawn_whole_or_refused(tmp_path_factory: Any, some: list[Any]) -> None:
    found = list(problems(tmp_path_factory.mktemp("any"), some))
    assert found == []
