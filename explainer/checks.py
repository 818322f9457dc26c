"""What can be wrong across the whole of a site. Each check returns a list of problems."""

import contextlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from explainer.body import MAX_QUOTED_WORDS, PUBLISHED_FILES
from explainer.citations import TOLERANCE, Voice, distance_apart, subject
from explainer.dataset import Dataset
from explainer.notes import Note
from explainer.pages import MADE_PAGES, folder_of
from explainer.problems import Place, Problem, Rule, choices, did_you_mean, shown
from explainer.quantities import Quantity, QuantityError, Units, parse_quantity
from explainer.strictyaml import Path as KeyPath
from explainer.texts import text_problems

BIBLIOGRAPHIC = {
    "sources": ("title", "publisher", "licence"),
    "glossary": ("term", "expansion"),
    "corrections": ("was",),
}
"""Texts whose numbers are names or quoted: titles of sources, licences, laws that the glossary
declares, what a page said before it was corrected."""


@dataclass(frozen=True)
class Project:
    """Everything that was read, before anything is drawn."""

    dataset: Dataset
    voices: Mapping[str, Voice]
    notes: Sequence[Note]
    languages: Sequence[str]
    content: Path
    templates: Path
    broken: frozenset[Path] = frozenset()
    """Notes whose front matter cannot be used: told of already, and to be missed by nobody."""


def check_words(project: Project) -> list[Problem]:
    """Every id that the data file names leads somewhere."""
    dataset, vocabulary = project.dataset, project.dataset.vocabulary
    found = [*_words_of(dataset, "claims"), *_words_of(dataset, "series")]
    for name, disagreement in dataset.disagreements.items():
        path: KeyPath = ("disagreements", name)
        for key, claims in (("claims", disagreement.claims), ("implies", disagreement.implies)):
            for claim in claims:
                found += _known(dataset, (*path, key), "claims", claim, Rule.UNKNOWN_CLAIM)
    for name, term in dataset.glossary.items():
        if term.source:
            path = ("glossary", name, "source")
            found += _known(dataset, path, "sources", term.source, Rule.UNKNOWN_SOURCE)
    for name, place in vocabulary.places.items():
        if place.source:
            path = ("vocabulary", "places", name, "source")
            found += _known(dataset, path, "sources", place.source, Rule.UNKNOWN_SOURCE)
    for index, credit in enumerate(dataset.site.credits if dataset.site else []):
        path = ("site", "credits", index, "source")
        found += _known(dataset, path, "sources", credit.source, Rule.UNKNOWN_SOURCE)
    pages = {note.slug for note in project.notes}
    for index, correction in enumerate(dataset.corrections):
        if correction.page and correction.page not in pages:
            found.append(
                dataset.document.problem(
                    ("corrections", index, "page"),
                    Rule.BROKEN_LINK,
                    f'there is no note "{correction.page}"',
                    did_you_mean(correction.page, pages) or f"notes: {choices(sorted(pages))}",
                )
            )
        for claim in correction.claims:
            path = ("corrections", index, "claims")
            found += _known(dataset, path, "claims", claim, Rule.UNKNOWN_CLAIM)
    return found


BUILT_IN_LEVELS = ("farm-gate", "wholesale", "retail", "unstated")


def _words_of(dataset: Dataset, section: str) -> Iterator[Problem]:
    """The words, speakers and sources that the claims or series name and that do not exist."""
    for name, entry in getattr(dataset, section).items():
        for key in ("measure", "place", "product", "level"):
            word = getattr(entry, key)
            kind = f"{key}s"
            if (
                word is None
                or dataset.has_word(kind, word)
                or (key == "level" and word in BUILT_IN_LEVELS)
            ):
                continue
            own = BUILT_IN_LEVELS if key == "level" else ()
            hint = did_you_mean(word, [*getattr(dataset.vocabulary, kind), *own])
            yield dataset.document.problem(
                (section, name, key),
                Rule.UNKNOWN_WORD,
                f'the vocabulary has no {key} "{word}"',
                hint or f"add it to vocabulary: {kind}:",
            )
        said_by = entry.said_by if isinstance(entry.said_by, list) else [entry.said_by]
        for speaker in filter(None, said_by):
            path: KeyPath = (section, name, "said_by")
            yield from _known(dataset, path, "speakers", speaker, Rule.UNKNOWN_SPEAKER)
        for source in entry.chain:
            path = (section, name, "chain")
            yield from _known(dataset, path, "sources", source, Rule.UNKNOWN_SOURCE)


