"""The command line: `explainer build`, `check`, `serve` and the other `COMMANDS`."""

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from shutil import which
from typing import Any

from explainer.output import publish, standing
from explainer.problems import (
    ContentError,
    Place,
    Problem,
    Rule,
    counted,
    did_you_mean,
    shown,
    verdict,
)
from explainer.project import ADDRESS, TEMPLATES, Setup, setup_for, take

NEW = (
    "begin a small explainer in the new folder WHAT; or print an entry to be filled in, where WHAT "
    "is note, claim, source, speaker, series, chart, disagreement, term or correction, and NAME "
    "its id or title"
)
LAST_PORT = 65535
_END_OF_PROGRESS = "\r\033[K" if sys.stderr.isatty() else ""


def main(words: Sequence[str] | None = None, home: Path = Path(), name: str = "explainer") -> int:
    """Run a command and give its exit code: 0 done, 1 the content has problems, 2 wrong usage.

    `home` is where content, templates and site are if nothing else is said, `name` what the command
    is called.
    """
    arguments = parser(name).parse_args(words, _defaults(home, name))
    arguments.command = arguments.command or "build"
    setup = setup_for(arguments)
    wrong = _misused(setup, home)
    if wrong:
        return _refused(arguments, wrong)
    try:
        with _told_to_stop():
            publish.repair(setup.output)
            return COMMANDS[arguments.command](arguments, setup)
    except KeyboardInterrupt:
        kept = "; the site stays as it was" if arguments.command == "build" else ""
        print(f"{_END_OF_PROGRESS}{name}: stopped{kept}", file=sys.stderr)
        return 130
    except ContentError as error:
        _say(error.problems, arguments)
        kept = "; nothing was published" if arguments.command == "build" else ""
        problems = [problem for problem in error.problems if not problem.warning]
        strict = arguments.strict
        said = verdict(error.problems, strict) if strict else verdict(problems)
        print(f"{name}: {said}{kept}", file=sys.stderr)
        return 1
    except publish.PublishError as error:
        place = Place(shown(setup.output), 1)
        _say([Problem(place, Rule.BAD_OUTPUT, str(error))], arguments)
        return 1


def _misused(setup: Setup, home: Path) -> str:
    """What is wrong with the options; empty where nothing is."""
    if setup.site_url and not ADDRESS.fullmatch(setup.site_url):
        return f"{setup.site_url} is no address of a site"
    # A folder of templates that one does without is one thing, one that was named another.
    if setup.templates != home / TEMPLATES.name and not setup.templates.is_dir():
        return f"there is no folder {shown(setup.templates)}"
    return ""


def _refused(arguments: argparse.Namespace, why: str) -> int:
    print(f"{arguments.program}: error: {why}", file=sys.stderr)
    return 2


@contextlib.contextmanager
def _told_to_stop() -> Iterator[None]:
    """Take a wish to end for Ctrl-C: whatever was started is then ended, too."""
    if threading.current_thread() is not threading.main_thread():
        # Signals are the main thread's to hear.
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def parser(name: str) -> argparse.ArgumentParser:
    """The parser of all commands and their options."""
    shared = argparse.ArgumentParser(add_help=False)
    option = partial(shared.add_argument, default=argparse.SUPPRESS)
    instead = "the folder of files that take the place of the templates of their names"
    address = "the site's address, for the tags that need it (or the variable SITE_URL)"
    marked = "print problems a second time, for GitHub to show them on the lines of a pull request"
    option("--content", metavar="DIR", help="the folder of notes and data.yaml (content/)")
    option("--templates", metavar="DIR", help=f"{instead} (templates/)")
    option("--output", metavar="DIR", help="the folder of the site (site/)")
    option("--site-url", metavar="URL", help=address)
    switch = partial(option, action="store_true")
    switch("--json", help="print problems on standard output, one JSON object a line")
    switch("--annotations", help=marked)
    top = argparse.ArgumentParser(
        prog=name,
        parents=[shared],
        description="Build the site from content/ and templates/. Without a command: build.",
    )
    command = partial(
        top.add_subparsers(dest="command", metavar="COMMAND").add_parser, parents=[shared]
    )
    build = command("build", help="build the site")
    check = command("check", help="check everything, write nothing")
    for strict in (build, check):
        strict.add_argument("--strict", action="store_true", help="fail on warnings too")
    serve = command("serve", help="preview the site while you write")
    serve.add_argument("--port", metavar="N", type=_port, help="the port on this machine")
    changes = command("changes", help="list figures that changed")
    changes.add_argument("old", metavar="OLD.yaml")
    changes.add_argument("new", metavar="NEW.yaml", nargs="?")
    verify = command("verify", help="hold quotations against kept copies of their sources")
    verify.add_argument("folder", metavar="FOLDER")
    command("reference", help="print every key, option, command and rule, explained, in Markdown")
    new = command("new", help=NEW)
    new.add_argument("what", metavar="WHAT")
    new.add_argument("name", metavar="NAME", nargs="?", default="")
    new.add_argument("--form", metavar="FORM", default="", help="the form of a new chart")
    origin = "where the workflow of a new folder installs this program from, as pip takes it"
    new.add_argument("--from", dest="origin", metavar="ADDRESS", default="", help=origin)
    return top


