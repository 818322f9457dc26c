"""Pages rendered with the templates of a folder."""

import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
)
from markupsafe import Markup, escape

from explainer.figures.identity import asset_of, shown_size
from explainer.pages.cite import Citation, cite_claim
from explainer.pages.navigation import Directory, base_path, relative
from explainer.pages.page import Page
from explainer.pages.told import AliasBody, Common, LogoPicture, PageWords, site_words
from explainer.problems import Place, Problem, Report, Rule, shown
from explainer.project import Blob, is_home_path
from explainer.voice.voice import Reference, Voice


class Templates:
    """The templates of a folder, ready to be filled in."""

    def __init__(self, files: Sequence[Blob], logo: Blob | None = None, hosted: bool = False):
        self.hosted = hosted
        self.logo = LogoPicture(asset_of(logo), *shown_size(logo)) if logo else None
        self.blobs = {blob.name: blob for blob in files}
        self.environment = Environment(
            loader=FunctionLoader(self._load),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        # As it stands in a page: no \u00e9 for é, and no space that nobody needs.
        compact = {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": True}
        self.environment.policies["json.dumps_kwargs"] = compact
        self.navigation = lru_cache(maxsize=64)(self._navigation)

    def _load(self, name: str) -> tuple[str, str, None] | None:
        blob = self.blobs.get(name)
        return (blob.text(), str(blob.path), None) if blob else None

    def _navigation(self, directory: Directory, folder: str, draft_word: str) -> str:
        """The links of the navigation as all pages of a folder have them, none marked."""
        module = self.environment.get_template("_navigation.html").make_module()
        listed: Callable[..., Markup] = vars(module)["links"]
        return str(listed(directory.links(f"{folder}/" if folder else ""), draft_word))


def ready_templates(
    report: Report, files: Sequence[Blob], logo: Blob | None, hosted: bool
) -> Templates:
    """The templates of these files, with the site's logo where it has one.

    `hosted` says whether the site is on its way to a server.
    """
    return Templates(files, logo, hosted)


def rendered(
    report: Report,
    page: Page,
    voice: Voice,
    templates: Templates,
    assets: Mapping[str, str],
    directory: Directory,
    others: tuple[tuple[str, str], ...],
) -> bytes:
    """The page as HTML (UTF-8); what is wrong with its template is reported.

    `assets` are the paths of shared files by their names, `others` the paths of the same page in
    each language that has it, by code.
    """
    try:
        template = templates.environment.get_template(page.template)
        context = _context(page, voice, templates, assets, directory, others)
        html = template.render(context)
    except Exception as error:
        # What a template does with what it is told can fail in any way.
        if not isinstance(error, TemplateError) and not _places(error, templates):
            raise
        report.add(_template_problem(error, templates, page.template))
        return b""
    if page.references_on:
        html = html.replace('href="#ref-', f'href="{page.references_on}#ref-')
    return _numbered(html, page.references).encode()


def alias_page(report: Report, page: Page, path: str, site_url: str) -> Page:
    """A page at an old address that points on to a page."""
    address = site_url + page.path if site_url else ""
    return replace(page, template="alias.html", path=path, body=AliasBody(page.path, address))


def _context(
    page: Page,
    voice: Voice,
    templates: Templates,
    assets: Mapping[str, str],
    directory: Directory,
    others: tuple[tuple[str, str], ...],
) -> dict[str, Any]:
    site = site_words(voice, templates.logo, templates.hosted)
    own = directory.folder(page.language)
    draft_word = voice.language.word("page.draft")

    def t(key: str, **values: object) -> str:
        try:
            return voice.language.word(key, **values)
        except KeyError as error:
            raise UndefinedError(str(error.args[0])) from None

    def located(path: str) -> str:
        """Templates name the pages made from data without their language's folder."""
        return own + path if is_home_path(path) else path

    def near(path: str) -> str:
        if page.kind == "404":
            return base_path(directory.site_url) + path
        return relative(path, page.path)

    def address(path: str) -> str:
        return directory.address(located(path))

    def asset(name: str) -> str:
        if name not in assets:
            raise UndefinedError(f"there is no asset '{name}'")
        return near(assets[name])

    def cite(reference: Reference) -> Citation:
        """How to cite a claim by its line on the data page."""
        line = f"{address('data.html')}#{reference.id}" if directory.site_url else ""
        return cite_claim(voice, reference, site.title, line)

    def navigation() -> Markup:
        links = templates.navigation(directory, page.path.rpartition("/")[0], draft_word)
        here = f'<a href="{escape(near(page.path))}"'
        return Markup(links.replace(f"{here}>", f'{here} aria-current="page">'))

    body = vars(page.body)
    drawn = body.get("figures") or body.get("figure")
    common = Common(
        t=t,
        url=lambda path: near(located(path)),
        address=address,
        asset=asset,
        cite=cite,
        runtime=asset("runtime.js") if drawn else "",
        site=site,
        page=PageWords(page, voice, site, directory, others),
        navigation=navigation,
    )
    return {**common, **body}


def _numbered(html: str, references: Sequence[Reference]) -> str:
    """The page with the number of its reference at each claim, for those who read it on paper."""
    numbers = {reference.id: number for number, reference in enumerate(references, 1)}

    def told(match: re.Match[str]) -> str:
        number = numbers.get(match[1])
        return f'{match[0]} data-ref="{number}"' if number else match[0]

    return re.sub(r'<a class="claim" data-claim="([^"]+)" href="#ref-[^"]*"', told, html)


def _places(error: Exception, templates: Templates) -> list[tuple[str, int]]:
    """The lines of templates that were at work when an error arose, the innermost last."""
    names = {str(blob.path): blob.name for blob in templates.blobs.values()}
    frames = traceback.walk_tb(error.__traceback__)
    found = ((names.get(frame.f_code.co_filename, ""), line) for frame, line in frames)
    return [(name, line) for name, line in found if name]


def _template_problem(error: Exception, templates: Templates, name: str) -> Problem:
    """A template's error at the template's line, where Jinja tells it."""
    if isinstance(error, TemplateSyntaxError):
        file, line = error.name or name, error.lineno
    else:
        file, line = [(name, 0), *_places(error, templates)][-1]
    blob = templates.blobs.get(file)
    lines = blob.text().splitlines() if blob else []
    excerpt = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return Problem(
        Place(shown(blob.path if blob else Path(file)), line or 1),
        Rule.TEMPLATE_ERROR,
        # A template's writer knows our things by their names, not by their modules.
        re.sub(
            r"'explainer(?:\.\w+)*\.(\w+) object'",
            r"\1",
            str(getattr(error, "message", None) or error),
        ),
        "correct the template; what a template is told is listed in CONTRIBUTING.md",
        excerpt,
    )
