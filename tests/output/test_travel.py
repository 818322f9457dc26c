"""What leaves the site: feeds, sitemap, pictures, frames in pages of others, records."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from browsing import Visit
from support import ADDRESS, page, pages

from explainer.figures.vega import LONGEST

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def coffee(coffee_online: Path) -> Path:
    return coffee_online


@pytest.fixture(scope="module")
def served(coffee_online: Path) -> Iterator[str]:
    """The address at which the folder above the site is served."""
    folder = coffee_online.parent
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def at(site: Path, address: str) -> Path:
    """The file of an absolute address of the site."""
    assert address.startswith(ADDRESS), address
    path = re.split(r"[?#]", address[len(ADDRESS) :])[0]
    return site / (f"{path}index.html" if not path or path.endswith("/") else path)


def size(png: Path) -> tuple[int, int]:
    content = png.read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def solid(text: str) -> str:
    """A text without white space: wherever its lines are broken."""
    return "".join(text.split())


def told_by(path: Path) -> dict[str, str]:
    """What a page tells those who show links to it."""
    return {
        meta.attrs.get("property", meta.attrs.get("name", "")): meta.attrs["content"]
        for meta in page(path).all("meta")
        if "content" in meta.attrs
    }


def test_feeds_are_atom_and_lead_to_pages(coffee: Path) -> None:
    feeds = sorted(coffee.rglob("feed.xml"))
    assert len(feeds) >= 2
    for path in [*feeds, *coffee.rglob("corrections.xml")]:
        feed = ElementTree.parse(path).getroot()
        assert feed.tag == f"{ATOM}feed"
        for name in ("title", "id", "updated", "author"):
            assert feed.find(f"{ATOM}{name}") is not None, (path, name)
        entries = feed.findall(f"{ATOM}entry")
        ids = [entry.findtext(f"{ATOM}id") for entry in entries]
        assert len(set(ids)) == len(ids)
        for entry in entries:
            link = entry.find(f"{ATOM}link")
            assert link is not None and at(coffee, link.attrib["href"]).is_file()
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", entry.findtext(f"{ATOM}updated", ""))


def test_the_sitemap_lists_what_is_to_be_found(coffee: Path) -> None:
    root = ElementTree.parse(coffee / "sitemap.xml").getroot()
    listed = [found.text or "" for found in root.iter(f"{MAP}loc")]
    assert len(listed) == len(set(listed)) > 10
    for address in listed:
        path = at(coffee, address)
        robots = page(path).all("meta", name="robots")
        assert not robots and not path.name.endswith(".embed.html"), address
        canonical = page(path).one("link", rel="canonical").attrs["href"]
        assert canonical == address


def test_languages_of_a_page_name_each_other(coffee: Path) -> None:
    def named(path: Path) -> dict[str, str]:
        links = page(path).all("link", rel="alternate")
        return {
            link.attrs["hreflang"]: link.attrs["href"] for link in links if "hreflang" in link.attrs
        }

    found = {path: named(path) for path in pages(coffee)}
    paired = {path: links for path, links in found.items() if links}
    assert len(paired) > 10
    for path, links in paired.items():
        assert "x-default" in links and len(links) >= 3, path
        assert all(found[at(coffee, address)] == links for address in links.values()), path


def test_cards_have_their_size_and_stand_for_their_page(coffee: Path) -> None:
    charts = [p for p in pages(coffee) if p.parent.name == "charts" and "embed" not in p.name]
    assert len(charts) > 4
    for path in charts:
        told = told_by(path)
        card = at(coffee, told["og:image"])
        assert card == path.with_name(path.stem + ".card.png")
        assert size(card) == (1200, 630)
        assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
        assert solid(told["og:image:alt"]) == solid(page(path).one("h1").text())
        assert told["twitter:card"] == "summary_large_image"
        svg = ElementTree.parse(path.with_suffix(".svg")).getroot()
        drawn = size(path.with_suffix(".png"))
        for pixels, side in zip(drawn, ("width", "height"), strict=True):
            assert abs(pixels - 1.5 * int(svg.attrib[side])) < 1


def test_a_note_has_the_card_of_the_chart_that_opens_it(coffee: Path) -> None:
    for folder in ("", "es/"):
        opening = page(coffee / f"{folder}index.html").all("figure", class_="chart")[0]
        told = told_by(coffee / f"{folder}index.html")
        assert told["og:image"] == f"{ADDRESS}{folder}charts/{opening.attrs['data-chart']}.card.png"
        assert told["twitter:card"] == "summary_large_image"


def test_a_downloaded_drawing_names_title_sources_and_terms(coffee: Path) -> None:
    for path in coffee.rglob("charts/*.svg"):
        text = path.read_text("utf-8")
        assert "var(--" not in text, path
        words = solid("".join(ElementTree.fromstring(text.encode()).itertext()))
        beside = json.loads(path.with_name(path.stem + ".csv-metadata.json").read_text("utf-8"))
        assert beside["url"] == path.stem + ".csv"
        assert beside["dc:rights"] and beside["dc:license"]["@id"]
        assert solid(beside["dc:title"]) in words
        licence = beside["dc:rights"].rpartition(": ")[2]
        assert "CC BY 4.0" in licence and solid(licence) in words
        figure = page(path.with_suffix(".html")).all("figure", class_="chart")[0]
        [sources] = figure.all("p", class_="all-sources")
        for source in sources.all("a"):
            if "sources.html#" in source.attrs["href"]:
                continue
            label = source.text().partition(",")[0]
            assert solid(label) in words, path


def test_a_specification_draws_the_chart_anywhere(coffee: Path) -> None:
    """In a converter that knows nothing of us, without a word of warning."""
    code = """