def check_series(project: Project) -> list[Problem]:
    """Every series has a unit, rows as long as its columns, and a source that was read."""
    dataset, found = project.dataset, []
    for name, series in dataset.series.items():
        path: KeyPath = ("series", name)
        try:
            dataset.units.unit(series.unit)
        except QuantityError as error:
            found.append(
                dataset.document.problem((*path, "unit"), error.rule, error.message, error.hint)
            )
        for index, row in enumerate(series.rows):
            if len(row) != len(series.columns):
                found.append(
                    dataset.document.problem(
                        (*path, "rows", index),
                        Rule.BAD_VALUE,
                        f'a row of "{name}" has {len(row)} cells for {len(series.columns)} columns',
                        f"its columns are {choices(series.columns)}",
                    )
                )
        found += _unread(dataset, path, name, series.chain)
    return found


def _unread(dataset: Dataset, path: KeyPath, name: str, chain: Sequence[str]) -> Iterator[Problem]:
    """A problem where the last source of a chain is one that nobody here has read."""
    last = dataset.sources.get(chain[-1]) if chain else None
    if last and last.access == "unread":
        yield dataset.document.problem(
            (*path, "chain"),
            Rule.UNREAD_SOURCE,
            f'the last source of "{name}", "{chain[-1]}", has not been read',
            "end the chain with the source in which we read it",
            needle=chain[-1],
        )


def _known(dataset: Dataset, path: KeyPath, section: str, name: str, rule: Rule) -> list[Problem]:
    if dataset.knows(section, name):
        return []
    noun = section.rstrip("s")
    hint = did_you_mean(name, dataset.names(section)) or f"add it to {section}:"
    return [dataset.document.problem(path, rule, f'no {noun} "{name}"', hint, needle=name)]


def check_claims(project: Project) -> list[Problem]:
    """Every claim says who, through whom, and what a number of its kind needs beside it."""
    dataset, found = project.dataset, []
    for name, claim in dataset.claims.items():
        path: KeyPath = ("claims", name)
        quantity = dataset.quantities.get(name)

        def lacks(key: str, why: str, path: KeyPath = path, name: str = name) -> Problem:
            return dataset.document.problem(
                path, Rule.MISSING_KEY, f'claim "{name}" has no "{key}"', why
            )

        if claim.formula is None:
            for key in ("said_by", "chain", "as_of", "checked"):
                if not getattr(claim, key):
                    found.append(lacks(key, _WHY[key]))
            found += _unread(dataset, path, name, claim.chain)
            if quantity and quantity.unit.currency and claim.money is None:
                found.append(lacks("money", "add money: nominal, or money: real and a year"))
            if claim.measure == "price" and claim.level is None:
                found.append(lacks("level", "farm-gate, wholesale, retail or unstated"))
            weighed = quantity and any(
                unit in ("kg", "g", "mg", "t") for unit in quantity.unit.under
            )
            if quantity and quantity.unit.currency and weighed and claim.product is None:
                found.append(lacks("product", "a price by weight is of some product: say which"))
        if claim.locator and claim.locator.quote:
            words = len(claim.locator.quote.split())
            if words > MAX_QUOTED_WORDS:
                found.append(
                    dataset.document.problem(
                        (*path, "locator"),
                        Rule.LONG_QUOTATION,
                        f"a quotation of {words} words; {MAX_QUOTED_WORDS} are the most",
                        "quote less",
                        needle="quote",
                    )
                )
    return found


_WHY = {
    "said_by": "name the speaker who said it; a calculation of ours has a formula instead",
    "chain": "name the sources through which it reached us, nearest the speaker first",
    "as_of": "say what time the statement is about, or: unstated",
    "checked": "say on which day it was last compared with its source",
}


