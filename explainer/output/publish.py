"""Publishing: the only code that writes the site.

A build hands over the whole site as bytes. It is written into a folder beside the old site and
takes its place by two renames, so that a reader, a web server and a killed run see the old site or
the new one, never a mixture. Three folders take part, all with the same parent:

    site        the output
    .site.new   the staging folder: the new site while it is being written
    .site.old   the site that was replaced, until it is deleted

Each of them is known as ours by the first line of its `.gitignore`, written before anything else
and deleted after everything else. `.manifest.json`, written second, lists the site's files, and
only a file that it lists is ever deleted: what anybody else put there stops the build instead.
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os.path import lexists
from pathlib import Path

from explainer.output.folder import (
    BOOKKEEPING,
    GITIGNORE,
    GITIGNORE_BYTES,
    MANIFEST,
    folders_of,
    holds,
    is_litter,
    look,
    whole,
)


class PublishError(Exception):
    """The site was not published; the message tells people why and what to do."""


class NotOurs(PublishError):
    """The output, or something in it or beside it, was not made by us and would be lost."""


class Busy(PublishError):
    """Another build is writing the same output."""


class CannotWrite(PublishError):
    """The system refused to write; the site that stood in the output is as it was."""


@dataclass(frozen=True)
class Published:
    """What a build changed, in files of the site (our two bookkeeping files are not counted)."""

    written: int
    """Files that are new or have new bytes."""
    unchanged: int
    """Files that kept their bytes and their time of modification."""
    removed: int
    """Files of the old site that the new one does not have."""


def publish(
    files: Mapping[str, bytes],
    output: Path,
    *,
    keep: Sequence[Path] = (),
    wait: float = 10.0,
    same: Collection[str] = frozenset(),
) -> Published:
    """Makes `output` hold exactly `files` (posix path within the site → content).

    The files of `same` are known to stand there as they are wanted, in a site found `whole` just
    now; their content is not asked for. `keep` names folders that must not lie within the output
    (content, templates). When another build is writing the same output, waits up to `wait` seconds
    for it.

    Raises ValueError for paths that no site can have, NotOurs where something would be lost, Busy,
    and CannotWrite. After any of them the site that stood in the output still stands.
    """
    _refuse_paths(files)
    place = _place(output)
    _refuse_dangerous(place.output, keep)
    try:
        place.output.parent.mkdir(parents=True, exist_ok=True)
        with _lock(place, wait):
            # What cannot be put right still stands there, and is told about in the next line.
            with contextlib.suppress(OSError):
                _put_right(place)
            _refuse_foreign(place)
            return _replace(files, place, same)
    except OSError as error:
        raise CannotWrite(_why_not_written(place.output, error)) from error


def repair(output: Path) -> bool:
    """Brings the site back to whole, old or new, after a run was killed; True if that was needed.

    Every command calls it first. Where no run was killed it does nothing, nor does it touch folders
    that are not ours, nor wait for a build that is running now. It raises nothing for a folder that
    it cannot write: the command goes on with what stands there.
    """
    try:
        place = _place(output)
        if not (lexists(place.new) or lexists(place.old)):
            return False
        with _lock(place, wait=0):
            return _put_right(place)
    except (Busy, OSError):
        # What stands beside the site of a running build is its work, not a remnant.
        return False


@dataclass(frozen=True)
class _Place:
    output: Path
    new: Path
    old: Path


def _place(output: Path) -> _Place:
    # Only the parent is resolved: whether the output itself is a link must still be seen.
    if output.name in ("", ".", ".."):
        output = output.resolve()
    else:
        output = output.parent.resolve() / output.name
    return _Place(
        output, output.parent / f".{output.name}.new", output.parent / f".{output.name}.old"
    )


# What is refused before anything is written.


def _refuse_paths(paths: Iterable[str]) -> None:
    wrong: dict[str, None] = {}
    seen: dict[str, tuple[str, bool]] = {}
    for path in sorted(paths):
        if why := _why_no_path(path):
            wrong[f"{path!r} {why}"] = None
            continue
        for part, is_file in [*((folder[:-1], False) for folder in folders_of(path)), (path, True)]:
            # Two paths that only some file systems tell apart would make two different sites.
            folded = unicodedata.normalize("NFC", part).casefold()
            first, first_is_file = seen.setdefault(folded, (part, is_file))
            if first_is_file != is_file:
                wrong[f"{first!r} and {part!r}: one path for a file and for a folder"] = None
            elif first != part:
                wrong[f"{first!r} and {part!r} differ only in case"] = None
    if wrong:
        raise ValueError("paths that cannot be published: " + "; ".join(wrong))


def _why_no_path(path: str) -> str | None:
    if not path:
        return "is empty"
    if path.startswith("/") or re.match("[A-Za-z]:", path):
        return "is absolute"
    if "\\" in path or "\0" in path:
        return "has a character that a path cannot have"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "has an empty part, '.' or '..'"
    if path.casefold() in BOOKKEEPING:
        return "is the name of a file that publishing writes itself"
    return None


def _refuse_dangerous(output: Path, keep: Sequence[Path]) -> None:
    if why := _why_dangerous(output, keep):
        raise NotOurs(
            f"{output} {why}. Choose a folder that only the build writes to, such as --output site."
        )


def _why_dangerous(output: Path, keep: Sequence[Path]) -> str | None:
    if output == output.parent:
        return "is the root of a file system"
    if output.is_symlink():
        return "is a symbolic link; name the folder itself"
    if output.exists() and not output.is_dir():
        return "is a file, not a folder"
    if re.fullmatch(r"\..+\.(new|old)", output.name):
        return "has the name of a folder that a build makes and deletes"
    precious = [(Path.cwd(), "the folder you are in"), *((path, str(path)) for path in keep)]
    with contextlib.suppress(RuntimeError):
        precious.append((Path.home(), "your home folder"))
    for path, name in precious:
        for form in (path.absolute(), path.resolve()):
            if any(_same(folder, output) for folder in (form, *form.parents)):
                return f"is or contains {name}, which a build must not replace"
    return None


def _same(one: Path, other: Path) -> bool:
    # On a file system that ignores case, two spellings are one folder.
    with contextlib.suppress(OSError):
        return one == other or one.samefile(other)
    return False


def _refuse_foreign(place: _Place) -> None:
    found = look(place.output)
    if found and not found.ours:
        raise NotOurs(
            f"{place.output} is not empty and was not built by this generator, so nothing in it was"
            " touched. Choose another folder with --output; or, if you need nothing that is in it,"
            " delete it yourself and build again."
        )
    if found and found.foreign and found.manifest is None:
        raise NotOurs(
            f"{place.output} was built by this generator, but its list of files, {MANIFEST}, is"
            f" missing or damaged, so it cannot tell which are yours: {_some(found.foreign)}."
            " If you need none of them, delete the folder yourself and build again."
        )
    if found and found.foreign:
        raise NotOurs(
            f"{place.output} holds what the build did not make and would delete:"
            f" {_some(found.foreign)}. Move it beside the notes in the content folder, from where"
            " the build publishes it when a note links it; then build again."
        )
    for beside in (place.new, place.old):
        found = look(beside)
        if found and (not found.ours or found.foreign):
            held = f" ({_some(found.foreign)})" if found.foreign else ""
            raise NotOurs(
                f"{beside} stands where the build needs a folder of its own, and holds what the"
                f" build did not make{held}. Move or rename it, then build again."
            )
        if found:
            raise CannotWrite(
                f"{beside} is left over from an earlier build and could not be removed. Close the"
                " programs that use it, or delete it yourself; then build again."
            )


def _some(names: Sequence[str]) -> str:
    """The first five names, and how many more there are."""
    shown = ", ".join(names[:5]).encode("utf-8", "backslashreplace").decode()
    return f"{shown} and {len(names) - 5} more" if names[5:] else shown


# Writing.


def _replace(files: Mapping[str, bytes], place: _Place, same: Collection[str]) -> Published:
    """Puts the wanted site in the old one's place, unless it stands there already, to the byte."""
    old = look(place.output)
    digests = (old and old.manifest) or {}
    same = digests.keys() & same
    listed = {
        path: digests[path] if path in same else hashlib.sha256(files[path]).hexdigest()
        for path in files
    }
    manifest = (json.dumps(listed, sort_keys=True, indent=0) + "\n").encode()
    own = {GITIGNORE: GITIGNORE_BYTES, MANIFEST: manifest}
    kept = {
        path
        for path in (*own, *files)
        if path in same or holds(place.output / path, own.get(path) or files[path])
    }
    unchanged, old_files = len(kept - BOOKKEEPING), old.files if old else frozenset()
    if kept == old_files == {*own, *files}:
        return Published(written=0, unchanged=unchanged, removed=0)
    try:
        _stage(files, own, kept, place)
        _swap(place)
    except BaseException:
        # Also when somebody presses Ctrl-C: what the next command would do is done at once.
        with contextlib.suppress(OSError):
            _put_right(place)
        raise
    # The new site stands. What is left of the old one, the next command removes.
    with contextlib.suppress(OSError):
        _remove(place.old)
    gone = old_files - files.keys() - BOOKKEEPING
    return Published(
        written=len(files) - unchanged,
        unchanged=unchanged,
        removed=sum(not is_litter(name) for name in gone),
    )


