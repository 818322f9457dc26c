"""Every file of a site by its path, each as what makes it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from explainer.figures import picture as pictures
from explainer.figures.drawer import Drawer
from explainer.figures.figure import Figure
from explainer.figures.identity import logo_of
from explainer.memo import Call, Given, Memo
from explainer.notes.photographs import bare
from explainer.output import exports, feeds, search, tables
from explainer.pages.assets import gather_assets
from explainer.pages.gallery import Thumb
from explainer.pages.inventory import Book, Contents, Figures, html_of
from explainer.pages.page import Facts, facts
from explainer.pages.render import ready_templates
from explainer.problems import Place, Problem, Report, Rule, shown
from explainer.project import DATA_FILES, SERIES_FILES, Blob, Setup, Snapshot, chart_files
from explainer.voice.voice import Voice

Output = Call[bytes] | Given[bytes]
"""What gives the bytes of a file, and tells by its key whether they are as they were."""


def bundle(report: Report, drawer: Drawer) -> bytes:
    """The Vega runtime as one classic script."""
    return drawer.runtime()


def picture(report: Report, svg: str, scale: float, drawer: Drawer) -> bytes:
    """A picture in pixels."""
    return drawer.enlarged(svg, scale)


def published_file(report: Report, file: Blob) -> bytes:
    """A file beside a note; a photograph without what its camera tells beside it."""
    return bare(file.content)


CHART_MAKERS: dict[str, Callable[[Report, Figure, Voice], bytes]] = {
    "csv": exports.chart_csv,
    "csvw": tables.chart_csvw,
    "json": exports.chart_json,
    "spec": exports.chart_spec,
    "svg": pictures.svg,
    "small": pictures.small,
}
"""Makers of a chart's files, but for its pages and for pictures in pixels."""

DRAWN_LARGE: dict[str, tuple[Callable[..., str], float]] = {
    "png": (pictures.sheet, pictures.FINE),
    "card": (pictures.card, 1),
}
"""The SVG of which each of a chart's pictures in pixels is made, and its scale."""

DATA_MAKERS: dict[str, Callable[[Report, Voice], bytes]] = {
    "csv": exports.claims_csv,
    "csvw": tables.claims_csvw,
    "json": exports.claims_json,
    "bibtex": exports.sources_bib,
}
"""Makers of the files of all claims, but for the package, which lists the charts, too."""

SERIES_MAKERS: dict[str, Callable[[Report, Voice, str], bytes]] = {
    "csv": exports.series_csv,
    "csvw": tables.series_csvw,
}
"""Makers of the files of a series that has a table."""


def files_of(
    setup: Setup,
    memo: Memo,
    snapshot: Snapshot,
    book: Book,
    figures: Figures,
    pages: Contents,
    drawer: Drawer,
) -> dict[str, Output]:
    """Every file of the site by its path; two of one path are a problem."""
    runtime = memo.kept(bundle, drawer) if any(figures.values()) else None
    assets, names = gather_assets(memo, snapshot.templates, runtime)
    files: dict[str, Output] = dict(assets)
    data_file = shown(setup.content / "data.yaml")

    def add(path: str, output: Output, file: str) -> None:
        if path in files:
            message, hint = f"{path} would be published twice", "give one of the two another name"
            book.report.add(Problem(Place(file, 1), Rule.PAGE_CLASH, message, hint))
        files[path] = output

    site = book.dataset.site
    logo = logo_of(snapshot, site) if site else None
    templates = memo.call(ready_templates, snapshot.page_templates, logo, setup.hosted)
    for path, html, file in html_of(memo, pages, book.voices, templates, names, setup.site_url):
        add(path, html, file or data_file)
    for note in book.written:
        folder = book.folder(note.language)
        for address in note.files:
            beside = memo.kept(published_file, snapshot.content[folder + address])
            known = files.get(folder + address)
            if known is None or known.key != beside.key:
                add(folder + address, beside, note.file)
    for code in book.languages:
        made = _data_files(setup, memo, book, code, figures[code], pages, drawer, logo)
        for path, output in made:
            add(path, output, data_file)
    icon = snapshot.templates.get(f"images/{pictures.ICON}")
    if icon:
        for path, maker in pictures.ICONS.items():
            add(path, memo.kept(maker, icon, drawer), data_file)
    if setup.site_url:
        add("sitemap.xml", memo.kept(feeds.sitemap, _listed(setup, memo, book, pages)), data_file)
    return files


def _data_files(
    setup: Setup,
    memo: Memo,
    book: Book,
    code: str,
    figures: Mapping[str, Call[Figure]],
    pages: Contents,
    drawer: Drawer,
    logo: Blob | None,
) -> Iterator[tuple[str, Output]]:
    """What a language has for other programs and other places."""
    voice, folder, url = book.voices[code], book.folder(code), setup.site_url
    for kind, claims in DATA_MAKERS.items():
        yield folder + DATA_FILES[kind].path, memo.kept(claims, voice)
    package = memo.kept(tables.data_package, voice, tuple(figures.values()), folder, url)
    yield folder + DATA_FILES["package"].path, package
    for name in book.dataset.tables:
        for kind, written in SERIES_MAKERS.items():
            yield folder + SERIES_FILES[kind].path.format(id=name), memo.kept(written, voice, name)
    listed = tuple(_found(pages.facts[code], pages.thumbs[code], folder))
    yield folder + DATA_FILES["search"].path, memo.kept(search.index, voice, listed)
    for name, figure in figures.items():
        paths = chart_files(folder, name)
        for kind, maker in CHART_MAKERS.items():
            yield paths[kind], memo.kept(maker, figure, voice)
        for kind, (drawn, scale) in DRAWN_LARGE.items():
            given = (figure, voice, logo) if kind == "card" else (figure, voice)
            yield paths[kind], memo.call(picture, memo.call(drawn, *given), scale, drawer)
        # A data package may not reach outside its folder.
        yield f"{folder}data/charts/{name}.csv", memo.kept(exports.chart_csv, figure, voice)
    if url:
        own = pages.facts[code]
        newest = max((item.changed for item in own), default=feeds.NEVER)
        entries = tuple(
            feeds.Entry(item.title, url + item.path, item.changed, item.summary, item.published)
            for item in own
            if item.changed
        )
        corrections = memo.kept(feeds.corrections_feed, voice, folder, url, newest)
        yield f"{folder}corrections.xml", corrections
        yield f"{folder}feed.xml", memo.kept(feeds.pages_feed, voice, entries, folder, url)


def _found(own: Sequence[Facts], thumbs: Sequence[Thumb], folder: str) -> Iterator[search.Entry]:
    """What the search finds beside the data: pages, their headings, charts."""
    for item in own:
        yield "page", item.path.removeprefix(folder), item.title, item.summary
    for item in own:
        for place, text in item.headings:
            yield "heading", f"{item.path.removeprefix(folder)}#{place}", text, item.title
    for thumb in thumbs:
        yield "chart", thumb.page.removeprefix(folder), thumb.title, ""


def _listed(setup: Setup, memo: Memo, book: Book, pages: Contents) -> tuple[feeds.Listed, ...]:
    """The pages that search engines are told of: not those that say they are none for them."""
    found = []
    for path, page in pages.pages.items():
        if path != "404.html" and not path.endswith(".embed.html"):
            changed = memo.fact(Facts, facts, page).value.changed
            others = [(c, setup.site_url + p) for c, p in pages.alternates(path, book.languages)]
            found.append(feeds.Listed(setup.site_url + path, changed, others))
    return tuple(found)
