"""What is checked across the whole: conflicts, the words of the interface, and what only warns.

A warning is said in the way of a problem, and is no failure but under `check --strict`. Only
`check` looks at the calendar: a build gives the same site on any day.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from support import (
    AVOCADO,
    ROOT,
    Outcome,
    build_into,
    inside,
    like_avocado,
    note,
    page,
    run,
    tree,
    write_tree,
)

from explainer.checks.data import check_reviews
from explainer.problems import Place, Problem, Rule

DATA = (AVOCADO / "data.yaml").read_text("utf-8")
STRINGS = ROOT / "templates" / "strings"


def data(*changes: tuple[str, str]) -> str:
    """The data file of the small site with these places changed."""
    text = DATA
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# Conflicts

RIVAL = """  price-port-importer:
    what: {en: a kilo of avocados in Los Angeles}
    value: 3.68 USD/kg
    measure: price
    place: los-angeles
    product: hass
    level: wholesale
    money: nominal
    as_of: 2019-05
    said_by: importer
    chain: [fruit-weekly]
    checked: 2019-07-01
"""
DECLARED = """  port:
    question: {en: What does a kilo cost in Los Angeles?}
    claims: [price-port, price-port-importer]

"""
PRINTED = """{{ claim("price-port") }} or {{ claim("price-port-importer") }}, it is said.

{{ disagreement("port") }}
"""


def rival(value: str = "3.68 USD/kg", *changes: tuple[str, str]) -> str:
    """The small site with a second claim on one price."""
    text = RIVAL.replace("3.68 USD/kg", value)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return data(("  price-market:\n", f"{text}  price-market:\n"))


def test_a_declared_conflict_shows_both_sides(workshop: Path, tmp_path: Path) -> None:
    text = rival().replace("charts:\n", f"{DECLARED}charts:\n")
    content = like_avocado(tmp_path / "content", {"data.yaml": text, "index.md": note(PRINTED)})
    with inside(workshop):
        site = build_into(content, tmp_path / "site")
    whole = page(site / "index.html")

    sides = whole.one("section", id="disagreement-port").all("li")
    said = [side.text() for side in sides]
    figures = [side.one("a", class_="claim").text() for side in sides]
    assert figures == ["$3.50 per kilogram", "$3.68 per kilogram"]
    assert [("growers" in words, "importer" in words) for words in said] == [
        (True, False),
        (False, True),
    ]
    for name in ("price-port", "price-port-importer"):
        assert whole.one(id=f"ref-{name}").all("span", class_="sure-disagree"), name
        entries = page(site / "data.html").all("details", class_="entry")
        [entry] = [entry.text() for entry in entries if entry.all(id=name)]
        assert "disagree" in entry.lower(), name


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        ("3.56 USD/kg", []),
        ("3.3..3.6 USD/kg", []),
        ("up to 4 USD/kg", []),
        ("9 USD/kg", [("as_of: 2019-05", "as_of: 2012")]),
        ("9 USD/kg", [("place: los-angeles", "place: rotterdam")]),
        ("9 USD/kg", [("level: wholesale", "level: retail")]),
        ("9 USD/kg", [("money: nominal", "money: real 2010")]),
        ("9 t/day", [("measure: price", "measure: harvest")]),
    ],
)
def test_no_conflict(value: str, changes: list[tuple[str, str]], here: Path) -> None:
    assert "undeclared-conflict" not in stopped(here, rival(value, *changes)).out


@pytest.mark.parametrize("value", ["3.68 USD/kg", "over 4 USD/kg", "1..2 USD/kg", "3 EUR/kg"])
def test_conflict(value: str, here: Path) -> None:
    found = "undeclared-conflict" in stopped(here, rival(value)).out
    assert found == (value != "3 EUR/kg"), "sums in two currencies cannot be compared"


def stopped(here: Path, text: str) -> Outcome:
    """What a build says that is stopped by a mistake, before anything is drawn."""
    body = note('{{ source("nowhere") }}')
    content = like_avocado(here / "content", {"data.yaml": text, "index.md": body})
    return run("--content", content, "--output", here / "site", "--json")


# Words of the interface


def test_strings_that_lack_a_text_or_a_name(here: Path) -> None:
    """Made from the real strings, which grow: as files they would be out of date soon."""
    shutil.copytree(ROOT / "templates", here / "templates")
    spanish = (STRINGS / "es.yaml").read_text("utf-8")
    lines = spanish.splitlines()
    lost = next(n for n, line in enumerate(lines) if re.match(r"  \w+: [^{>|]+$", line))
    # A text with one name in braces, on a line of its own.
    nameless = next(
        n for n, line in enumerate(lines) if n > lost and re.match(r"  \w+: [^{]*\{\w+\}", line)
    )
    lines[nameless] = re.sub(r"\{\w+\}", "eso", lines[nameless])
    del lines[lost]
    (here / "templates" / "strings" / "es.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    text = DATA.replace("languages: [en]", "languages: [en, es]")
    like_avocado(here / "content", {"data.yaml": text})

    done = run("check", "--content", "content", "--templates", "templates", "--json")

    records = [json.loads(line) for line in done.out.splitlines()]
    found = [record for record in records if record["rule"] == "bad-strings"]
    key = spanish.splitlines()[lost].split(":")[0].strip()
    other = lines[nameless - 1].split(":")[0].strip()
    assert len(found) == 2, found
    missing, nameless_one = sorted(found, key=lambda record: " is missing" not in record["message"])
    assert missing["message"].endswith(f'{key}" is missing')
    assert missing["hint"].startswith("in en it reads: ")
    assert re.search(rf'{other}" should hold \{{\w+\}}$', nameless_one["message"])
    assert nameless_one["line"] == nameless
    assert {record["file"] for record in found} == {"templates/strings/es.yaml"}


# Warnings

WORDS = """Twenty trees stand there.

