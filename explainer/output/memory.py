"""What the last build made, of which files: a build with nothing to do then does nothing.

Kept in the cache, so it may be deleted at any time. It imports nothing heavy: that is its point.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from explainer.memo import Cache, key
from explainer.output import publish
from explainer.problems import Place, Problem, Rule
from explainer.project import SCHEMA, Setup


@dataclass(frozen=True)
class Summary:
    """What a build has to say of a site."""

    pages: int
    charts: int
    claims: int
    files: int
    written: int
    """Files that are new, or have new bytes."""
    warnings: Sequence[Problem]


def recall(setup: Setup, fingerprint: str) -> Summary | None:
    """What there is to say of the site that stands, if these very files made it and it is whole."""
    found = Cache(setup.cache).get(_key(setup))
    if found is None:
        return None
    record = json.loads(found)
    if record["fingerprint"] != fingerprint or record["schema"] != _schema(setup):
        return None
    standing = publish.whole(setup.output)
    if standing is None or record["site"] != key(standing):
        return None
    rules = {str(rule): rule for rule in Rule}
    warnings = [
        Problem(
            Place(w["file"], w["line"]),
            rules[w["rule"]],
            w["message"],
            w["hint"] or "",
            w["excerpt"] or "",
            warning=True,
        )
        for w in record["warnings"]
    ]
    return Summary(**{**record["summary"], "written": 0}, warnings=warnings)


def remember(setup: Setup, fingerprint: str, summary: Summary) -> None:
    """Keep what a build has just made."""
    numbers = {k: v for k, v in asdict(summary).items() if k not in ("warnings", "written")}
    record = {
        "fingerprint": fingerprint,
        "schema": _schema(setup),
        "site": key(publish.whole(setup.output)),
        "summary": numbers,
        "warnings": [problem.record() for problem in summary.warnings],
    }
    Cache(setup.cache).put(_key(setup), json.dumps(record).encode())


def _key(setup: Setup) -> str:
    return key("last build", str(setup.output.resolve()))


def _schema(setup: Setup) -> str:
    path: Path = setup.content / SCHEMA
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