def _stage(
    files: Mapping[str, bytes], own: Mapping[str, bytes], kept: Collection[str], place: _Place
) -> None:
    """Writes the new site into the staging folder; what is kept of the old, with its time."""
    made: set[str] = set()
    # The signature first and the list of files second: a killed run can be told and cleaned up.
    for path in (GITIGNORE, MANIFEST, *sorted(files)):
        for folder in ("", *folders_of(path)):
            if folder not in made:
                (place.new / folder).mkdir()
                _set_mode(place.new / folder, 0o755)
                made.add(folder)
        if path in kept:
            shutil.copy2(place.output / path, place.new / path)
        else:
            (place.new / path).write_bytes(own.get(path) or files[path])
        _set_mode(place.new / path, 0o644)


def _set_mode(path: Path, mode: int) -> None:
    # Said again because the umask may have taken bits away; some file systems have no modes.
    with contextlib.suppress(OSError):
        path.chmod(mode)


def _swap(place: _Place) -> None:
    replaces = lexists(place.output)
    if replaces:
        _rename(place.output, place.old)
    try:
        _rename(place.new, place.output)
    except OSError:
        if replaces:
            _rename(place.old, place.output)
        raise


def _rename(source: Path, target: Path) -> None:
    # Windows refuses while a virus scanner or an editor has a file of the folder open.
    for pause in (0.05, 0.1, 0.2, 0.4):
        try:
            source.rename(target)
            return
        except PermissionError:
            time.sleep(pause)
    source.rename(target)


