"""What the search of a language looks through: a script that sets one variable.

A page opened from a folder may load a script, but no file of another kind.
"""

import json
from collections.abc import Iterator, Sequence

from explainer.problems import Report
from explainer.voice.voice import Voice

Entry = tuple[str, str, str, str]
"""What is found: its kind (a key below `search.kinds` in the interface strings), the path in the
folder of the language, its title, and more of its words."""


def index(report: Report, voice: Voice, listed: Sequence[Entry]) -> bytes:
    """The index as a script: what is listed, then every term, claim and source (UTF-8)."""
    entries = [*listed, *_entries(voice)]
    whole = {"words": voice.language.words("search"), "entries": entries}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return f"window.explainerIndex={text};\n".encode()


def _entries(voice: Voice) -> Iterator[Entry]:
    dataset = voice.dataset
    for name, term in dataset.glossary.items():
        word, *more = map(voice.said, (term.term, term.expansion, term.meaning))
        yield "term", f"glossary.html#{name}", word, " ".join(filter(None, more))
    for name in dataset.quantities:
        claim = voice.reference(name)
        what = claim.what.striptags()
        who = claim.who or voice.language.word("sure.calculation")
        about = (claim.measure, who, claim.as_of, claim.place, claim.product)
        title = voice.language.headed(claim.long, what)
        yield "claim", f"data.html#{name}", title, " · ".join(filter(None, about))
    for name, source in dataset.sources.items():
        title = voice.said(source.title)
        by = (source.author or "", voice.short(name))
        yield "source", f"sources.html#{name}", title, " · ".join(filter(None, by))