A kilo is worth twice as much in town, says the “one-eyed” grower.

| Trees | Note |
| --- | --- |
| Oak | eleven |

> Twelve trees, they say.

An <q>order of twelve</q>, and `twelve` in code.

```text
twelve
```

{{ plain("Thirty", "an exercise") }} and no one else.
"""


def warned(here: Path, files: dict[str, str]) -> Path:
    """A sound site that is only warned of, with its schema."""
    content = like_avocado(here / "content", files)
    done = run("--content", content, "--output", here / "built")
    assert done.code == 0, done.err
    return content


def check(content: Path, *words: str) -> Outcome:
    return run("check", "--content", content, "--output", content.parent / "site", *words)


def warnings(done: Outcome) -> list[tuple[str, str, str]]:
    """Place, rule and message of each warning that a terminal shows."""
    pattern = r"^content/(\S+:\d+): warning: ([a-z-]+): (.*)$"
    return [(m[1], m[2], m[3]) for m in re.finditer(pattern, done.err, re.MULTILINE)]


def test_number_words(here: Path) -> None:
    content = warned(here, {"index.md": note(WORDS)})
    done = check(content)
    assert done.code == 0
    found = [(place, rule, message.split()[0]) for place, rule, message in warnings(done)]
    rule = "number-word"
    assert found == [
        ("index.md:6", rule, '"Twenty"'),
        ("index.md:8", rule, '"twice"'),
        ("index.md:12", rule, '"eleven"'),
    ]
    assert "3 warnings" in done.err
    strict = check(content, "--strict")
    assert strict.code == 1
    failed = "build.py: failed: 0 problems, 3 warnings (strict)"
    assert strict.err.splitlines()[-1] == failed
    site = content.parent / "site"
    for built in (False, True):
        done = run("build", "--strict", "--content", content, "--output", site)
        assert (done.code, site.exists()) == (1, built)
        assert done.err.splitlines()[-1] == f"{failed}; nothing was published"
        assert run("--content", content, "--output", site).code == 0
    (content / "index.md").write_text(note("Eleven trees, 12 more."), "utf-8")
    for words, last in (
        (["--strict"], "failed: 1 problem, 1 warning (strict)"),
        ([], "1 problem"),
    ):
        assert check(content, *words).err.splitlines()[-1] == f"build.py: {last}"


def test_number_words_of_titles_and_summaries(here: Path) -> None:
    """Of what is read alone: not of a source's title, and not within an expression."""
    front = note("No word.").replace("title: ", "title: Five of them, ", 1)
    front = front.replace("summary: ", "summary: More than a million, ", 1)
    text = data(
        ("{en: 'From {{", "{en: 'Twenty from {{"),
        ("{en: Each mark", "{en: Of three each mark"),
        ("a survey in 12", "a million in 12"),
    )
    found = warnings(check(warned(here, {"index.md": front, "data.yaml": text})))
    assert [message.split()[0] for _, _, message in found] == ['"Twenty"', '"Five"', '"million"']


def test_a_claim_by_its_size_and_by_its_time(here: Path) -> None:
    said = (
        'It lost {{ claim("price-port", form="size") }} in {{ claim("price-port", form="when") }}.'
    )
    content = like_avocado(here / "content", {"index.md": note(said)})
    done = run("--content", content, "--output", here / "site")
    assert done.code == 0, done.err
    shown = " ".join(page(here / "site/index.html").text().split())
    assert "It lost $3.50 in May 2019." in shown
    write_tree(content, {"data.yaml": data(("value: 3.5 USD/kg", "value: up to 3.5 USD/kg"))})
    assert "has no certain sign" in check(content).err


