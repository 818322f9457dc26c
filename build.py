"""The command line: `build.py`, `build.py check`, `build.py serve`, `changes`, `verify`."""

import argparse
import contextlib
import json
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from explainer.output import memory, publish
from explainer.problems import ContentError, Place, Problem, Rule, shown
from explainer.project import Setup, setup_for, take

HERE = Path(__file__).resolve().parent
LAST_PORT = 65535
_END_OF_PROGRESS = "\r\033[K" if sys.stderr.isatty() else ""
ADDRESS = re.compile(r"https?://[^\s/?#\"<>]+(/[^\s?#\"<>]*)?/")


def main(words: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code: 0 built, 1 the content has problems, 2 wrong usage."""
    arguments = _parser().parse_args(words, _defaults())
    setup = setup_for(arguments)
    if setup.site_url and not ADDRESS.fullmatch(setup.site_url):
        print(f"build.py: error: {setup.site_url} is no address of a site", file=sys.stderr)
        return 2
    commands = {"check": _check, "changes": _changes, "serve": _serve, "verify": _verify}
    try:
        with _told_to_stop():
            publish.repair(setup.output)
            return commands.get(arguments.command, _build)(arguments, setup)
    except KeyboardInterrupt:
        kept = "" if arguments.command else "; the site stays as it was"
        print(f"{_END_OF_PROGRESS}build.py: stopped{kept}", file=sys.stderr)
        return 130
    except ContentError as error:
        _say(error.problems, arguments)
        count = sum(not problem.warning for problem in error.problems)
        noun = "problem" if count == 1 else "problems"
        kept = "" if arguments.command else "; nothing was published"
        print(f"build.py: {count} {noun}{kept}", file=sys.stderr)
        return 1
    except publish.PublishError as error:
        place = Place(shown(setup.output), 1)
        _say([Problem(place, Rule.BAD_OUTPUT, str(error))], arguments)
        return 1


@contextlib.contextmanager
def _told_to_stop() -> Iterator[None]:
    """Take a wish to end for Ctrl-C: whatever was started is then ended, too."""
    if threading.current_thread() is not threading.main_thread():
        # Signals are the main thread's to hear.
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    for name, default, text in (
        ("--content", HERE / "content", "the folder of notes and data.yaml"),
        ("--templates", HERE / "templates", "the folder of templates"),
        ("--output", HERE / "site", "the folder of the site"),
    ):
        shared.add_argument(
            name, metavar="DIR", default=argparse.SUPPRESS, help=f"{text} ({default.name}/)"
        )
    shared.add_argument(
        "--site-url",
        metavar="URL",
        default=argparse.SUPPRESS,
        help="the site's address, for the tags that need it (or the variable SITE_URL)",
    )
    shared.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print problems on standard output, one JSON object a line",
    )
    shared.add_argument(
        "--annotations",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print problems a second time, for GitHub to show them on the lines of a pull request",
    )
    parser = argparse.ArgumentParser(
        prog="build.py",
        parents=[shared],
        description="Build the site from content/ and templates/. Without a command: build.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    strict = commands.add_parser("check", parents=[shared], help="check everything, write nothing")
    strict.add_argument("--strict", action="store_true", help="fail on warnings too")
    serve = commands.add_parser("serve", parents=[shared], help="preview the site while you write")
    serve.add_argument("--port", metavar="N", type=_port, help="the port on this machine")
    changes = commands.add_parser("changes", parents=[shared], help="list figures that changed")
    changes.add_argument("old", metavar="OLD.yaml")
    changes.add_argument("new", metavar="NEW.yaml", nargs="?")
    verify = commands.add_parser(
        "verify", parents=[shared], help="hold quotations against kept copies of their sources"
    )
    verify.add_argument("folder", metavar="FOLDER")
    return parser


def _defaults() -> argparse.Namespace:
    """What holds where nothing is said.

    Not defaults of the parser: those would hold for its commands too, and undo an option that
    stands before the command.
    """
    return argparse.Namespace(
        content=HERE / "content",
        templates=HERE / "templates",
        output=HERE / "site",
        site_url="",
        json=False,
        annotations=False,
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: a number up to {LAST_PORT}")
    return int(text)


def _build(arguments: argparse.Namespace, setup: Setup) -> int:
    start = time.perf_counter()
    snapshot = take(setup)
    standing = memory.standing(setup, snapshot)
    summary = standing.summary(setup, snapshot) if standing else None
    if summary is None:
        from explainer import site  # Imported late: a build with nothing to do needs none of it.

        summary = site.build(setup, snapshot, standing.keys if standing else {}, _progress)
    _say(summary.warnings, arguments)
    print(
        f"built {shown(setup.output)}: {summary.pages} pages, {summary.charts} charts, "
        f"{summary.claims} claims, {summary.files} files ({summary.written} new) "
        f"in {time.perf_counter() - start:.1f} s",
        file=sys.stderr if arguments.json else sys.stdout,
    )
    return 0


def _check(arguments: argparse.Namespace, setup: Setup) -> int:
    from explainer import site

    done = site.check(setup, take(setup), _progress)
    _say(done.warnings, arguments)
    print(done.text(), file=sys.stderr)
    return 1 if done.warnings and arguments.strict else 0


def _changes(arguments: argparse.Namespace, setup: Setup) -> int:
    from explainer import site

    new = Path(arguments.new) if arguments.new else None
    found = site.compare(setup, Path(arguments.old), new)
    for change in found:
        as_json = arguments.json
        print(json.dumps(change.record(), ensure_ascii=False) if as_json else change.text())
    if not found and not arguments.json:
        print("no figure changed")
    return 0


def _verify(arguments: argparse.Namespace, setup: Setup) -> int:
    from explainer import site

    results = site.held(setup, Path(arguments.folder))
    for result in results:
        as_json = arguments.json
        print(json.dumps(result.record(), ensure_ascii=False) if as_json else result.text())
    missing = sum(not result.found for result in results)
    said = f"{len(results)} quotations: {len(results) - missing} found, {missing} not"
    print(said if results else "no source with a quotation has a copy:", file=sys.stderr)
    return 1 if missing else 0


def _serve(arguments: argparse.Namespace, setup: Setup) -> int:
    from explainer.preview import serve as preview

    def note(line: str) -> None:
        print(line, file=sys.stderr if arguments.json else sys.stdout, flush=True)

    try:
        preview.serve(setup, arguments.port, lambda found: _say(found, arguments), note, _progress)
    except preview.CannotServe as error:
        print(f"build.py: error: {error}", file=sys.stderr)
        return 2
    return 0


def _say(problems: Sequence[Problem], arguments: argparse.Namespace) -> None:
    for problem in problems:
        if arguments.json:
            print(json.dumps(problem.record(), ensure_ascii=False), flush=True)
        else:
            print(problem.text(), file=sys.stderr)
    if arguments.annotations and not arguments.json:
        for problem in problems:
            print(problem.annotation(), flush=True)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = _END_OF_PROGRESS if done == total else ""
        print(f"\rdrawing {done} of {total}{end}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