import json, logging, sys, vl_convert
logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
for path in sys.argv[1:]:
    spec = json.load(open(path, encoding="utf-8"))
    print(vl_convert.vegalite_to_svg(spec).partition(">")[0])
"""
    paths = sorted(coffee.rglob("charts/*.vl.json"))
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, paths)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    drawn = done.stdout.splitlines()
    assert len(drawn) == len(paths) > 20
    for path, svg in zip(paths, drawn, strict=True):
        text = path.read_text("utf-8")
        spec = json.loads(text)
        assert "vega-lite" in spec["$schema"] and spec["config"]["background"][0] == "#"
        assert "var(--" not in text and "Arial" in spec["config"]["font"]
        own = page(path.with_name(path.name.replace(".vl.json", ".html")))
        figure = own.all("figure", class_="chart")[0]
        size = figure.all("svg")[0].attrs
        for side in ("width", "height"):
            [found] = re.findall(rf' {side}="([\d.]+)"', svg)
            assert abs(float(found) - float(size[side])) < 0.1, path
        assert solid(figure.one("h1").text()) == solid(spec["usermeta"]["title"])
        assert spec["description"].startswith(spec["usermeta"]["title"])
        links = [a.attrs["href"] for a in figure.all("a") if "vega.github.io" in a.attrs["href"]]
        for link in links:
            assert link.startswith("https://vega.github.io/editor/#/url/vega-lite/")
            assert len(link) <= LONGEST
        # Only of a long specification is there no address.
        assert len(links) == 1 or len(text) > LONGEST, path
        assert any(a.attrs["href"] == path.name for a in figure.all("a"))


def test_icons(coffee: Path) -> None:
    assert size(coffee / "apple-touch-icon.png") == (180, 180)
    icon = (coffee / "favicon.ico").read_bytes()
    assert icon[:4] == b"\0\0\1\0" and icon[22:28] == b"\x89PNG\r\n"
    assert int.from_bytes(icon[14:18], "little") == len(icon) - 22


def test_records_for_machines(coffee: Path) -> None:
    kinds: dict[str, set[str]] = {}
    for path in pages(coffee):
        for script in page(path).all("script", type="application/ld+json"):
            record = json.loads("".join(str(part) for part in script.children))
            assert record["@context"] == "https://schema.org"
            kinds[path.relative_to(coffee).as_posix()] = {r["@type"] for r in record["@graph"]}
            for one in record["@graph"]:
                for file in one.get("distribution", ()):
                    assert at(coffee, file["contentUrl"]).is_file()
    assert "Article" in kinds["index.html"]
    assert "Dataset" in kinds["data.html"]
    charts = {name: found for name, found in kinds.items() if name.startswith("charts/")}
    assert charts and all(found >= {"Dataset", "BreadcrumbList"} for found in charts.values())


def test_frames_are_offered_where_the_address_is_known(coffee: Path, small_site: Path) -> None:
    for path in (p for p in pages(coffee) if p.parent.name == "charts" and "embed" not in p.name):
        codes = [pre.text() for pre in page(path).all("pre") if "<iframe" in pre.text()]
        assert len(codes) == 1, path
        address = re.search(r'<iframe src="([^"]+)"', codes[0])
        assert address and at(coffee, address[1]) == path.with_name(path.stem + ".embed.html")
    for path in coffee.rglob("*.embed.html"):
        framed = page(path)
        assert framed.one("meta", name="robots").attrs["content"] == "noindex"
        assert not framed.all("nav") and framed.all("figcaption")
    assert not [p for p in small_site.rglob("*.html") if "&lt;iframe" in p.read_text("utf-8")]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_frame_shows_the_chart_and_breaks_no_rule(
    browsing: Callable[..., Any], coffee: Path, served: str
) -> None:
    names = sorted(path.name for path in (coffee / "charts").glob("*.embed.html"))
    host = coffee.parent / "host.html"
    frames = "".join(
        f'<iframe src="site/charts/{name}" title="a" width="288" height="700"></iframe>'
        for name in names
    )
    host.write_text(
        f'<!doctype html><title>Host</title><link rel="icon" href="data:,">{frames}', "utf-8"
    )

    def visit(here: Visit) -> tuple[list[Any], list[str]]:
        said: list[str] = []
        here.page.on("console", lambda message: said.append(message.text))
        here.page.goto(f"{served}host.html", wait_until="load")
        seen = [
            frame.evaluate(
                "() => [document.documentElement.scrollWidth, innerWidth,"
                " [...document.querySelectorAll('figure svg')]"
                ".some(svg => svg.getBoundingClientRect().width > 200)]"
            )
            for frame in here.page.frames[1:]
        ]
        # The live view answers inside a frame as well.
        frame = here.page.frames[1]
        frame.locator("figure button").first.click()
        frame.locator("figure[data-live=true]").wait_for()
        here.page.goto(f"{served}site/index.html", wait_until="load")
        return seen, [*said, *here.errors]

    seen, said = browsing(visit, viewport={"width": 1000, "height": 900})
    assert len(seen) == len(names) > 4
    assert all(width <= room and drawn for width, room, drawn in seen), seen
    assert said == []


def offered(site: Path) -> list[str]:
    """The code that each chart's page offers to pages of others, as it would be pasted."""
    codes = []
    for path in sorted(site.glob("charts/*.html")):
        if ".embed." not in path.name:
            [pre] = [pre for pre in page(path).all("pre") if "<iframe" in pre.text()]
            codes.append("".join(str(part) for part in pre.children))
    return codes


