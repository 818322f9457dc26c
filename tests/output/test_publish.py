"""Publishing: the old site or the new one, never a mixture, and nothing of anybody else's lost."""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from explainer.output import publish as publishing
from explainer.output.folder import GITIGNORE, MANIFEST, SIGNATURE, whole
from explainer.output.publish import (
    Busy,
    CannotWrite,
    NotOurs,
    Published,
    publish,
    repair,
)

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="needs modes or signals that Windows lacks")

# Two sites that share some files, differ in others, and have files of their own.
SITE_A = {
    "index.html": b"<h1>A</h1>",
    "same.html": b"<p>the same in both</p>",
    "es/index.html": b"<h1>A, es</h1>",
    "es/same.html": b"<p>igual</p>",
    "charts/only-a.svg": b"<svg>a</svg>",
    "charts/deep/er/a.csv": b"year,price\n2014,1500\n",
    "empty.txt": b"",
}
SITE_B = {
    "index.html": b"<h1>B</h1>",
    "same.html": b"<p>the same in both</p>",
    "es/index.html": b"<h1>B, es</h1>",
    "es/same.html": b"<p>igual</p>",
    "only-b.html": b"<p>B</p>",
    "downloads/b.json": b"{}",
    "empty.txt": b"",
}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def built(files: dict[str, bytes]) -> dict[str, bytes]:
    """What must stand in the output when `files` are published."""
    digests = {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}
    return {
        GITIGNORE: f"{SIGNATURE}\n*\n!.gitignore\n".encode(),
        MANIFEST: (json.dumps(digests, indent=0) + "\n").encode(),
        **files,
    }


def beside(output: Path) -> list[str]:
    return sorted(path.name for path in output.parent.iterdir() if path != output)