def test_links_lead_to_every_page_and_file_of_the_data_and_to_no_place_that_is_not_there(
    here: Path,
) -> None:
    there = (
        "[All](charts.html), [framed](charts/price-ladder.embed.html), [written](data/search.js), "
        "[prices](data.html#measure-price) and [others](data.html#other-measures)."
    )
    content = like_avocado(here / "content", {"index.md": note(there)})
    site = build_into(content, here / "site")
    targets = [link.attrs["href"] for link in page(site / "index.html").one(id="text").all("a")]
    for name in re.findall(r"\]\(([^)]+)\)", there):
        path, _, place = name.partition("#")
        assert name in targets, name
        assert (site / path).is_file(), name
        assert not place or page(site / path).one(id=place), name
    few = note("[Harvests](data.html#measure-harvest) are two.")
    write_tree(content, {"index.md": few})
    assert 'there is no place "#measure-harvest" in data.html' in check(content).err


def test_no_link_leads_out_of_the_site(here: Path) -> None:
    content = like_avocado(here / "content", {"index.md": note("[Out](../../index.md).")})
    assert "broken-link" in check(content).err


CLUMSY = """A kilo sells at {{ claim("price-market") }}, from farm to
{{ claim("price-market") }}.

A kilo sells at {{ claim("price-market", form="most") }}, that is for {{ claim("price-market") }},
at {{ claim("price-market", bare="the text above has it") }}, at {{ claim("price-port") }}.

What it sells at: {{ claim("price-market") }}. Not `at {{ claim("price-market") }}` in code.
"""


def test_clumsy_qualifiers(here: Path) -> None:
    content = warned(here, {"index.md": note(CLUMSY)})
    done = check(content)
    rule = "clumsy-qualifier"
    assert (done.code, warnings(done)) == (
        0,
        [
            ("index.md:6", rule, '"at up to $11" reads badly'),
            ("index.md:7", rule, '"to up to $11" reads badly'),
        ],
    )
    assert check(content, "--strict").code == 1


TERMS = """{{ term("hass") }} is a kind. So is “{{ term("hass") }}”. ({{ term("hass") }} again.)

In the U.S. {{ term("hass") }} sells best; {{ term("hass") }} at {{ claim("price-port") }}.
{{ term("hass") }}?

- {{ term("hass") }}, as writers of lists like it. {{ term("hass") }}

## {{ term("hass") }} {#heading}
"""


def test_a_term_that_begins_a_sentence_has_a_capital(here: Path) -> None:
    text = DATA.replace("term: {en: Hass}", "term: {en: soft kind}")
    assert text != DATA
    content = like_avocado(here / "content", {"data.yaml": text, "index.md": note(TERMS)})
    assert run("--content", content, "--output", here / "site").code == 0
    terms = page(here / "site" / "index.html").one("main").all("a", class_="term")
    assert "".join(term.text()[0] for term in terms) == "SsSssSsSS"


EXPECTING = data(
    (
        '    unit: "1"\n    measure: multiple\n',
        '    unit: "1"\n    measure: multiple\n    expect: up to about 6 1\n',
    )
)


def test_unexpected_result(here: Path) -> None:
    content = warned(here, {"data.yaml": EXPECTING})
    done = check(content)
    line = EXPECTING.splitlines().index("    expect: up to about 6 1") + 1
    assert (done.code, len(warnings(done))) == (0, 1)
    place, rule, message = warnings(done)[0]
    assert (place, rule) == (f"data.yaml:{line}", "unexpected-result")
    assert message == '"multiple-market" now gives up to about 5.5 1, not up to about 6 1'
    assert check(content, "--strict").code == 1

    sound = EXPECTING.replace("up to about 6 1", "up to about 5.5 1")
    write_tree(content, {"data.yaml": sound})
    done = check(content, "--strict")
    assert (done.code, warnings(done)) == (0, [])


REVIEWED = data(
    (
        "    checked: 2019-07-01\n    note: {en: First grade only.}\n",
        "    checked: 2019-07-01\n    review_by: 2020-07-01\n    note: {en: First grade only.}\n",
    )
)


