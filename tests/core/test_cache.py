"""Kept drawings: a cache that may be damaged, full, read-only or gone without anybody noticing."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest

from explainer.memo import Cache, key


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / ".cache")


def entries(cache: Cache) -> list[Path]:
    return sorted(path for path in cache.folder.rglob("*") if path.is_file())


def age(cache: Cache, seconds: int) -> None:
    """Makes everything kept look older."""
    for path in entries(cache):
        now = path.stat().st_mtime
        os.utime(path, (now - seconds, now - seconds))


@pytest.mark.parametrize("value", [b"", b"<svg/>", bytes(range(256)) * 999])
def test_what_was_put_is_got(cache: Cache, value: bytes) -> None:
    assert cache.get("drawing") is None
    cache.put("drawing", value)
    assert cache.get("drawing") == value
    assert cache.get("another") is None
    assert Cache(cache.folder).get("drawing") == value


def test_a_later_value_takes_the_place_of_an_earlier(cache: Cache) -> None:
    cache.put("drawing", b"one")
    cache.put("drawing", b"two")
    assert cache.get("drawing") == b"two"
    assert len(entries(cache)) == 1


def test_any_text_is_a_key(cache: Cache) -> None:
    for text in ["", "../../escape", "a/b", "x" * 5000, "CON", "né"]:
        cache.put(text, text.encode())
        assert cache.get(text) == text.encode()
    assert list(cache.folder.parent.iterdir()) == [cache.folder]


@pytest.mark.parametrize("damage", ["cut", "flipped", "longer", "empty", "folder"])
def test_a_damaged_entry_is_absent_and_can_be_put_again(cache: Cache, damage: str) -> None:
    cache.put("drawing", b"<svg/>")
    [path] = entries(cache)
    content = path.read_bytes()
    if damage == "folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(
            {
                "cut": content[:-1],
                "flipped": content[:-1] + bytes([content[-1] ^ 1]),
                "longer": content + b"x",
                "empty": b"",
            }[damage]
        )
    assert cache.get("drawing") is None
    cache.put("drawing", b"<svg/>")
    assert cache.get("drawing") == (None if damage == "folder" else b"<svg/>")


def test_an_entry_in_anothers_place_is_absent(cache: Cache) -> None:
    cache.put("one", b"1")
    [one] = entries(cache)
    cache.put("two", b"2")
    [two] = set(entries(cache)) - {one}
    one.replace(two)
    assert cache.get("two") is None


def test_a_folder_deleted_meanwhile_is_made_again(cache: Cache) -> None:
    cache.put("drawing", b"one")
    [path] = entries(cache)
    path.unlink()
    path.parent.rmdir()
    cache.folder.rmdir()
    assert cache.get("drawing") is None
    cache.prune(0)
    cache.put("drawing", b"one")
    assert cache.get("drawing") == b"one"


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"no folder")
    cache = Cache(tmp_path / "file")
    cache.put("drawing", b"one")
    assert cache.get("drawing") is None
    cache.prune(0)
    assert (tmp_path / "file").read_bytes() == b"no folder"


@pytest.mark.parametrize("step", ["mkdir", "replace"])
def test_a_full_disk_is_no_error(cache: Cache, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, step, full)
    cache.put("drawing", b"one")
    assert cache.get("drawing") is None
    assert entries(cache) == []


def test_pruning_deletes_what_was_not_used_for_longest(cache: Cache) -> None:
    for name in ["first", "second", "third"]:
        age(cache, 100)
        cache.put(name, b"x" * 1000)
    assert cache.get("first") is not None
    cache.prune(2500)
    assert cache.get("first") is not None
    assert cache.get("second") is None
    assert cache.get("third") is not None
    cache.prune(10_000)
    assert len(entries(cache)) == 2
    cache.prune(0)
    assert entries(cache) == []


def test_pruning_deletes_nothing_but_entries(cache: Cache) -> None:
    cache.put("drawing", b"one")
    [path] = entries(cache)
    half = path.with_name(path.name + "abc.part")
    half.write_bytes(b"half written by a killed build")
    theirs = [cache.folder / "thesis.doc", path.parent / "notes.md"]
    for file in theirs:
        file.write_bytes(b"theirs")
    cache.prune(0)
    assert entries(cache) == sorted(theirs)


def test_several_builds_may_share_it(cache: Cache) -> None:
    wrong: list[bytes] = []

    def build(number: int) -> None:
        for turn in range(60):
            cache.put("drawing", bytes([number]) * 4000)
            value = cache.get("drawing")
            if value is not None and (len(value) != 4000 or len(set(value)) != 1):
                wrong.append(value)
            if turn % 20 == 0:
                cache.prune(5000)

    threads = [threading.Thread(target=build, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_key_depends_on_values_and_not_on_the_order_of_keys() -> None:
    assert key({"a": 1, "b": [2, None]}, "wide") == key({"b": [2, None], "a": 1}, "wide")
    different = [
        key(),
        key(""),
        key("ab"),
        key("a", "b"),
        key(["a", "b"]),
        key(1),
        key("1"),
        key(1.5),
        key(True),
        key(None),
        key({"a": 1}),
        key({"a": 2}),
    ]
    assert len(set(different)) == len(different)
    assert all(len(name) == 64 for name in different)


def test_a_key_stays_the_same_from_run_to_run() -> None:
    canonical = rb'["wide",{"mark":"l\u00ednea","size":2}]'
    expected = hashlib.sha256(canonical).hexdigest()
    assert key("wide", {"size": 2, "mark": "línea"}) == expected
