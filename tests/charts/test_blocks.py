"""Vega-Lite blocks in notes: what they may not ask for, and that what they draw fits and is bound.

Drawing takes a second, so that each build here holds many blocks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from support import Element, inside, like_avocado, note, page, run

ROWS = """data:
  values:
    - {place: Here, kind: one, weight: 2.5}
    - {place: There, kind: two, weight: 40}
illustrative: true"""
PLOT = """encoding:
  x: {field: weight, type: quantitative}
  y: {field: place, type: nominal}"""


def block(name: str, spec: str) -> str:
    """A block over two rows."""
    return (
        f"```vega-lite\nid: {name}\ntitle: Weights\ndescription: Two weights.\n{ROWS}\n{spec}\n```"
    )


def told(folder: Path, specs: Mapping[str, str]) -> dict[str, list[tuple[str, str, str, str]]]:
    """What is said of each block: rule, message, hint and the line itself."""
    body = "\n\n".join(block(name, spec) for name, spec in specs.items())
    content = like_avocado(folder / "content", {"index.md": note(body)})
    done = run("--content", content, "--output", folder / "site", "--json")
    assert "Traceback" not in done.err
    lines = (content / "index.md").read_text("utf-8").splitlines()
    found: dict[str, list[tuple[str, str, str, str]]] = {name: [] for name in specs}
    for text in done.out.splitlines():
        record = json.loads(text)
        before = "\n".join(lines[: record["line"]])
        owner = re.findall(r"^id: (.*)$", before, re.MULTILINE)[-1]
        found[owner].append(
            (
                record["rule"],
                record["message"],
                record["hint"] or "",
                lines[record["line"] - 1].strip(),
            )
        )
    return found


# Loading, and what belongs to the page

REFUSED = {
    "image": ("mark: image\n" + PLOT, "no images", "mark: image"),
    "image-of": (
        f"mark: {{type: image, aspect: true}}\n{PLOT}",
        "no images",
        "mark: {type: image, aspect: true}",
    ),
    "url-value": (
        f'mark: point\n{PLOT}\n  url: {{value: "http://example.org/a.png"}}',
        "nothing from elsewhere",
        'url: {value: "http://example.org/a.png"}',
    ),
    "url-field": (
        f"mark: point\n{PLOT}\n  url: {{field: place}}",
        "nothing from elsewhere",
        "url: {field: place}",
    ),
    "background": (
        f'mark: point\n{PLOT}\nconfig:\n  background: "url(https://example.org/a)"',
        "nothing from elsewhere",
        'background: "url(https://example.org/a)"',
    ),
    "fill": (
        f'mark:\n  type: bar\n  fill: "URL( https://example.org/a)"\n{PLOT}',
        "nothing from elsewhere",
        'fill: "URL( https://example.org/a)"',
    ),
    "fill-worked-out": (
        f"mark: {{type: bar, fill: {{expr: \"'ur' + 'l(h' + 'ttp://example.org/a)'\"}}}}\n{PLOT}",
        "make a colour of its own",
        "mark: {type: bar, fill: {expr: \"'ur' + 'l(h' + 'ttp://example.org/a)'\"}}",
    ),
    "fill-escaped": (
        f"mark:\n  type: bar\n  fill: 'u\\72l(//example.org/a.svg#a)'\n{PLOT}",
        "is no colour",
        "fill: 'u\\72l(//example.org/a.svg#a)'",
    ),
    "cursor": (
        f'mark:\n  type: bar\n  cursor: {{expr: "datum.place"}}\n{PLOT}'.replace(
            "datum.place", "'u' + datum.place"
        ),
        "make a colour of its own",
        "cursor: {expr: \"'u' + datum.place\"}",
    ),
    "black": (
        f"mark:\n  type: point\n  color: black\n{PLOT}",
        "not seen on the dark page",
        "color: black",
    ),
    "cut": (
        "mark: bar\nencoding:\n  x:\n    field: weight\n    type: quantitative\n"
        "    scale: {domainMin: 1}",
        "does not start at zero",
        "scale: {domainMin: 1}",
    ),
    "without-zero": (
        "mark: area\nencoding:\n  x: {field: place}\n  y:\n    field: weight\n"
        "    type: quantitative\n    scale: {zero: false}",
        "does not start at zero",
        "scale: {zero: false}",
    ),
    "left-out": (
        "mark: point\nencoding:\n  x:\n    field: weight\n    type: quantitative\n"
        "    scale:\n      domain: [0, 10]",
        "the axis leaves out 1 of 2 rows",
        "domain: [0, 10]",
    ),
    "crowded": (
        f"height: 20\nmark: bar\n{PLOT}",
        "2 names in 20 px lie over each other",
        "height: 20",
    ),
    "milliseconds": (
        "mark: point\nencoding:\n  x: {field: weight, type: temporal}",
        "would be taken for milliseconds",
        "- {place: Here, kind: one, weight: 2.5}",
    ),
    "no-date": (
        "mark: point\nencoding:\n  x: {field: place, timeUnit: month}",
        '"Here" in "place" is no date',
        "- {place: Here, kind: one, weight: 2.5}",
    ),
    "no-number": (
        "mark: point\nencoding:\n  x: {field: place, type: quantitative}",
        '"Here" in "place" is no number, nor is 1 more',
        "- {place: Here, kind: one, weight: 2.5}",
    ),
    "too-large": (
        f"mark: point\n{PLOT}\nparams:\n  - name: p\n    value: 1{'0' * 30}",
        "more than a chart can hold",
        f"value: 1{'0' * 30}",
    ),
    "aggregate": (
        "mark: bar\nencoding:\n  y: {field: place}\n  x:\n    field: weight\n"
        "    aggregate: {exponential: 0.5}",
        '"aggregate" cannot be {"exponential": 0.5}',
        "aggregate: {exponential: 0.5}",
    ),
    "meta": (
        f"mark: point\n{PLOT}\nusermeta:\n  embedOptions: {{actions: true}}",
        "usermeta",
        "usermeta:",
    ),
    "control": (
        f"mark: point\n{PLOT}\nparams:\n  - name: p\n    bind:\n      input: range\n"
        "      element: body",
        "its own figure",
        "element: body",
    ),
    "beside": (
        f"layer:\n  - mark: point\n    data: {{values: [{{weight: 450}}]}}\n{PLOT}",
        "its table would not hold these rows",
        "data: {values: [{weight: 450}]}",
    ),
    "named": (
        f"mark: point\ndatasets: {{more: [{{weight: 450}}]}}\n{PLOT}",
        "its table would not hold these rows",
        "datasets: {more: [{weight: 450}]}",
    ),
    "looked-up": (
        "mark: point\ntransform:\n  - lookup: place\n    from:\n"
        f"      data: {{values: [{{place: Here, n: 450}}]}}\n      key: place\n{PLOT}",
        "a lookup brings numbers",
        "data: {values: [{place: Here, n: 450}]}",
    ),
    "placed": (
        "mark: rule\nencoding:\n  x: {datum: 450, type: quantitative}",
        "a mark would stand at 450, which is in no row",
        "x: {datum: 450, type: quantitative}",
    ),
    "worked-out": (
        "mark: rule\nencoding:\n  x: {datum: {expr: 400 + 50}, type: quantitative}",
        "where an expression puts it",
        "x: {datum: {expr: 400 + 50}, type: quantitative}",
    ),
    "unscaled": (
        "mark: rule\nparams: [{name: p, value: 3, bind: {input: range}}]\nencoding:\n"
        "  x: {datum: {expr: p}, type: quantitative}",
        "no scale for a mark that a control moves",
        "x: {datum: {expr: p}, type: quantitative}",
    ),
    "marks": (f"mark: pointt\n{PLOT}", 'there is no mark "pointt"', "mark: pointt"),
    "kinds": (
        "mark: point\nencoding:\n  x:\n    field: weight\n    type: quantitativ",
        'cannot be "quantitativ"',
        "type: quantitativ",
    ),
    "keys": (f"mark: point\nencodng: {{}}\n{PLOT}", '"encodng"', "encodng: {}"),
}
HINTS = {"marks": "point", "kinds": "quantitative", "keys": "encoding"}


def test_refused_at_the_line_of_the_key(here: Path) -> None:
    found = told(here, {name: spec for name, (spec, _, _) in REFUSED.items()})
    for name, (_, words, line) in REFUSED.items():
        first, *others = [(rule, excerpt) for rule, _, _, excerpt in found[name]]
        # Where a value is refused, each further row that has such a one is told of, too.
        rows = [("bad-chart", row.strip()) for row in ROWS.split("\n")[2:4] if line in ROWS]
        assert first == ("bad-chart", line) and others == rows[1 : 1 + len(others)]
        assert words in found[name][0][1], name
    for name, hint in HINTS.items():
        assert found[name][0][2] == f'did you mean "{hint}"?'


# Numbers that come from nowhere

WORDS = {
    "mark": f'mark: {{type: text, text: "450 evil"}}\n{PLOT}',
    "axis": PLOT.replace("quantitative}", 'quantitative, axis: {title: "of 450 kilos"}}'),
    "legend": f'{PLOT}\n  color: {{field: kind, legend: {{title: "of 450 kilos"}}}}',
    "header": f'{PLOT}\n  row: {{field: kind, header: {{title: "of 450 kilos"}}}}',
    "labels": PLOT.replace(
        "quantitative}", "quantitative, axis: {labelExpr: \"datum.label + ' of 450'\"}}"
    ),
    "literal": f"{PLOT}\ntransform:\n  - {{calculate: \"'450 kilos'\", as: t}}",
    "control": f"{PLOT}\nparams:\n  - {{name: p, bind: {{input: range, name: of 450}}}}",
    "parameter": f"{PLOT}\nparams:\n  - {{name: of450, bind: {{input: range}}}}",
    "options": f"{PLOT}\nparams:\n  - {{name: p, bind: {{input: select, options: [of 450]}}}}",
    "domain": f"{PLOT}\n  color: {{field: kind, scale: {{domain: [one, 450 kilos]}}}}",
}


def test_numbers_in_the_words_of_a_block(here: Path) -> None:
    found = told(
        here,
        {n: spec if "mark:" in spec else f"mark: point\n{spec}" for n, spec in WORDS.items()},
    )
    for name, said in found.items():
        assert [rule for rule, *_ in said] == ["unbound-number"], (name, said)
        assert '"450"' in said[0][1] and "450" in said[0][3], (name, said)


# Values that a channel cannot show, on the line of their row


def test_values_that_no_channel_shows(here: Path) -> None:
    rows = """data:
  values:
    - {name: a, a.b: 1, share: 5, price: 1}
    - {name: b, a.b: 2, share: 0, price: n/a}
    - {name: c, a.b: 3, share: 7, price: "1.200"}"""
    axes = {
        "log": "x: {field: share, type: quantitative, scale: {type: log}}",
        "text": "x: {field: price, type: quantitative}",
        "dotted": "x: {field: a.b, type: quantitative}",
    }
    body = "\n\n".join(
        block(name, f"mark: point\nencoding: {{{axis}}}").replace(
            ROWS, f"{rows}\nillustrative: true"
        )
        for name, axis in axes.items()
    )
    content = like_avocado(here / "content", {"index.md": note(body)})
    done = run("--content", content, "--output", here / "site", "--json")
    lines = (content / "index.md").read_text("utf-8").splitlines()
    said = [json.loads(line) for line in done.out.splitlines()]
    assert [(lines[s["line"] - 1].strip(), s["message"]) for s in said] == [
        ("- {name: b, a.b: 2, share: 0, price: n/a}", '0 in "share" has no place on a log scale'),
        (
            "- {name: b, a.b: 2, share: 0, price: n/a}",
            '"n/a" in "price" is no number, nor is 1 more',
        ),
        (f"encoding: {{{axes['dotted']}}}", 'the rows have no field "a" with "b" in it'),
    ]
    assert said[2]["hint"] == "write a\\.b: a dot leads into a field"


def test_more_names_than_colours(here: Path) -> None:
    plot = "mark: point\nencoding: {x: {field: n, type: quantitative}, color: {field: name}}"
    bodies = [
        block(f"of-{count}", plot).replace(
            ROWS,
            "data: {values: ["
            + ", ".join(f"{{name: {'abcdefg'[n]}, n: {n}}}" for n in range(count))
            + "]}\nillustrative: true",
        )
        for count in (6, 7)
    ]
    content = like_avocado(here / "content", {"index.md": note("\n\n".join(bodies))})
    done = run("--content", content, "--output", here / "site", "--json")
    [said] = [json.loads(line) for line in done.out.splitlines()]
    assert said["message"] == '7 values of "name" would share 6 colours'
    some = "transform: [{filter: {field: name, oneOf: [a, b, c]}}]\nmark: point"
    bodies[1] = bodies[1].replace("mark: point", some)
    (content / "index.md").write_text(note("\n\n".join(bodies)), "utf-8")
    assert run("--content", content, "--output", here / "site", "check").code == 0


def test_rows_without_end(here: Path) -> None:
    """A warning where a page gets heavy, a refusal where it would not end."""
    plot = "mark: point\nencoding: {x: {field: n, type: quantitative}}"

    def said(count: int) -> tuple[int, str]:
        rows = "data: {values: [" + ", ".join(f"{{n: {n}}}" for n in range(count)) + "]}"
        body = block("many", plot).replace(ROWS, f"{rows}\nillustrative: true")
        content = like_avocado(here / f"c{count}", {"index.md": note(body)})
        done = run("--content", content, "--output", here / "site")
        return done.code, done.err

    code, err = said(2_001)
    assert code == 0 and "warning: bad-chart: 2001 rows make a heavy page" in err
    table = page(here / "site" / "index.html").one("figure", data_chart="many")
    assert not table.all("td") and not table.all("li")
    # Its own page has the first of them, and leads to the file that has all.
    own = page(here / "site" / "charts" / "many.html")
    assert len(own.one("tbody").all("tr")) == 500
    assert len((here / "site" / "charts" / "many.csv").read_text("utf-8").splitlines()) == 2_002
    code, err = said(20_001)
    assert code == 1 and "20001 rows are too many; 20000 are the most" in err


# What shows only once it is drawn

DRAWN = {
    "brackets": ("(((( ", "mark: point", "it cannot be drawn"),
    "thrown": ("datum.cost.usd", "mark: point", "an expression fails on one of the rows"),
    "window": ("window.alert(1)", "mark: point", "it cannot be drawn"),
}


RELABELLED = {
    "times": "datum.value * 1000",
    "sum": "datum.label + 450",
    "thousand": "format(datum.value / 3, '.1f') + ' sacks'",
    "index": "'' + datum.index",
}


def test_labels_say_no_number_that_their_scale_does_not(here: Path) -> None:
    axis = 'x:\n    field: weight\n    type: quantitative\n    axis: {{labelExpr: "{}"}}'
    found = told(
        here,
        {
            name: f"mark: point\nencoding:\n  {axis.format(code)}"
            for name, code in RELABELLED.items()
        },
    )
    for name, said in found.items():
        # One problem for all labels, at the line of the expression that made them.
        assert [rule for rule, *_ in said] == ["unbound-number"], (name, said)
        assert "format:" in said[0][2] and "labelExpr" in said[0][3], said


def test_a_drawing_that_fails_is_a_problem_of_its_block(here: Path) -> None:
    specs = {
        name: f'{mark}\n{PLOT}\ntransform: [{{calculate: "{code}", as: t}}]'
        for name, (code, mark, _) in DRAWN.items()
    }
    specs["sum"] = (
        f"mark: text\n{PLOT}\n  text: {{field: t}}\n"
        'transform: [{calculate: "450 + datum.weight", as: t}]'
    )
    specs["place"] = (
        "mark: point\nencoding:\n  y: {field: t, type: nominal}\n"
        "transform: [{calculate: \"450 + ' kilos'\", as: t}]"
    )
    specs["hidden"] = (
        f"mark: bar\n{PLOT}\n  color: {{field: t, scale: null}}\ntransform: [{{calculate: "
        "\"'ur' + 'l(h' + 'ttp://example.org/a)'\", as: t}]"
    )
    specs["tiny"] = f"mark: point\n{PLOT}\nconfig: {{axis: {{labelFontSize: 8}}}}"
    specs["endless"] = f"mark: point\n{PLOT}\nheight: 9999999"
    specs["unknown-colour"] = f'mark: {{type: point, color: "var(--loud)"}}\n{PLOT}'
    specs["too-wide"] = (
        "hconcat:\n"
        + "  - {mark: point, encoding: {y: {field: place, type: nominal}}}\n" * 2
        + "  - hconcat:\n"
        + "    - {mark: point, encoding: {y: {field: place, type: nominal}}}\n" * 12
    )
    specs["filtered"] = f"mark: point\n{PLOT}\ntransform: [{{filter: datum.weight > 50}}]"
    specs["emptied"] = "mark: point\ntransform: [{filter: datum.weight > 50}]"
    specs["single"] = (
        "mark: line\nencoding:\n  x: {field: weight, type: quantitative}\n  color: {field: kind}"
    )
    specs["log"] = (
        "mark: point\nencoding:\n  x: {field: least, type: quantitative, scale: {type: log}}\n"
        'transform: [{calculate: "datum.weight - 2.5", as: least}]'
    )
    specs["flat"] = f"mark: point\n{PLOT}\nwidth: 100\nheight: 3".replace(
        "y: {field: place, type: nominal}", "y: {field: weight, type: quantitative}"
    )
    found = told(here, specs)
    for name, words in {
        "filtered": "a scale has no value to show",
        "emptied": "the drawing shows no mark",
        "single": "a line of a single point draws nothing",
        "log": "a log scale would have to show zero",
        "flat": "the plot has no room left",
    }.items():
        # The wide drawing and the narrow one say the same, once.
        assert [(rule, message) for rule, message, *_ in found[name]] == [("bad-chart", words)]
    for name, (_, _, words) in DRAWN.items():
        assert [rule for rule, *_ in found[name]] == ["bad-chart"], found[name]
        assert words in found[name][0][1]
        assert len(found[name][0][1]) < 350
    for name in ("sum", "place"):
        assert {rule for rule, *_ in found[name]} == {"unbound-number"}, (name, found[name])
    assert "load something" in found["hidden"][0][1]
    assert "8 px high" in found["tiny"][0][1]
    assert "higher than 4000 px" in found["endless"][0][1]
    assert {rule for rule, *_ in found["unknown-colour"]} == {"bad-chart"}
    assert "does not fit into the 640 px" in found["too-wide"][0][1]


def test_an_empty_block_is_reported_at_its_fence(here: Path) -> None:
    content = like_avocado(
        here / "content", {"index.md": note("Words.\n\n```vega-lite\n```\n\nMore.")}
    )
    done = run("--content", content, "--output", here / "site", "--json")
    [record] = [json.loads(line) for line in done.out.splitlines()]
    lines = (content / "index.md").read_text("utf-8").splitlines()
    assert (record["rule"], lines[record["line"] - 1]) == ("bad-chart", "```vega-lite")


def test_the_owner_of_a_missing_key_is_the_block(here: Path) -> None:
    content = like_avocado(
        here / "content", {"index.md": note("```vega-lite\nid: a\ntitle: A\n```")}
    )
    done = run("--content", content, "--output", here / "site")
    assert 'the block has no "data"' in done.err
    assert "the front matter" not in done.err


# Sound blocks

VIEW = "mark: bar, encoding: {x: {field: weight, type: quantitative}, y: {field: place}}"
SOUND = {
    "facet": f"facet: {{column: {{field: kind}}}}\nspec: {{{VIEW}}}",
    "wrapped": f"facet: {{field: kind}}\ncolumns: 2\nspec: {{{VIEW}}}",
    "channel": f"mark: bar\n{PLOT}\n  column: {{field: kind, type: nominal}}",
    "side": f"hconcat:\n  - {{{VIEW}}}\n  - {{width: 500, {VIEW}}}",
    "grid": f"columns: 2\nconcat:\n  - {{{VIEW}}}\n  - {{{VIEW}}}\n  - {{{VIEW}}}",
    "below": f"vconcat:\n  - {{width: 900, {VIEW}}}\n  - {{{VIEW}}}",
    "repeated": "repeat: [weight, place, kind]\ncolumns: 3\n"
    "spec: {mark: point, width: 260, encoding: {x: {field: {repeat: repeat}}}}",
    "schema": f'"$schema": https://vega.github.io/schema/vega-lite/v3.json\nmark: point\n{PLOT}',
    "scales": f"mark: point\n{PLOT}\nparams: [{{name: p, select: interval, bind: scales}}]",
    "rounded": f'mark: text\n{PLOT}\n  text: {{field: weight, type: quantitative, format: ".2f"}}',
    "relabelled": "mark: point\nencoding:\n  x: {field: weight, type: quantitative, "
    "axis: {labelExpr: \"datum.value > 20 ? datum.label + ' kg' : datum.label\"}}",
    "placed": "mark: rule\nencoding:\n  x: {datum: 40, type: quantitative}",
    "origin": "mark: rule\nencoding:\n  x: {datum: 0, type: quantitative}",
    "movable": "params: [{name: least, value: 3, bind: {input: range, min: 0, max: 40}}]\n"
    "mark: rule\nencoding:\n  x: {datum: {expr: least}, type: quantitative, "
    "scale: {domain: [0, 40]}}",
    "times": "mark: point\nencoding:\n  y: {field: place}\n"
    "  x: {field: weight, type: quantitative, scale: {domain: [0, 450]}}\n"
    'transform: [{calculate: "datum.weight * 7", as: t}]',
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Element:
    """The page of a note with the sound blocks."""
    folder = tmp_path_factory.mktemp("blocks")
    body = "\n\n".join(block(name, spec) for name, spec in SOUND.items())
    content = like_avocado(folder / "content", {"index.md": note(body)})
    with inside(workshop):
        done = run("--content", content, "--output", folder / "site")
    assert done.code == 0, done.err
    return page(folder / "site" / "index.html")


def figure(whole: Element, name: str) -> Element:
    return whole.one("figure", data_chart=name)


@pytest.mark.parametrize("name", SOUND)
def test_every_drawing_fits_its_size(sound: Element, name: str) -> None:
    widths = [float(svg.attrs["width"]) for svg in figure(sound, name).all("svg", role="img")]
    assert len(widths) == 2
    assert all(width <= most for width, most in zip(widths, (640, 288), strict=True)), widths


def test_only_labels_of_scales_and_rounded_values_are_exempt(sound: Element) -> None:
    def exempt(name: str) -> Sequence[str]:
        texts: Sequence[str] = json.loads(figure(sound, name).attrs["data-exempt-text"])
        return texts

    assert {"0", "400"} <= set(exempt("times"))
    assert {"40.00"} <= set(exempt("rounded"))


def test_drawings_name_our_own_vega_lite(sound: Element) -> None:
    scripts = sound.all("script", type="application/json")
    schemas = {
        found
        for script in scripts
        for found in re.findall(r"schema/vega-lite/v\d+", str(script.children))
    }
    assert schemas <= {"schema/vega-lite/v6"}
