"""The schema with which an editor's tools complete and check the data file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema  # Altair brings it.
import pytest
from support import AVOCADO, ROOT, like_avocado, run, write_tree

from explainer import site
from explainer.data.dataset import Dataset
from explainer.data.load import load_dataset
from explainer.data.yaml import parse
from explainer.problems import Report

FILES = [
    ROOT / "content" / "data.yaml",
    ROOT / "examples" / "coffee" / "content" / "data.yaml",
    AVOCADO / "data.yaml",
]


def loaded(path: Path) -> Any:
    return parse(path.read_text("utf-8"), path.name).data


def dataset_of(path: Path) -> Dataset:
    """The dataset of a sound data file."""
    report = Report()
    dataset = load_dataset(report, path.read_text("utf-8"), path.name, site.OPTIONS)
    assert not report.problems
    return dataset


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The schema of the small site."""
    return site.schema(dataset_of(AVOCADO / "data.yaml"))


@pytest.fixture
def avocado() -> Any:
    return loaded(AVOCADO / "data.yaml")


def faults(schema: dict[str, Any], data: Any) -> list[str]:
    checker = jsonschema.Draft7Validator(schema)
    return [error.json_path for error in checker.iter_errors(data)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.parent.name)
def test_sound_data_files_are_valid(path: Path) -> None:
    made = site.schema(dataset_of(path))
    jsonschema.Draft7Validator.check_schema(made)
    assert faults(made, loaded(path)) == []
    # A new id is no error before the schema is written again.
    assert faults(site.schema(), loaded(path)) == []


@pytest.mark.parametrize("path", FILES[:2], ids=lambda path: path.parent.parent.name)
def test_the_stored_schema_is_named_and_fits(path: Path) -> None:
    assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=data.schema.json\n")
    stored = json.loads((path.parent / "data.schema.json").read_text("utf-8"))
    assert faults(stored, loaded(path)) == []


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        (("claims", "price-port"), "place", "plaec"),
        (("claims", "price-port"), "chain", "chains"),
        (("sources", "orchard-news"), "licence", "license"),
        (("site",), "languages", "language"),
        (("charts", "price-ladder"), "stops", "stop"),
        (("disagreements", "harvest"), "claims", "claim"),
        ((), "speakers", "speaker"),
    ],
)
def test_a_misspelt_key_is_refused(
    schema: dict[str, Any], avocado: Any, place: tuple[str, ...], old: str, new: str
) -> None:
    entry = avocado
    for key in place:
        entry = entry[key]
    entry[new] = entry.pop(old)
    found = faults(schema, avocado)
    assert [path for path in found if path.startswith(json_path(place))], found


def json_path(place: tuple[str, ...]) -> str:
    return "$" + "".join(f".{key}" if key.isidentifier() else f"['{key}']" for key in place)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("claims", "price-port", "money"), "real"),
        (("claims", "price-port", "what"), None),
        (("sources", "orchard-news", "access"), "fully"),
        (("charts", "price-ladder", "form"), "pie"),
        (("charts", "price-ladder", "stops"), "price-port"),
    ],
)
def test_a_wrong_value_is_refused(
    schema: dict[str, Any], avocado: Any, place: tuple[str, ...], value: object
) -> None:
    *above, last = place
    entry = avocado
    for key in above:
        entry = entry[key]
    entry[last] = value
    assert faults(schema, avocado)


@pytest.mark.parametrize(
    ("model", "key", "offered"),
    [
        ("Claim", "said_by", "growers"),
        ("Claim", "chain", "orchard-news"),
        ("Claim", "place", "uruapan"),
        ("Claim", "product", "hass"),
        ("Claim", "measure", "harvest"),
        ("Disagreement", "claims", "price-port"),
        ("Correction", "claims", "price-port"),
        ("Chart", "stops", "price-port"),
        ("Chart", "twin", "price-ladder"),
    ],
)
def test_ids_are_offered(schema: dict[str, Any], model: str, key: str, offered: str) -> None:
    definition = schema["$defs"][model]
    forms = definition.get("oneOf", [definition])
    keys = [form["properties"][key] for form in forms if key in form["properties"]]
    assert keys
    for found in keys:
        assert offered in offers(schema, found)


def offers(schema: dict[str, Any], found: Any) -> set[str]:
    """Every value that some part of a key's schema lists, references followed."""
    if isinstance(found, list):
        return {value for item in found for value in offers(schema, item)}
    if not isinstance(found, dict):
        return set()
    listed = {str(value) for value in found.get("enum", [])}
    target = found.get("$ref", "").removeprefix("#/$defs/")
    if target.startswith("known-"):
        listed |= offers(schema, schema["$defs"][target])
    return listed | {
        value for key, item in found.items() if key != "enum" for value in offers(schema, item)
    }


# Whether it is stale


def stored(here: Path, change: Any) -> tuple[int, list[tuple[str, str]]]:
    """What `check` says of a small site whose stored schema was changed."""
    content = like_avocado(here / "content")
    done = run("--content", content, "--output", here / "built")
    assert done.code == 0, done.err
    path = content / "data.schema.json"
    data = json.loads(path.read_text("utf-8"))
    change(data)
    path.write_text(json.dumps(data), "utf-8")
    before = path.read_bytes()
    done = run("check", "--content", content, "--output", here / "site", "--json")
    assert path.read_bytes() == before, "check writes nothing"
    records = [json.loads(line) for line in done.out.splitlines()]
    return done.code, [(record["rule"], record["file"]) for record in records]


def test_other_ids_are_let_be(here: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        data["$defs"]["known-claims"]["enum"] = ["something-else"]
        data["$defs"]["known-places"]["enum"].append("nowhere")

    assert stored(here, change) == (0, [])


def test_another_model_is_stale(here: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        del data["$defs"]["Claim"]["properties"]["checked"]

    assert stored(here, change) == (1, [("stale-schema", "content/data.schema.json")])


def test_options_of_another_form_are_stale(here: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        data["$defs"]["Chart"]["oneOf"].pop()

    assert stored(here, change) == (1, [("stale-schema", "content/data.schema.json")])


def test_what_is_no_schema_is_stale_and_a_build_writes_it_again(here: Path) -> None:
    content = like_avocado(here / "content")
    build = ("--content", content, "--output", here / "built")
    run(*build)
    path = content / "data.schema.json"
    sound = path.read_bytes()
    for broken in (b"", b"{", b"[]", b"null", b'{"$defs": []}', b"\xff"):
        write_tree(content, {path.name: broken})
        done = run("check", *build, "--json")
        assert done.code == 1, broken
        assert [json.loads(line)["rule"] for line in done.out.splitlines()] == ["stale-schema"]
    assert run(*build).code == 0
    assert path.read_bytes() == sound