NEEDED = "() => [document.documentElement.scrollHeight, innerHeight]"


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("width", [320, 340, 400, 520, 672, 900])
@pytest.mark.parametrize("scripts", [True, False], ids=["fitted", "alone"])
def test_no_frame_as_it_is_offered_scrolls_inside(
    browsing: Callable[..., Any], coffee: Path, served: str, width: int, scripts: bool
) -> None:
    codes = offered(coffee)
    text = "".join(codes).replace(ADDRESS, f"{served}site/").replace('loading="lazy"', "")
    if not scripts:
        text = re.sub(r"<script.*?</script>", "", text)
    host = coffee.parent / f"column-{width}-{scripts}.html"
    column = f'<div style="width: {width}px; margin: 0 auto">{text}</div>'
    host.write_text(
        f'<!doctype html><title>Host</title><link rel="icon" href="data:,">{column}', "utf-8"
    )

    def visit(here: Visit) -> None:
        here.page.goto(f"{served}{host.name}", wait_until="load")
        here.page.wait_for_timeout(500)
        frames = here.page.frames[1:]
        assert len(frames) == len(codes) > 4
        for frame in frames:
            needed, room = frame.evaluate(NEEDED)
            assert needed <= room, (frame.url, needed, room)
            height = frame.evaluate("document.documentElement.getBoundingClientRect().height")
            if scripts:
                assert room - height <= 1, (frame.url, height, room)
        assert not here.errors

    browsing(visit, viewport={"width": 1000, "height": 900})


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_link_to_the_code_opens_it(browsing: Callable[..., Any], coffee: Path) -> None:
    links = page(coffee / "index.html").one("main").all("a")
    [to, *_] = [a.attrs["href"] for a in links if a.attrs.get("href", "").endswith("#embed")]

    def visit(here: Visit) -> None:
        here.page.goto(f"{coffee.as_uri()}/{to}")
        assert here.page.locator("#embed pre").is_visible()

    browsing(visit, java_script_enabled=False)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_frame_is_light_or_dark_as_the_page_around_it_says(
    browsing: Callable[..., Any], coffee: Path, served: str
) -> None:
    """Whatever the device says, and whatever the reader has chosen for the site itself."""
    name = next((coffee / "charts").glob("*.embed.html")).name
    light, dark = "rgb(255, 254, 251)", "rgb(21, 23, 26)"

    def visit(here: Visit) -> None:
        def ground(query: str) -> str:
            here.page.goto(f"{served}site/charts/{name}{query}")
            found = here.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            return str(found)

        assert ground("?theme=light") == light
        assert ground("?theme=dark") == dark
        assert ground("") == ground("?theme=purple") == dark, "as the device says"
        assert here.page.evaluate("localStorage.length") == 0
        here.page.evaluate("localStorage.setItem('theme', 'light')")
        assert (ground(""), ground("?theme=dark")) == (light, dark)
        assert not here.errors and not here.violations()

    browsing(visit, color_scheme="dark")
    assert all("?theme=light" in code for code in offered(coffee))