def sign(folder: Path, files: dict[str, bytes] | None = None) -> None:
    """Makes a folder of ours by hand, with a manifest if `files` are given."""
    for path, content in (built(files) if files is not None else built({})).items():
        if path == MANIFEST and files is None:
            continue
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the site goes: in a folder of its own, so that what is left beside it is seen."""
    (tmp_path / "project").mkdir()
    # The locks go with the test's other files.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path / "project" / "site"


class TestWriting:
    def test_a_first_build_writes_every_file(self, output: Path) -> None:
        result = publish(SITE_A, output)
        assert tree(output) == built(SITE_A)
        assert result == Published(written=7, unchanged=0, removed=0)
        assert beside(output) == []

    def test_a_second_build_counts_what_it_did(self, output: Path) -> None:
        publish(SITE_A, output)
        result = publish(SITE_B, output)
        assert tree(output) == built(SITE_B)
        assert result == Published(written=4, unchanged=3, removed=2)
        assert beside(output) == []

    def test_folders_that_have_no_file_any_more_vanish(self, output: Path) -> None:
        publish(SITE_A, output)
        publish(SITE_B, output)
        assert not (output / "charts").exists()

    @pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
    def test_unchanged_files_keep_bytes_and_times(
        self, output: Path, links: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(SITE_A, output)
        for path in SITE_A:
            os.utime(output / path, (1_000_000_000, 1_000_000_000))
        if not links:

            def refuse(self: Path, target: Path) -> None:
                raise OSError(errno.EPERM, "no hard links here")

            monkeypatch.setattr(Path, "hardlink_to", refuse)
        publish(SITE_B, output)
        times = {path: (output / path).stat().st_mtime for path in SITE_B}
        kept = {path for path in times if times[path] == 1_000_000_000}
        assert kept == {"same.html", "es/same.html", "empty.txt"}
        assert tree(output) == built(SITE_B)

    def test_a_build_that_changes_nothing_touches_nothing(self, output: Path) -> None:
        publish(SITE_A, output)

        def touched() -> dict[Path, tuple[int, int, int]]:
            stats = {path: path.stat() for path in [output, *output.rglob("*")]}
            return {path: (s.st_ino, s.st_mtime_ns, s.st_ctime_ns) for path, s in stats.items()}

        before = touched()
        result = publish(SITE_A, output)
        assert (result.written, result.unchanged, result.removed) == (0, 7, 0)
        assert touched() == before

    def test_a_file_changed_or_lost_since_is_written_again(self, output: Path) -> None:
        publish(SITE_A, output)
        (output / "index.html").write_bytes(b"<h1>Z</h1>")
        (output / "same.html").unlink()
        assert publish(SITE_A, output).written == 2
        assert tree(output) == built(SITE_A)

    def test_a_file_may_become_a_folder_and_back(self, output: Path) -> None:
        publish({"a": b"file"}, output)
        publish({"a/b": b"in a folder"}, output)
        publish({"a": b"file"}, output)
        assert tree(output) == built({"a": b"file"})

    def test_the_manifest_lists_digests_in_order(self, output: Path) -> None:
        publish(dict(reversed(SITE_A.items())), output)
        listed = json.loads((output / MANIFEST).read_text())
        assert list(listed) == sorted(SITE_A)
        assert listed["index.html"] == hashlib.sha256(SITE_A["index.html"]).hexdigest()

    def test_git_keeps_only_the_gitignore(self, output: Path) -> None:
        publish(SITE_A, output)
        lines = (output / GITIGNORE).read_text().splitlines()
        assert lines[0].startswith("# ")
        assert lines[1:] == ["*", "!.gitignore"]

    @pytest.mark.parametrize("line_end", ["\n", "\r\n"])
    def test_a_fresh_clone_is_a_site_of_ours(self, output: Path, line_end: str) -> None:
        output.mkdir()
        text = f"{SIGNATURE}\n*\n!.gitignore\n".replace("\n", line_end)
        (output / GITIGNORE).write_bytes(text.encode())
        publish(SITE_A, output)
        assert tree(output) == built(SITE_A)

    def test_an_empty_folder_and_missing_parents_will_do(self, output: Path) -> None:
        output.mkdir()
        publish(SITE_A, output)
        publish(SITE_A, output.parent / "out" / "public" / "site")
        assert tree(output) == tree(output.parent / "out" / "public" / "site") == built(SITE_A)

    def test_a_relative_path_is_taken_from_where_we_are(
        self, output: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(output.parent)
        publish(SITE_A, Path("site"))
        assert tree(output) == built(SITE_A)

    @posix
    @pytest.mark.parametrize("mask", [0o077, 0o000])
    def test_modes_do_not_depend_on_the_umask(self, output: Path, mask: int) -> None:
        before = os.umask(mask)
        try:
            publish(SITE_A, output)
            (output / "same.html").chmod(0o600)
            publish(SITE_B, output)
        finally:
            os.umask(before)
        for path in [output, *output.rglob("*")]:
            assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)

    def test_what_file_managers_leave_is_no_obstacle(self, output: Path) -> None:
        publish(SITE_A, output)
        (output / "es" / ".DS_Store").write_bytes(b"\0")
        publish(SITE_A, output)
        assert tree(output) == built(SITE_A)


class TestPaths:
    @pytest.mark.parametrize(
        ("paths", "says"),
        [
            ([""], "'' is empty"),
            (["/etc/x.html"], "'/etc/x.html' is absolute"),
            (["C:/x.html"], "'C:/x.html' is absolute"),
            (["../x.html"], "'../x.html' has an empty part, '.' or '..'"),
            (["es/../../x.html"], "has an empty part, '.' or '..'"),
            (["es//x.html"], "has an empty part, '.' or '..'"),
            (["es/"], "has an empty part, '.' or '..'"),
            (["es\\x.html"], "has a character that a path cannot have"),
            (["x\0.html"], "has a character that a path cannot have"),
            ([".gitignore"], "is the name of a file that publishing writes itself"),
            ([".Manifest.json"], "is the name of a file that publishing writes itself"),
            (["Prices.html", "prices.html"], "'Prices.html' and 'prices.html' differ only in case"),
            (["ES/a.html", "es/b.html"], "'ES' and 'es' differ only in case"),
            (["a\u0301.html", "\xe1.html"], "differ only in case"),
            (["a", "a/b.html"], "'a' and 'a': one path for a file and for a folder"),
            (["a/b.html", "A"], "'A' and 'a': one path for a file and for a folder"),
        ],
    )
    def test_paths_that_no_site_can_have(self, output: Path, paths: list[str], says: str) -> None:
        with pytest.raises(ValueError) as caught:
            publish(dict.fromkeys(paths, b""), output)
        assert says in str(caught.value)
        assert beside(output) == [] and not output.exists()

    def test_all_of_them_are_listed(self, output: Path) -> None:
        with pytest.raises(ValueError, match=r"'/a' is absolute; 'b/' has an empty part"):
            publish({"/a": b"", "b/": b"", "good.html": b""}, output)


class TestNotOurs:
    """A folder that is not a site of ours is never emptied."""

    def test_a_folder_with_files_of_somebody(self, output: Path) -> None:
        output.mkdir()
        (output / "thesis.doc").write_bytes(b"years of work")
        with pytest.raises(NotOurs, match=r"is not empty and was not built by this generator"):
            publish(SITE_A, output)
        assert tree(output) == {"thesis.doc": b"years of work"}
        assert beside(output) == []

    @pytest.mark.parametrize("content", [b"", b"*.pyc\n", SIGNATURE[:20].encode()])
    def test_a_gitignore_that_is_not_ours(self, output: Path, content: bytes) -> None:
        output.mkdir()
        (output / GITIGNORE).write_bytes(content)
        with pytest.raises(NotOurs):
            publish(SITE_A, output)
        assert tree(output) == {GITIGNORE: content}

    def test_a_manifest_alone_is_no_signature(self, output: Path) -> None:
        publish(SITE_A, output)
        (output / GITIGNORE).unlink()
        with pytest.raises(NotOurs, match="delete it yourself"):
            publish(SITE_B, output)

    def test_files_dropped_into_our_site_are_named(self, output: Path) -> None:
        publish(SITE_A, output)
        for name in ["CNAME", "es/x1", "x2", "x3", "x4", "x5", "x6"]:
            (output / name).write_bytes(b"theirs")
        before = tree(output)
        with pytest.raises(NotOurs) as caught:
            publish(SITE_B, output)
        assert "CNAME, es/x1, x2, x3, x4 and 2 more." in str(caught.value)
        assert "beside the notes in the content folder" in str(caught.value)
        assert tree(output) == before
        assert beside(output) == []

    def test_the_same_site_again_does_not_hide_them(self, output: Path) -> None:
        publish(SITE_A, output)
        (output / "CNAME").write_bytes(b"example.org")
        with pytest.raises(NotOurs, match="CNAME"):
            publish(SITE_A, output)

    def test_an_empty_folder_of_somebody_is_named(self, output: Path) -> None:
        publish(SITE_A, output)
        (output / "uploads").mkdir()
        with pytest.raises(NotOurs, match="uploads/"):
            publish(SITE_B, output)

    def test_a_repository_within_the_site_is_safe(self, output: Path) -> None:
        publish(SITE_A, output)
        (output / ".git").mkdir()
        (output / ".git" / "HEAD").write_bytes(b"ref: refs/heads/main\n")
        with pytest.raises(NotOurs, match=r"\.git/HEAD"):
            publish(SITE_B, output)

    @pytest.mark.parametrize("damage", [None, b"{", b"[]", b'{"index.html": 1}'])
    def test_without_a_list_of_files_none_is_taken_for_ours(
        self, output: Path, damage: bytes | None
    ) -> None:
        publish(SITE_A, output)
        (output / MANIFEST).unlink()
        if damage is not None:
            (output / MANIFEST).write_bytes(damage)
        with pytest.raises(
            NotOurs, match=r"list of files, \.manifest\.json, is missing or damaged"
        ):
            publish(SITE_B, output)
        assert (output / "index.html").read_bytes() == SITE_A["index.html"]

    @posix
    def test_a_link_or_a_file_in_the_outputs_place(self, output: Path) -> None:
        elsewhere = output.parent / "elsewhere"
        publish(SITE_A, elsewhere)
        output.symlink_to(elsewhere)
        with pytest.raises(NotOurs, match="symbolic link"):
            publish(SITE_B, output)
        output.unlink()
        output.symlink_to(output.parent / "nowhere")
        with pytest.raises(NotOurs, match="symbolic link"):
            publish(SITE_B, output)
        output.unlink()
        output.write_bytes(b"a file")
        with pytest.raises(NotOurs, match="is a file"):
            publish(SITE_B, output)
        assert tree(elsewhere) == built(SITE_A)
        assert output.read_bytes() == b"a file"

    @posix
    def test_a_linked_folder_within_the_site_is_not_followed(self, output: Path) -> None:
        publish(SITE_A, output)
        elsewhere = output.parent / "elsewhere"
        (output / "es").rename(elsewhere)
        (output / "es").symlink_to(elsewhere)
        with pytest.raises(NotOurs, match="would delete: es"):
            publish(SITE_B, output)
        assert (elsewhere / "index.html").read_bytes() == SITE_A["es/index.html"]

    def test_dangerous_places(self, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        work = output / "deep" / "work"
        work.mkdir(parents=True)
        with pytest.raises(NotOurs, match="root of a file system"):
            publish(SITE_A, Path(output.anchor))
        monkeypatch.chdir(work)
        for place in [Path(), Path(".."), Path("../.."), output, work, Path("../work")]:
            with pytest.raises(NotOurs, match="the folder you are in"):
                publish(SITE_A, place)
        monkeypatch.chdir(output.parent)
        monkeypatch.setattr(Path, "home", lambda: work)
        for place in [work, output]:
            with pytest.raises(NotOurs, match="your home folder"):
                publish(SITE_A, place)
        assert tree(output) == {}

    @pytest.mark.parametrize("name", [".site.new", ".site.old"])
    def test_the_names_of_our_own_folders(self, output: Path, name: str) -> None:
        with pytest.raises(NotOurs, match="a folder that a build makes and deletes"):
            publish(SITE_A, output.parent / name)

    def test_the_folders_that_a_build_reads(self, output: Path) -> None:
        content, templates = output / "content", output.parent / "templates"
        content.mkdir(parents=True)
        templates.mkdir()
        for place in [output, content, templates]:
            with pytest.raises(NotOurs, match="is or contains"):
                publish(SITE_A, place, keep=[content, templates])
        # A folder of ours is no exception.
        publish(SITE_A, output.parent / "public")
        with pytest.raises(NotOurs):
            publish(SITE_B, output.parent / "public", keep=[output.parent / "public" / "es"])
        publish(SITE_A, output.parent / "fine", keep=[content, templates])

    @pytest.mark.parametrize("name", [".site.new", ".site.old"])
    @pytest.mark.parametrize("kind", ["unsigned", "signed"])
    def test_somebodys_folder_beside_the_site(self, output: Path, name: str, kind: str) -> None:
        publish(SITE_A, output)
        theirs = output.parent / name
        theirs.mkdir()
        (theirs / "thesis.doc").write_bytes(b"years of work")
        if kind == "signed":
            sign(theirs)
        assert not repair(output)
        with pytest.raises(NotOurs, match=rf"{name} stands where the build needs"):
            publish(SITE_B, output)
        assert (theirs / "thesis.doc").read_bytes() == b"years of work"
        assert tree(output) == built(SITE_A)


class TestCannotWrite:
    """When the system refuses, the old site stands and nothing is left beside it."""

    @pytest.mark.parametrize("after", range(6))
    def test_a_full_disk(self, output: Path, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
        publish(SITE_A, output)
        calls = iter(range(100))
        write = Path.write_bytes

        def full(self: Path, data: bytes) -> int:
            if next(calls) == after:
                write(self, data[: len(data) // 2])
                raise OSError(errno.ENOSPC, "No space left on device", str(self))
            return write(self, data)

        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(CannotWrite, match="the disk is full"):
            publish({**SITE_B, "more.html": b"more"}, output)
        assert tree(output) == built(SITE_A)
        assert beside(output) == []

    def test_a_full_disk_at_the_first_build(
        self, output: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(self: Path, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device", str(self))

        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(CannotWrite):
            publish(SITE_A, output)
        assert list(output.parent.iterdir()) == []

    @pytest.mark.parametrize("failing", [1, 2])
    def test_a_rename_that_fails_for_good(
        self, output: Path, failing: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(SITE_A, output)
        calls = iter(range(1, 100))
        rename = Path.rename

        def refuse(self: Path, target: Path) -> Path:
            if next(calls) == failing:
                raise OSError(errno.EBUSY, "Device or resource busy", str(self))
            return rename(self, target)

        monkeypatch.setattr(Path, "rename", refuse)
        with pytest.raises(CannotWrite, match="mount point"):
            publish(SITE_B, output)
        assert tree(output) == built(SITE_A)
        assert beside(output) == []

    def test_a_rename_that_fails_twice_is_tried_again(
        self, output: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(SITE_A, output)
        failures = iter([True, True, False, True, False])
        rename = Path.rename

        def refuse(self: Path, target: Path) -> Path:
            if next(failures):
                raise PermissionError(errno.EACCES, "a virus scanner is reading", str(self))
            return rename(self, target)

        monkeypatch.setattr(Path, "rename", refuse)
        publish(SITE_B, output)
        assert tree(output) == built(SITE_B)

    @posix
    def test_a_parent_that_may_not_be_written(self, output: Path) -> None:
        publish(SITE_A, output)
        output.parent.chmod(0o555)
        try:
            if os.access(output.parent, os.W_OK):
                pytest.skip("this user may write everywhere")
            with pytest.raises(CannotWrite, match="not permitted"):
                publish(SITE_B, output)
            assert not repair(output)
        finally:
            output.parent.chmod(0o755)
        assert tree(output) == built(SITE_A)

    def test_a_parent_that_is_a_file(self, output: Path) -> None:
        (output.parent / "notes.txt").write_bytes(b"")
        with pytest.raises(CannotWrite):
            publish(SITE_A, output.parent / "notes.txt" / "site")

    def test_an_old_site_that_cannot_be_deleted_is_left_to_the_next_command(
        self, output: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(SITE_A, output)

        def refuse(self: Path, missing_ok: bool = False) -> None:
            raise PermissionError(errno.EACCES, "in use", str(self))

        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", refuse)
            publish(SITE_B, output)
            with pytest.raises(CannotWrite, match="left over"):
                publish(SITE_A, output)
            assert not repair(output)
        assert tree(output) == built(SITE_B)
        assert beside(output) == [".site.old"]
        assert repair(output)
        assert beside(output) == []

    def test_ctrl_c_leaves_nothing_behind(
        self, output: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(SITE_A, output)

        def interrupt(place: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(publishing, "_swap", interrupt)
        with pytest.raises(KeyboardInterrupt):
            publish(SITE_B, output)
        assert tree(output) == built(SITE_A)
        assert beside(output) == []


class TestTwoAtOnce:
    def test_the_second_gives_up_after_a_while(self, output: Path) -> None:
        publish(SITE_A, output)
        with publishing._lock(publishing._place(output), wait=0):
            started = time.monotonic()
            with pytest.raises(Busy, match="Another build is writing"):
                publish(SITE_B, output, wait=0.2)
            assert 0.1 < time.monotonic() - started < 5
        assert tree(output) == built(SITE_A)
        publish(SITE_B, output, wait=0)

    def test_the_second_waits_its_turn(self, output: Path) -> None:
        sites = [{**SITE_A, "turn.html": str(turn).encode()} for turn in range(12)]
        failures: list[Exception] = []

        def build(site: dict[str, bytes]) -> None:
            try:
                repair(output)
                publish(site, output)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=build, args=(site,)) for site in sites]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert tree(output) in [built(site) for site in sites]
        assert beside(output) == []

    def test_repair_leaves_a_running_build_alone(self, output: Path) -> None:
        publish(SITE_A, output)
        sign(output.parent / ".site.new", SITE_B)
        with publishing._lock(publishing._place(output), wait=0):
            assert not repair(output)
            assert tree(output.parent / ".site.new") == built(SITE_B)
        assert repair(output)

    def test_the_lock_is_kept_out_of_the_project(self, output: Path) -> None:
        publish(SITE_A, output)
        publish(SITE_B, output)
        assert beside(output) == []
        assert list(Path(tempfile.gettempdir()).glob("explainer-*.lock"))


class TestRepair:
    """Each state that a killed run can leave."""

    def test_nothing_to_do(self, output: Path) -> None:
        assert not repair(output)
        assert list(output.parent.iterdir()) == []
        publish(SITE_A, output)
        assert not repair(output)
        assert tree(output) == built(SITE_A)

    @pytest.mark.parametrize("signed", [b"", SIGNATURE[:9].encode(), SIGNATURE.encode(), None])
    @pytest.mark.parametrize("old", [True, False])
    def test_killed_while_the_staging_folder_was_signed(
        self, output: Path, signed: bytes | None, old: bool
    ) -> None:
        if old:
            publish(SITE_A, output)
        new = output.parent / ".site.new"
        new.mkdir()
        if signed is not None:
            (new / GITIGNORE).write_bytes(signed)
        assert repair(output)
        assert beside(output) == []
        assert not old or tree(output) == built(SITE_A)

    @pytest.mark.parametrize("old", [True, False])
    def test_killed_while_the_list_was_written(self, output: Path, old: bool) -> None:
        if old:
            publish(SITE_A, output)
        sign(output.parent / ".site.new")
        (output.parent / ".site.new" / MANIFEST).write_bytes(b'{"index.html": "d3')
        assert repair(output)
        assert beside(output) == []
        assert output.exists() == old

    def test_killed_while_staging(self, output: Path) -> None:
        publish(SITE_A, output)
        new = output.parent / ".site.new"
        sign(new, SITE_B)
        (new / "only-b.html").write_bytes(b"<p")
        (new / "index.html").unlink()
        assert repair(output)
        assert tree(output) == built(SITE_A)
        assert beside(output) == []

    def test_killed_between_the_renames(self, output: Path) -> None:
        sign(output.parent / ".site.old", SITE_A)
        sign(output.parent / ".site.new", SITE_B)
        assert repair(output)
        assert tree(output) == built(SITE_B)
        assert beside(output) == []

    def test_a_new_site_that_did_not_reach_the_disk_is_not_taken(self, output: Path) -> None:
        sign(output.parent / ".site.old", SITE_A)
        sign(output.parent / ".site.new", SITE_B)
        (output.parent / ".site.new" / "only-b.html").write_bytes(b"")
        assert repair(output)
        assert tree(output) == built(SITE_A)
        assert beside(output) == []

    def test_killed_between_the_renames_and_the_bare_folder_checked_out(self, output: Path) -> None:
        sign(output.parent / ".site.old", SITE_A)
        sign(output.parent / ".site.new", SITE_B)
        sign(output)
        assert repair(output)
        assert tree(output) == built(SITE_B)
        assert beside(output) == []

    def test_only_the_old_site_is_left(self, output: Path) -> None:
        sign(output.parent / ".site.old", SITE_A)
        assert repair(output)
        assert tree(output) == built(SITE_A)
        assert beside(output) == []

    def test_killed_while_the_old_site_was_deleted(self, output: Path) -> None:
        publish(SITE_B, output)
        old = output.parent / ".site.old"
        sign(old, SITE_A)
        (old / "index.html").unlink()
        (old / "charts" / "only-a.svg").unlink()
        assert repair(output)
        assert tree(output) == built(SITE_B)
        assert beside(output) == []

    @pytest.mark.parametrize("signed", [True, False])
    def test_killed_at_the_last_step_of_deleting(self, output: Path, signed: bool) -> None:
        publish(SITE_B, output)
        (output.parent / ".site.old").mkdir()
        if signed:
            sign(output.parent / ".site.old")
        assert repair(output)
        assert tree(output) == built(SITE_B)
        assert beside(output) == []

    def test_a_build_repairs_before_it_writes(self, output: Path) -> None:
        sign(output.parent / ".site.old", SITE_A)
        sign(output.parent / ".site.new", SITE_B)
        assert publish(SITE_B, output).unchanged == len(SITE_B)
        assert tree(output) == built(SITE_B)
        assert beside(output) == []

    @pytest.mark.parametrize("state", ["output", ".site.new", ".site.old"])
    def test_what_is_not_ours_is_left_alone(self, output: Path, state: str) -> None:
        for name in ["site", ".site.new", ".site.old"]:
            sign(output.parent / name, SITE_A)
        theirs = output if state == "output" else output.parent / state
        (theirs / GITIGNORE).write_bytes(b"*.log\n")
        before = tree(output.parent)
        assert not repair(output)
        assert tree(output.parent) == before

    def test_a_file_dropped_into_the_old_site_outlives_it(self, output: Path) -> None:
        publish(SITE_B, output)
        sign(output.parent / ".site.old", SITE_A)
        (output.parent / ".site.old" / "CNAME").write_bytes(b"example.org")
        repair(output)
        assert (output.parent / ".site.old" / "CNAME").read_bytes() == b"example.org"
        with pytest.raises(NotOurs, match=r"\.site\.old .*CNAME"):
            publish(SITE_A, output)


class TestWhole:
    def test_a_site_that_stands(self, output: Path) -> None:
        publish(SITE_A, output)
        digests = {path: hashlib.sha256(data).hexdigest() for path, data in SITE_A.items()}
        assert whole(output) == digests

    @pytest.mark.parametrize("damage", ["altered", "lost", "added", "unsigned", "unlisted", "gone"])
    def test_a_site_that_does_not(self, output: Path, damage: str) -> None:
        if damage != "gone":
            publish(SITE_A, output)
        if damage == "altered":
            (output / "index.html").write_bytes(b"<h1>Z</h1>")
        elif damage == "lost":
            (output / "index.html").unlink()
        elif damage == "added":
            (output / "CNAME").write_bytes(b"example.org")
        elif damage == "unsigned":
            (output / GITIGNORE).write_bytes(b"")
        elif damage == "unlisted":
            (output / MANIFEST).unlink()
        assert whole(output) is None


# Killing. A process of its own does it: it forks, and forking this one would copy whatever threads
# other tests have started.


@posix
def test_killed_before_each_single_step(output: Path) -> None:
    results: list[list[str | int]] = _in_a_process("kill_before_each_step", output)
    assert [found for found in results if found[2] not in ("old", "new") or found[3]] == []
    for state in ["nothing", "clone", "site"]:
        stands = [found[2] for found in results if found[0] == state]
        # First the old site, from some step on the new one, and no way back.
        assert len(stands) > 15
        assert stands == sorted(stands, reverse=True)
        assert "old" in stands
        # Where there was no old site, the last step of all is the one that makes the new one stand.
        assert ("new" in stands) == (state != "nothing")
    assert sum(bool(found[4]) for found in results) > 20, "few repairs were killed as well"


@posix
def test_killed_at_random_moments(output: Path) -> None:
    results: list[list[str | bool]] = _in_a_process("kill_at_random_moments", output)
    assert len(results) == 28
    assert [found for found in results if found[0] not in ("A", "B") or found[1]] == []
    assert {found[0] for found in results} == {"A", "B"}
    assert any(found[2] for found in results), "no kill left anything to repair"


def _in_a_process(function: str, output: Path) -> Any:
    code = f"import sys, test_publish; test_publish.{function}(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(output)],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests"), *sys.path]),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# Few files, since each step costs two processes; of each kind one: changed, kept, gone, new.
FEW_A = {"es/index.html": b"A", "same.html": b"the same", "old/a.svg": b"<svg/>"}
FEW_B = {"es/index.html": b"B", "same.html": b"the same", "new.html": b"new"}


def kill_before_each_step(place: str) -> None:
    """Prints [state, step, what stands after repair, litter, was the repair killed too]."""
    output = Path(place)
    results = []
    for state in ["nothing", "clone", "site"]:
        for step in itertools.count():
            old = _start_from(state, output)
            if not _killed(step, lambda: publish(FEW_B, output)):
                break
            again = _killed(step * 5 % 17, lambda: repair(output))
            repair(output)
            found = tree(output)
            stands = "old" if found == old else "new" if found == built(FEW_B) else "neither"
            results.append([state, step, stands, beside(output), again])
    print(json.dumps(results))


def _start_from(state: str, output: Path) -> dict[str, bytes]:
    shutil.rmtree(output, ignore_errors=True)
    if state == "clone":
        sign(output)
    elif state == "site":
        sign(output, FEW_A)
    return tree(output)


def _killed(step: int, action: Callable[[], object]) -> bool:
    """Does something in a process that dies before its step-th change; False if it has not so many.

    Python tells an audit hook of each change of the disk before it is made.
    """
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] != 0
    left = iter(range(step))
    changes = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.chmod"}

    def hook(event: str, _: object) -> None:
        if event in changes and next(left, None) is None:
            os._exit(9)

    sys.addaudithook(hook)
    action()
    os._exit(0)


def kill_at_random_moments(place: str) -> None:
    """Prints [which site stands after repair, litter, had the repair anything to do]."""
    output = Path(place)
    names = [f"{number % 5}/{number}.html" for number in range(60)]
    site_a = {name: f"{name} of A".encode() * 200 for name in names}
    site_b = {name: f"{name} of B".encode() * 250 for name in names[20:]}
    site_b |= {name: site_a[name] for name in names[:10]}
    site_b |= {f"more/{number}.csv": b"0,1" for number in range(20)}
    publish(site_a, output)
    dice = random.Random(4)
    longest = 0.02
    results: list[tuple[str, list[str], bool]] = []
    for turn in range(28):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            # Not for ever: nothing goes on by itself if the killer is killed.
            for number in range(50):
                publish([site_a, site_b][(number + turn) % 2], output)
                os.write(writing, b".")
            os._exit(0)
        time.sleep(dice.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            published = len(pipe.read())
        # As long as it takes to publish once or twice, however busy the machine is.
        longest = min(longest * 1.4, 0.15) if published == 0 else longest * 0.8
        acted = repair(output)
        found = tree(output)
        stands = "A" if found == built(site_a) else "B" if found == built(site_b) else "neither"
        results.append((stands, beside(output), acted))
    print(json.dumps(results))
