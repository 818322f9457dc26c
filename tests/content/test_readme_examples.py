"""What the README shows of this site is what stands in `content/`, and builds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from support import ROOT, run

README = ROOT / "README.md"


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