def check_conflicts(project: Project) -> list[Problem]:
    """Claims on one subject that lie apart stand together in a disagreement."""
    dataset, found = project.dataset, []
    groups: dict[tuple[str | None, ...], list[str]] = {}
    for name, claim in dataset.claims.items():
        if claim.formula is None and claim.as_of and name in dataset.quantities:
            groups.setdefault(subject(claim), []).append(name)
    for names in groups.values():
        for first, second in itertools.combinations(names, 2):
            a, b = dataset.quantities[first], dataset.quantities[second]
            if (
                a.unit.dimensions == b.unit.dimensions
                and distance_apart(a, b) > TOLERANCE
                and not set(dataset.disputes(first)) & set(dataset.disputes(second))
            ):
                found.append(
                    dataset.document.problem(
                        ("claims", second),
                        Rule.UNDECLARED_CONFLICT,
                        f'"{second}" ({b.written()}) conflicts with "{first}" ({a.written()})',
                        "put both into an entry of disagreements:, or say what sets them apart: "
                        "place, product, level, purity or as_of",
                    )
                )
    return found


def check_expected(project: Project) -> list[Problem]:
    """A formula still gives what an editor relied on; where it does not, a warning."""
    dataset, found = project.dataset, []
    for name, claim in dataset.claims.items():
        if claim.expect is None or name not in dataset.formulas or name not in dataset.quantities:
            continue
        path: KeyPath = ("claims", name, "expect")
        try:
            expected = _expectation(claim.expect, dataset.units)
        except QuantityError as error:
            found.append(dataset.document.problem(path, error.rule, error.message, error.hint))
            continue
        given = dataset.quantities[name]
        if given.written() != replace(expected, unit=given.unit).written() or (
            expected.unit.dimensions != given.unit.dimensions
        ):
            problem = dataset.document.problem(
                path,
                Rule.UNEXPECTED_RESULT,
                f'"{name}" now gives {given.written()}, not {claim.expect}',
                "read the sentences that print it, then correct expect:",
            )
            found.append(replace(problem, warning=True))
    return found


def _expectation(text: str, units: Units) -> Quantity:
    """A quantity as a calculation may give it: bounded and approximate at once."""
    bare = re.sub(r"^\s*(up to|at least|over|under)\s+about\s", r"\1 ", text)
    quantity = parse_quantity(bare, units)
    return quantity if bare == text else replace(quantity, approximate=True)


def check_reviews(project: Project, today: date) -> list[Problem]:
    """Warnings for what was to be looked at again by now."""
    dataset, found = project.dataset, []
    for section in ("claims", "series"):
        for name, entry in getattr(dataset, section).items():
            if entry.review_by and entry.review_by < today.isoformat():
                found.append(
                    dataset.document.problem(
                        (section, name, "review_by"),
                        Rule.REVIEW_DUE,
                        f'"{name}" was to be reviewed by {entry.review_by}',
                        "compare it with its source, then move checked: and review_by: on",
                    )
                )
    for note in project.notes:
        if note.front.review_by and note.front.review_by < today.isoformat():
            found.append(
                note.problem(
                    note.front_line("review_by"),
                    Rule.REVIEW_DUE,
                    f"the note was to be reviewed by {note.front.review_by}",
                    "read it against its sources, then move checked: and review_by: on",
                )
            )
    return [replace(problem, warning=True) for problem in found]


def check_texts(project: Project) -> list[Problem]:
    """Every text of the data file binds its numbers and stands in every language of the site."""
    dataset, found = project.dataset, []
    first = project.languages[0]
    for name, unit in dataset.vocabulary.units.items():
        for code, forms in unit.label.items():
            for word in forms.model_dump(exclude_none=True).values():
                if any(character.isnumeric() for character in word):
                    found.append(
                        dataset.document.problem(
                            ("vocabulary", "units", name, "label", code),
                            Rule.UNBOUND_NUMBER,
                            f'the unit "{word}" holds a number',
                            "a unit is a noun; the number belongs to the claim",
                            needle=word,
                        )
                    )
    for path, text in dataset.texts():
        missing = [code for code in project.languages if code not in text and "" not in text]
        if missing:
            found.append(
                dataset.document.problem(
                    path,
                    Rule.MISSING_TRANSLATION,
                    f"{'.'.join(map(str, path))} is missing in {', '.join(missing)}",
                    f"add a line {missing[0]}: …",
                )
            )
        for code, words in text.items():
            voice = project.voices.get(code or first)
            if voice is None:
                continue
            where = (*path, code) if code else path

            def problem(
                rule: Rule, message: str, hint: str, needle: str, where: KeyPath = where
            ) -> Problem:
                return dataset.document.problem(where, rule, message, hint, needle=needle)

            problems = text_problems(words, voice, problem)
            if path[-1] in BIBLIOGRAPHIC.get(str(path[0]), ()):
                problems = [p for p in problems if p.rule is not Rule.UNBOUND_NUMBER]
            found += problems
    return found


