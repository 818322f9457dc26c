"""What is wrong with the templates."""

import contextlib
import functools
import re
from collections.abc import Sequence

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from explainer.notes.note import TextFile
from explainer.problems import Report, Rule, choices, did_you_mean
from explainer.project import Blob


def check_templates(report: Report, templates: Sequence[Blob], known: Sequence[str]) -> None:
    """Every template is well-formed and names only what it is told."""
    names = set(known) | set(Environment().globals)
    texts = {blob.name: blob.text() for blob in templates}
    with contextlib.suppress(TemplateSyntaxError):
        # What the page that all others extend makes at its top, they can use.
        names |= _names(texts.get("base.html", ""))[1]
    for blob in templates:
        text = texts[blob.name]
        lines = text.splitlines()
        own = report.of(TextFile(file=blob.file, lines=lines))
        try:
            used, made = _names(text)
        except TemplateSyntaxError as error:
            message = error.message or "is malformed"
            own.at(error.lineno).say(Rule.TEMPLATE_ERROR, message, "correct the template")
            continue
        for name in sorted(used - made - names):
            named = re.compile(rf"[{{%(,|~ ]\s*{re.escape(name)}\b")
            line = next((n for n, words in enumerate(lines, 1) if named.search(words)), 1)
            hint = did_you_mean(name, names) or f"a template is told {choices(sorted(known), 30)}"
            own.at(line).say(Rule.TEMPLATE_ERROR, f'"{name}" is undefined', hint)


@functools.lru_cache(maxsize=64)
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