def test_review_due(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    front = note("All is well.").replace("---\n\n", "review_by: 2021-01-01\n---\n\n")
    content = warned(here, {"data.yaml": REVIEWED, "index.md": front})
    line = REVIEWED.splitlines().index("    review_by: 2020-07-01") + 1

    done = check(content)
    assert done.code == 0
    assert warnings(done) == [
        (
            f"data.yaml:{line}",
            "review-due",
            '"price-orchard" was to be reviewed by 2020-07-01',
        ),
        ("index.md:4", "review-due", "the note was to be reviewed by 2021-01-01"),
    ]
    assert check(content, "--strict").code == 1
    records = [json.loads(text) for text in check(content, "--json").out.splitlines()]
    assert {record["severity"] for record in records} == {"warning"}

    later = {
        "data.yaml": REVIEWED.replace("review_by: 2020", "review_by: 2999"),
        "index.md": front.replace("2021-01-01", "2999-01-01"),
    }
    write_tree(content, later)
    assert warnings(check(content, "--strict")) == []


def test_a_build_knows_no_calendar(here: Path) -> None:
    front = note("All is well.").replace("---\n\n", "review_by: 2021-01-01\n---\n\n")
    content = like_avocado(here / "content", {"data.yaml": REVIEWED, "index.md": front})
    done = run("--content", content, "--output", here / "due")
    assert (done.code, done.err) == (0, "")
    write_tree(
        content,
        {
            "data.yaml": REVIEWED.replace("review_by: 2020", "review_by: 2999"),
            "index.md": front.replace("2021-01-01", "2999-01-01"),
        },
    )
    build_into(content, here / "not-due")
    assert tree(here / "due") == tree(here / "not-due")


def test_only_the_check_of_reviews_asks_what_day_it_is() -> None:
    for path in (ROOT / "explainer").rglob("*.py"):
        if path.parent.name == "starter":
            continue  # An entry that is begun today is dated today.
        text = path.read_text("utf-8")
        asked = re.findall(r"\b(?:today|now|utcnow|localtime|gmtime)\(\)", text)
        assert asked == (["today()"] if path == ROOT / "explainer" / "site.py" else []), path
    assert "today" in check_reviews.__annotations__


@pytest.fixture
def site(coffee: Path) -> Path:
    return coffee


def test_a_whole_site_is_warned_of_nothing_but_reviews(site: Path, workshop: Path) -> None:
    with inside(workshop):
        content = site.parent / "content"
        done = run("check", "--content", content, "--output", site, "--json")
    assert done.code == 0, done.out
    rules = {json.loads(line)["rule"] for line in done.out.splitlines()}
    assert rules <= {"review-due"}, done.out


def test_the_check_says_what_the_site_is_made_of(here: Path) -> None:
    content = warned(
        here, {"index.md": note('A few plain words and {{ plain("7", "why") }}, no more.')}
    )
    done = check(content)
    assert done.code == 0
    lines = done.err.splitlines()[-4:]
    assert lines[0].startswith("checked: ") and " claims, 0 warnings" in lines[0]
    assert lines[1] == "    sources: 2 (2 read in full, 0 in part, 0 known through others)"
    assert lines[2] == "    words: 8 en"
    assert lines[3] == "    numbers marked as plain: 1"


# For the lines of a pull request


def test_problems_are_annotations_on_the_lines_where_that_is_asked_for(here: Path) -> None:
    content = warned(here, {})
    write_tree(content, {"index.md": note('Up 50% to {{ claim("price-prot") }}.')})
    plain = check(content)
    assert (plain.code, plain.out) == (1, "")

    done = check(content, "--annotations")
    assert (done.code, done.err) == (1, plain.err)
    assert done.out.splitlines() == [
        "::error file=content/index.md,line=6,title=unbound-number::"
        '"50%25" comes from no claim%0Awrite {{ claim("id") }}, '
        'or {{ plain("…", "why this is no claim") }}',
        "::error file=content/index.md,line=6,title=unknown-claim::"
        'no claim "price-prot"%0Adid you mean "price-port"?',
    ]
    as_json = check(content, "--annotations", "--json").out.splitlines()
    assert [json.loads(line)["severity"] for line in as_json] == ["error", "error"]


def test_a_warning_is_an_annotation_too(here: Path) -> None:
    front = note("All is well.").replace("---\n\n", "review_by: 2021-01-01\n---\n\n")
    done = check(warned(here, {"index.md": front}), "--annotations")
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert done.out.startswith("::warning file=content/index.md,line=4,title=review-due::the note")


def test_nothing_in_a_file_name_or_a_message_ends_an_annotation() -> None:
    problem = Problem(Place("C:/a,b.md", 3), Rule.BAD_ID, "100%::\r\nno,", "try: this")
    assert problem.annotation() == (
        "::error file=C%3A/a%2Cb.md,line=3,title=bad-id::100%25::\ufffd%0Ano,%0Atry: this"
    )


def test_options_hold_before_the_command_and_after_it(small_site: Path, workshop: Path) -> None:
    content = small_site.parent / "content"
    with inside(workshop):
        before = run("--content", content, "check")
        after = run("check", "--content", content)
    assert (before.code, before.out) == (after.code, after.out) == (0, before.out)
    assert "206 claims" not in before.out