def check_notes(project: Project) -> list[Problem]:
    """Every language has every note, and no two things want one address.

    What a draft leaves open, which only a preview shows, is a warning: a build would refuse it.
    """
    found: list[Problem] = []
    of_language: dict[str, dict[str, Note]] = {code: {} for code in project.languages}
    for note in project.notes:
        of_language[note.language][note.slug] = note
        if note.slug in MADE_PAGES:
            found.append(
                Problem(
                    Place(note.file, 1),
                    Rule.PAGE_CLASH,
                    f"{note.slug}.html is made from the data file",
                    "give the note's file another name",
                )
            )
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", note.slug):
            found.append(
                Problem(
                    Place(note.file, 1),
                    Rule.BAD_ID,
                    f'"{note.slug}" cannot be a page\'s name',
                    "name the file with a-z, 0-9 and single hyphens",
                )
            )
    finished = {note.slug for note in project.notes if not note.front.draft}
    for code, notes in of_language.items():
        folder = folder_of(code, project.languages)
        for slug in finished:
            path = project.content / folder / f"{slug}.md"
            if path in project.broken or (slug in notes and not notes[slug].front.draft):
                continue
            found.append(
                Problem(
                    Place(shown(path), 1),
                    Rule.MISSING_TRANSLATION,
                    f'the note "{slug}" is missing in {code}',
                    _UNFINISHED if path.is_file() else f"write {shown(path)}",
                    warning=slug in notes,
                )
            )
    path = project.content / "index.md"
    if "index" not in finished and path not in project.broken:
        found.append(
            Problem(
                Place(shown(path), 1),
                Rule.NO_CONTENT,
                "there is no front page",
                _UNFINISHED if path.is_file() else "write index.md",
                warning=any("index" in notes for notes in of_language.values()),
            )
        )
    return found


_UNFINISHED = "the file is there, and is a draft"


def check_links(project: Project) -> list[Problem]:
    """Every link of a note leads to a page, file or place in a page that exists."""
    found: list[Problem] = []
    anchors = dict(_anchors(project))
    drafts = {_page_of(note, project) for note in project.notes if note.front.draft}
    for note in project.notes:
        here = PurePosixPath(folder_of(note.language, project.languages))
        for target in note.targets:
            parts = urlsplit(target.href)
            path, fragment = unquote(parts.path), unquote(parts.fragment)
            written = PurePosixPath(path).suffix
            if written.lower() in PUBLISHED_FILES:
                # Reading the note has told already where there is no such file.
                continue
            unfinished = written == ".md" and (note.path.parent / path).is_file()
            if written == ".md":
                path = path[:-3] + ".html"
            page = _resolved(here, path) if path else str(here / f"{note.slug}.html")
            if project.content / f"{page.removesuffix('.html')}.md" in project.broken:
                continue
            if page in drafts and not note.front.draft:
                # A preview has that page, but a build would refuse the link.
                problem = note.problem(
                    target.line,
                    Rule.BROKEN_LINK,
                    f'"{parts.path}" leads to no page or file',
                    _UNFINISHED,
                )
                found.append(replace(problem, warning=True))
            if page not in anchors:
                names = [_from(here, known).removesuffix(".html") for known in anchors]
                near = did_you_mean(path.removesuffix(".html"), names)
                near = near.replace('"?', f'{written}"?')
                if unfinished:
                    near = _UNFINISHED
                found.append(
                    note.problem(
                        target.line,
                        Rule.BROKEN_LINK,
                        f'"{parts.path}" leads to no page or file',
                        near or "link to a note by its file name: prices.md",
                    )
                )
            elif fragment and fragment not in anchors[page]:
                hint = did_you_mean(fragment, anchors[page])
                found.append(
                    note.problem(
                        target.line,
                        Rule.BROKEN_ANCHOR,
                        f'there is no place "#{fragment}" in {page}',
                        hint or f"its places are {choices(sorted(anchors[page]))}",
                    )
                )
    return found