def _defaults(home: Path, name: str) -> argparse.Namespace:
    """What holds where nothing is said.

    Not defaults of the parser: those would hold for its commands too, and undo an option that
    stands before the command.
    """
    return argparse.Namespace(
        content=home / "content",
        templates=home / "templates",
        output=home / "site",
        site_url="",
        strict=False,
        json=False,
        annotations=False,
        program=name,
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: a number up to {LAST_PORT}")
    return int(text)


def _build(arguments: argparse.Namespace, setup: Setup) -> int:
    start = time.perf_counter()
    snapshot = take(setup)
    summary, known = standing.standing(setup, snapshot)
    strict = arguments.strict
    if summary is None:
        from explainer import site  # Imported late: a build with nothing to do needs none of it.

        summary = site.build(setup, snapshot, known, _progress, strict=strict)
    elif strict and summary.warnings:
        raise ContentError(summary.warnings)
    _say(summary.warnings, arguments)
    print(
        f"built {shown(setup.output)}: {counted(summary.pages, 'page')}, "
        f"{counted(summary.charts, 'chart')}, {counted(summary.claims, 'claim')}, "
        f"{counted(summary.files, 'file')} ({summary.written} new) "
        f"in {time.perf_counter() - start:.1f} s",
        file=sys.stderr if arguments.json else sys.stdout,
    )
    return 0


def _check(arguments: argparse.Namespace, setup: Setup) -> int:
    from explainer import site

    done = site.check(setup, take(setup), _progress)
    _say(done.warnings, arguments)
    print(done.text(), file=sys.stderr)
    if done.warnings and arguments.strict:
        print(f"{arguments.program}: {verdict(done.warnings, True)}", file=sys.stderr)
        return 1
    return 0


def _changes(arguments: argparse.Namespace, setup: Setup) -> int:
    from explainer import site

    new = Path(arguments.new) if arguments.new else None
    found = site.compare(setup, Path(arguments.old), new)
    for change in found:
        print(_told(change, arguments))
    if not found and not arguments.json:
        print("no figure changed")
    return 0


def _verify(arguments: argparse.Namespace, setup: Setup) -> int:
    from explainer import site

    results = site.held(setup, Path(arguments.folder))
    for result in results:
        print(_told(result, arguments))
    missing = sum(not result.found for result in results)
    said = f"{counted(len(results), 'quotation')}: {len(results) - missing} found, {missing} not"
    print(said if results else "no source with a quotation has a copy:", file=sys.stderr)
    return 1 if missing else 0


def _serve(arguments: argparse.Namespace, setup: Setup) -> int:
    from explainer.preview import serve as preview

    def note(line: str) -> None:
        print(line, file=sys.stderr if arguments.json else sys.stdout, flush=True)

    try:
        preview.serve(setup, arguments.port, lambda found: _say(found, arguments), note, _progress)
    except preview.CannotServe as error:
        return _refused(arguments, str(error))
    return 0


def _say(problems: Sequence[Problem], arguments: argparse.Namespace) -> None:
    for problem in problems:
        print(
            _told(problem, arguments), file=sys.stdout if arguments.json else sys.stderr, flush=True
        )
    if arguments.annotations and not arguments.json:
        for problem in problems:
            print(problem.annotation(), flush=True)


def _told(said: Any, arguments: argparse.Namespace) -> str:
    """A problem, a change or a quotation: in words, or as one JSON object where that is asked."""
    return json.dumps(said.record(), ensure_ascii=False) if arguments.json else str(said.text())


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = _END_OF_PROGRESS if done == total else ""
        print(f"\rdrawing {done} of {total}{end}", end="", file=sys.stderr, flush=True)


def _new(arguments: argparse.Namespace, setup: Setup) -> int:
    from explainer import site
    from explainer.starter import entries, folder

    what = arguments.what
    if what in entries.KINDS:
        wrong = entries.misused(what, arguments.name, arguments.form)
        if wrong:
            return _refused(arguments, wrong)
        print(entries.entry(what, arguments.name, arguments.form, site.known(setup)), end="")
        return 0
    meant = did_you_mean(what, entries.KINDS) if what.isalpha() else ""
    if meant:
        return _refused(arguments, f"{meant} A folder of this name is ./{what}")
    line = f"explainer @ {arguments.origin}" if arguments.origin else folder.origin()
    try:
        folder.begin(Path(what), line, site.as_written(site.schema()))
    except folder.Occupied as error:
        return _refused(arguments, str(error))
    print(f"{shown(Path(what))}/ is a small explainer. Next:")
    print(f"    cd {what}\n    {_called_from(Path(what))} serve")
    if " @ file:" in line:
        print(
            f"Its requirements.txt installs {line}, which is on this machine alone: before you "
            "publish, name an address there that others can reach (its README says how)."
        )
    return 0


def _reference(arguments: argparse.Namespace, setup: Setup) -> int:
    print(Path(__file__).with_name("REFERENCE.md").read_text("utf-8"), end="")
    return 0


COMMANDS = {
    "build": _build,
    "check": _check,
    "serve": _serve,
    "changes": _changes,
    "verify": _verify,
    "reference": _reference,
    "new": _new,
}


def _called_from(folder: Path) -> str:
    """How this program is called in a folder: by its name where a shell finds it, else by its path;
    one that only Python runs is for the project beside it, and the installed one is meant."""
    program = Path(sys.argv[0])
    if which(program.name):
        return program.name
    return os.path.relpath(program, folder) if os.access(program, os.X_OK) else "explainer"
