"""The README says what is so: its tables are made from the code, its commands are those we run."""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path

import pytest
import yaml
from support import ROOT, same_part_or_update

from explainer.charts.forms import FORMS
from explainer.pages.told import TOLD
from explainer.problems import Rule

README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
REFERENCE = ROOT / "explainer" / "REFERENCE.md"
ROOMS = ["checks", "pages", "output", "figures", "charts", "notes", "voice", "text", "data"]
BUILD = "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/python build.py"
TEST = ".venv/bin/pip install -e '.[test]' && .venv/bin/pytest"


def rules() -> str:
    """The table of the rules that a problem can name."""
    rows = [f"| `{rule}` | {rule.explanation} |" for rule in sorted(Rule)]
    return "\n".join(["| Rule | What it says |", "| --- | --- |", *rows])


def forms() -> str:
    """The table of the forms of charts: what each module says of itself, and its options."""
    rows = []
    for name, form in FORMS.items():
        about = (sys.modules[form.options.__module__].__doc__ or "").split(".\n")[0]
        about = " ".join(about.partition(": ")[2].removesuffix(".").split())
        options = ", ".join(f"`{option}`" for option in form.options.model_fields)
        rows.append(f"| `{name}` | {about} | {options} |")
    return "\n".join(["| Form | What it shows | Its options |", "| --- | --- | --- |", *rows])


@pytest.mark.parametrize(("name", "table"), [("rules", rules()), ("forms", forms())])
def test_the_tables_are_those_of_the_code(name: str, table: str) -> None:
    same_part_or_update(README, name, "test_readme.py", table)


@pytest.mark.parametrize("room", ROOMS)
def test_the_picture_of_the_rooms_names_every_module(room: str) -> None:
    picture = CONTRIBUTING.read_text("utf-8").partition("```\n")[2].partition("```")[0]
    lines = picture.partition(f"    {room}/ ")[2].split("\n")[1:]
    own = itertools.takewhile(lambda line: "│" in line, lines)
    named = {word for line in own for word in re.sub(r"\(.*", "", line).split()}
    folder = ROOT / "explainer" / room
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert named - {"│", "forms/"} == modules


def test_every_rule_explains_itself_in_a_sentence() -> None:
    for rule in Rule:
        assert rule.explanation.endswith(".") and "|" not in rule.explanation, rule


@pytest.mark.parametrize("command", [BUILD, TEST])
def test_the_two_commands_stand_there_by_themselves(command: str) -> None:
    assert f"\n```sh\n{command}\n```\n" in README.read_text("utf-8")


@pytest.mark.parametrize("command", [BUILD, TEST])
def test_the_workflows_and_the_full_run_use_the_same_commands(command: str) -> None:
    checks = (ROOT / ".github/workflows/checks.yml").read_text("utf-8")
    assert f"- run: {command}\n" in checks
    assert f"\n{command}\n" in (ROOT / ".ci/run").read_text("utf-8")


@pytest.mark.parametrize("name", ["checks.yml", "content.yml", "pages.yml"])
def test_workflows_pin_what_they_use(name: str) -> None:
    text = (ROOT / ".github/workflows" / name).read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}, "each job asks for what it needs"
    assert all("permissions" in job for job in workflow["jobs"].values())
    used = re.findall(r"uses: ([\w./-]+)@(.+)", text)
    assert used
    for action, version in used:
        assert action.startswith("actions/")
        assert re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+", version), (action, version)


@pytest.mark.parametrize("file", [README, CONTRIBUTING, REFERENCE], ids=lambda path: path.name)
def test_links_to_files_of_the_repository_lead_somewhere(file: Path) -> None:
    text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", file.read_text("utf-8"))
    for link in re.findall(r"\]\(([^)#\s]+)", text):
        assert link.startswith("https://") or (file.parent / link).exists(), link


def test_what_a_template_is_told_is_written_down() -> None:
    text = CONTRIBUTING.read_text("utf-8")
    missing = [name for name in TOLD if f"`{name}`" not in text and f"`{name}(" not in text]
    assert not missing
    for template in (ROOT / "templates").glob("*.html"):
        code = re.sub(r"""(t|asset|url)\(["'][^"']*["']""", "", template.read_text("utf-8"))
        for name in re.findall(r"\b(?:page|site)\.([a-z_]+)", code):
            assert f"`{name}`" in text, f"{template.name}: {name}"