def _anchors(project: Project) -> Iterator[tuple[str, set[str]]]:
    dataset = project.dataset
    for code in project.languages:
        folder = folder_of(code, project.languages)
        yield (
            f"{folder}data.html",
            {*dataset.claims, *(str(key[-1]) for key in dataset.broken)}
            | {f"measure-{measure}" for measure in dataset.vocabulary.measures},
        )
        yield f"{folder}sources.html", set(dataset.sources)
        if dataset.glossary:
            yield f"{folder}glossary.html", set(dataset.glossary)
        yield (
            f"{folder}corrections.html",
            {f"correction-{number}" for number in range(1, len(dataset.corrections) + 1)},
        )
        for name in ("claims.csv", "claims.json", "sources.bib", "datapackage.json"):
            yield f"{folder}data/{name}", set()
        blocks = {block.id for note in project.notes for block in note.fences}
        for name in {*dataset.charts, *blocks}:
            yield f"{folder}charts/{name}.html", {f"chart-{name}"}
            for kind in ("csv", "json", "svg", "png"):
                yield f"{folder}charts/{name}.{kind}", set()
    for note in project.notes:
        charts = {f"chart-{name}" for name in note.charts}
        twins = {
            f"chart-{dataset.charts[name].twin}"
            for name in note.charts
            if name in dataset.charts and dataset.charts[name].twin
        }
        yield (
            _page_of(note, project),
            note.anchors
            | charts
            | twins
            | {f"ref-{name}" for name in note.uses}
            | {anchor for places in note.uses.values() for anchor in places}
            | {f"disagreement-{p.id}" for p in note.pieces if p.kind == "disagreement"}
            | {"references", "text"},
        )


def _page_of(note: Note, project: Project) -> str:
    return f"{folder_of(note.language, project.languages)}{note.slug}.html"


def _resolved(here: PurePosixPath, path: str) -> str:
    parts: list[str] = []
    for part in (here / path).parts:
        if part == ".." and parts:
            parts.pop()
        elif part not in (".", "/"):
            parts.append(part)
    return "/".join(parts)


def _from(here: PurePosixPath, page: str) -> str:
    folder = f"{here}/" if str(here) != "." else ""
    return page.removeprefix(folder)


def check_templates(templates: Path, known: Iterable[str]) -> list[Problem]:
    """Every template is well-formed and names only what it is told."""
    found: list[Problem] = []
    names = set(known) | set(Environment().globals)
    texts = {
        path: path.read_text("utf-8", errors="replace") for path in sorted(templates.glob("*.html"))
    }
    with contextlib.suppress(TemplateSyntaxError):
        # What the page that all others extend makes at its top, they can use.
        names |= _names(texts.get(templates / "base.html", ""))[1]
    for path, text in texts.items():
        lines = text.splitlines()
        try:
            used, made = _names(text)
            undefined = used - made - names
        except TemplateSyntaxError as error:
            excerpt = lines[error.lineno - 1].strip() if error.lineno <= len(lines) else ""
            found.append(
                Problem(
                    Place(shown(path), error.lineno),
                    Rule.TEMPLATE_ERROR,
                    error.message or "is malformed",
                    "correct the template",
                    excerpt,
                )
            )
            continue
        for name in sorted(undefined):
            line = next(
                (
                    n
                    for n, words in enumerate(lines, 1)
                    if re.search(rf"[{{%(,|~ ]\s*{re.escape(name)}\b", words)
                ),
                1,
            )
            found.append(
                Problem(
                    Place(shown(path), line),
                    Rule.TEMPLATE_ERROR,
                    f'"{name}" is undefined',
                    did_you_mean(name, names) or f"a template is told {choices(sorted(known), 30)}",
                    lines[line - 1].strip(),
                )
            )
    return found


@lru_cache(maxsize=256)
def _names(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a template uses, and those that it makes. Kept, since a preview asks often."""
    tree = Environment(autoescape=True).parse(text)
    return frozenset(meta.find_undeclared_variables(tree)), frozenset(_own_names(tree))


def _own_names(tree: nodes.Template) -> set[str]:
    """The names that a template makes itself; Jinja forgets them at the edge of a block."""
    names = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    names |= {node.name for node in tree.find_all(nodes.Macro)}
    names |= {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        names |= {name if isinstance(name, str) else name[1] for name in node.names}
    return names
