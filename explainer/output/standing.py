"""What the last build made, of which files: a build with nothing to do then does nothing.

Kept on disk, so it may be deleted at any time. It imports nothing heavy: that is its point.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

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


def standing(setup: Setup, snapshot: Snapshot) -> tuple[Summary | None, dict[str, str]]:
    """What there is to say of the site that the last build left, if it was made of just these
    files; and what tells each file of it from any other that could stand there, by path.

    Nothing of either where it was changed, or nothing is known of it: a build by another version of
    the program counts for nothing.
    """
    found = Cache(setup.cache).get(_key(setup, snapshot))
    record = json.loads(found) if found else {}
    whole = folder.whole(setup.output) if record else None
    if whole is None or record["site"] != key(whole):
        return None, {}
    if record["made_of"] != _made_of(setup, snapshot):
        return None, record["keys"]
    warnings = [Problem.from_record(warning) for warning in record["warnings"]]
    return Summary(**record["summary"], written=0, warnings=warnings), record["keys"]


def remember(setup: Setup, snapshot: Snapshot, summary: Summary, keys: Mapping[str, str]) -> None:
    """Keep what a build has just made."""
    numbers = {k: v for k, v in asdict(summary).items() if k not in ("warnings", "written")}
    record = {
        "made_of": _made_of(setup, snapshot),
        "site": key(folder.read_manifest(setup.output) or {}),
        "summary": numbers,
        "warnings": [problem.record() for problem in summary.warnings],
        "keys": dict(keys),
    }
    Cache(setup.cache).put(_key(setup, snapshot), json.dumps(record).encode())


def _key(setup: Setup, snapshot: Snapshot) -> str:
    return key("last build", str(setup.output.resolve()), snapshot.program)


def _made_of(setup: Setup, snapshot: Snapshot) -> str:
    """What tells the files of a build from others, with the schema that it has written."""
    try:
        schema = hashlib.sha256((setup.content / SCHEMA).read_bytes()).hexdigest()
    except OSError:
        schema = ""
    return key(snapshot.fingerprint(setup), schema)