def _why_not_written(output: Path, error: OSError) -> str:
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EACCES: "writing there is not permitted",
        errno.EPERM: "writing there is not permitted",
        errno.EROFS: "the file system is read-only",
        errno.EBUSY: "it is in use, or a mount point; a folder inside a mount point can be written",
    }
    reason = reasons.get(error.errno or 0, error.strerror or str(error))
    where = f" ({error.filename})" if error.filename else ""
    return (
        f"{output} could not be written: {reason}{where}. The site that stood there is as it was."
        " Make room or permit writing to the folder above it, or choose another with --output."
    )


# Putting right what a killed run left.


def _put_right(place: _Place) -> bool:
    """Ends in the old or the new site with nothing beside it; the caller holds the lock.

    Returns False if there was nothing to do, or if it could not be done.
    """
    output, new, old = look(place.output), look(place.new), look(place.old)
    if new is None and old is None:
        return False
    if not all(found.ours for found in (output, new, old) if found is not None):
        return False
    # Killed between the two renames. Somebody may since have had Git bring the bare folder back.
    if old is not None and (output is None or (output.bare and not old.bare)):
        if output is not None:
            _remove(place.output)
        # The first rename is made only when the new site is complete and all checks have passed, so
        # we go forward: who asked for the build gets it. Its digests are checked, since nothing
        # was forced to the disk and the machine itself may have stopped; if they fail, we go back.
        _rename(place.old if whole(place.new) is None else place.new, place.output)
    # Otherwise the run was killed while it wrote the new site, or while it deleted the old one: the
    # output is whole.
    _remove(place.new)
    _remove(place.old)
    return not (lexists(place.new) or lexists(place.old))


def _remove(folder: Path) -> None:
    """Deletes a folder of ours, unless something in it is not ours: then all of it stays."""
    found = look(folder)
    if found is None or not found.ours or found.foreign:
        return
    for name in found.names:
        if name.endswith("/"):
            (folder / name).rmdir()
        elif name not in BOOKKEEPING:
            (folder / name).unlink()
    # In this order, so that a run killed here leaves a folder that is known as ours and empty.
    (folder / MANIFEST).unlink(missing_ok=True)
    (folder / GITIGNORE).unlink(missing_ok=True)
    folder.rmdir()


@contextlib.contextmanager
def _lock(place: _Place, wait: float) -> Iterator[None]:
    """Holds the output's lock; the system lets go of it when a run is killed."""
    # Imported here, because a build with nothing to write needs no lock and should not wait for it.
    import filelock

    # In the system's temporary folder, so that nothing litters the project; with the user's number,
    # because one user may not open another's file there.
    user = getattr(os, "getuid", int)()
    name = hashlib.sha256(os.path.normcase(place.output).encode("utf-8", "surrogateescape"))
    path = Path(tempfile.gettempdir()) / f"explainer-{user}-{name.hexdigest()[:24]}.lock"
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=wait)
    except filelock.Timeout as error:
        raise Busy(
            f"Another build is writing {place.output}. Wait until it has ended, then build again."
        ) from error
    try:
        yield
    finally:
        lock.release()


def write(path: Path, content: bytes) -> bool:
    """Writes one file beside the notes, such as the schema for editors; True if it changed.

    A file that has the content already, whatever its line ends, keeps its bytes and time. Raises
    CannotWrite.
    """
    try:
        if path.is_file() and path.read_bytes().replace(b"\r\n", b"\n") == content:
            return False
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise CannotWrite(_why_not_written(path, error)) from error
    return True
