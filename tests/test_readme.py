"""The README says what is so: its tables are made from the code, its commands are those we run."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from support import ROOT, run, same_part_or_update

from explainer.charts.forms import FORMS
from explainer.pages.told import TOLD
from explainer.problems import Rule

README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
REFERENCE = ROOT / "REFERENCE.md"
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


def test_the_note_and_the_block_of_the_readme_build(here: Path) -> None:
    content = here / "content"
    shutil.copytree(ROOT / "content", content)
    text = README.read_text("utf-8")
    note = text.split("```markdown\n---")[1].split("```\n")[0]
    block = text.split("````markdown\n")[1].split("````\n")[0]
    languages = yaml.safe_load((content / "data.yaml").read_text("utf-8"))["site"]["languages"]
    for folder in [content, *(content / code for code in languages[1:])]:
        (folder / "readme.md").write_text(f"---{note}\n{block}", "utf-8")
    done = run("check", "--strict", "--content", content)
    assert done.code == 0, done.err


@pytest.mark.parametrize("section", ["claims", "charts"])
def test_entries_shown_in_the_readme_are_those_of_the_data_file(section: str) -> None:
    data = yaml.safe_load((ROOT / "content" / "data.yaml").read_text("utf-8"))
    text = README.read_text("utf-8").split(f"```yaml\n{section}:\n")[1].split("```")[0]
    for name, entry in yaml.safe_load(text).items():
        words = {"what", "title", "how_to_read", "description"}
        shown = {key: value for key, value in entry.items() if key not in words}
        assert shown == {key: data[section][name][key] for key in shown}


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


@pytest.mark.parametrize("name", ["checks.yml", "pages.yml"])
def test_workflows_pin_what_they_use(name: str) -> None:
    text = (ROOT / ".github/workflows" / name).read_text("utf-8")
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    used = re.findall(r"uses: ([\w./-]+)@(.+)", text)
    assert used
    for action, version in used:
        assert action.startswith("actions/")
        assert re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+|v\d+", version), (action, version)


@pytest.mark.parametrize("file", [README, CONTRIBUTING, REFERENCE], ids=lambda path: path.name)
def test_links_to_files_of_the_repository_lead_somewhere(file: Path) -> None:
    text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", file.read_text("utf-8"))
    for link in re.findall(r"\]\(([^)#\s]+)", text):
        assert link.startswith("https://") or (ROOT / link).exists(), link


def test_what_a_template_is_told_is_written_down() -> None:
    text = CONTRIBUTING.read_text("utf-8")
    missing = [name for name in TOLD if f"`{name}`" not in text and f"`{name}(" not in text]
    assert not missing
    for template in (ROOT / "templates").glob("*.html"):
        code = re.sub(r"""(t|asset|url)\(["'][^"']*["']""", "", template.read_text("utf-8"))
        for name in re.findall(r"\b(?:page|site)\.([a-z_]+)", code):
            assert f"`{name}`" in text, f"{template.name}: {name}"
