"""What the last build made, of which files: a build with nothing to do then does nothing.

Kept on disk, so it may be deleted at any time. It imports nothing heavy: that is its point.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from explainer.memo import Cache, key
from explainer.output import folder
from explainer.problems import Problem
from explainer.project import SCHEMA, Setup, Snapshot


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


@dataclass(frozen=True)
class Standing:
    """The site that the last build left, where it still stands whole."""

    record: Mapping[str, Any]

    @property
    def keys(self) -> dict[str, str]:
        """What tells each of its files from any other that could stand there, by path."""
        return dict(self.record["keys"])

    def summary(self, setup: Setup, snapshot: Snapshot) -> Summary | None:
        """What there is to say of it, if it was made of just these files."""
        record = self.record
        if record["fingerprint"] != snapshot.fingerprint(setup) or record["schema"] != _schema(
            setup
        ):
            return None
        warnings = [Problem.from_record(warning) for warning in record["warnings"]]
        return Summary(**{**record["summary"], "written": 0}, warnings=warnings)


def standing(setup: Setup, snapshot: Snapshot) -> Standing | None:
    """The site that the last build left; None where it was changed, or nothing is known of it.

    A build by another version of the program counts for nothing.
    """
    found = Cache(setup.cache).get(_key(setup, snapshot))
    if found is None:
        return None
    record = json.loads(found)
    whole = folder.whole(setup.output)
    return Standing(record) if whole is not None and record["site"] == key(whole) else None


def remember(setup: Setup, snapshot: Snapshot, summary: Summary, keys: Mapping[str, str]) -> None:
    """Keep what a build has just made."""
    numbers = {k: v for k, v in asdict(summary).items() if k not in ("warnings", "written")}
    record = {
        "fingerprint": snapshot.fingerprint(setup),
        "schema": _schema(setup),
        "site": key(folder.read_manifest(setup.output) or {}),
        "summary": numbers,
        "warnings": [problem.record() for problem in summary.warnings],
        "keys": dict(keys),
    }
    Cache(setup.cache).put(_key(setup, snapshot), json.dumps(record).encode())


def _key(setup: Setup, snapshot: Snapshot) -> str:
    return key("last build", str(setup.output.resolve()), snapshot.program)


def _schema(setup: Setup) -> str:
    try:
        return hashlib.sha256((setup.content / SCHEMA).read_bytes()).hexdigest()
    except OSError:
        return ""
