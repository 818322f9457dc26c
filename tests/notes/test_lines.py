"""The line of each message about a note's body is that of what is wrong.

Each fault stands once behind a code block, a footnote, a setext heading and more that looks like
it.
"""

from __future__ import annotations

import pytest
from reading import told

ABOVE = """\
```text
# 42 [^lost] <u onclick="x"> [x](nowhere.md) {{ ~~y~~ <video> > q twenty
![](x.png) {#twice} 1500. {{ claim("nope") }} [^unused]: x {{ chart("gone") }}
```

A claim of ours[^note] and `[^lost]`, `42`, `{{ claim("nope") }}`.

[^note]: A remark, with `<video>` and `twenty`.

    Its second paragraph.

The one heading {#once}
-----------------------

- An item
    - An item in it

<div class="wide" title="a
word">A block.</div>

"""
CASES = {
    "unbound-number": "A crate holds 42 fruits.",
    "unbound-number in a title": 'An <abbr title="42 kilos">avocado</abbr>.',
    "unbound-number of a list": "1. It was\n1500. It rose.",
    "unknown-claim": 'It is {{ claim("nope") }}.',
    "unknown-chart": '{{ chart("gone") }}',
    "unknown-source": 'As {{ source("gone") }} says.',
    "unknown-term": 'A {{ term("gone") }}.',
    "unknown-disagreement": '{{ disagreement("gone") }}',
    "bad-expression": "It is {{ claim(42) }}.",
    "bad-expression of a brace": "It is }} there.",
    "bad-expression of a chart in a sentence": 'See {{ chart("price-ladder") }} here.',
    "claim-in-link": '[It is {{ claim("price-port") }}](https://example.org).',
    "claim-in-heading": '## It is {{ claim("price-port") }}',
    "bad-heading": "# A title",
    "bad-heading by its underline": "A title\n=======",
    "broken-link": "[There](nowhere.png).",
    "broken-link of a definition": "[There][x].\n\n[x]: nowhere.png",
    "missing-footnote": "A word.[^lost]",
    "missing-footnote of a link": "A [word][lost].",
    "unused-footnote": "[^unused]: A remark.",
    "forbidden-html": "A <video> there.",
    "forbidden-html of an attribute": 'A <u onclick="x">word</u>.',
    "forbidden-html of a link": "[There](javascript:x).",
    "bad-image": '![A tree](https://example.org/x.png "Ana")',
    "duplicate-id": "## Another {#once}",
    "duplicate-id of the page's own": "## Other {#references}",
    "bad-id": '<span id="">x</span>',
    "long-quotation": f"> {'word ' * 26}",
    "number-word": "Some twenty of them.",
    "left-as-text": "A ~~word~~.",
    "left-as-text of a list": "Text\n- item",
    "bad-chart": "- Item\n\n    ```vega-lite\n    id: x\n    ```",
    "bad-value": "> [!FOO]\n> Text.",
}
LATER = {
    "unbound-number of a list": 1,
    "bad-heading by its underline": 0,
    "broken-link of a definition": 2,
    "left-as-text of a list": 1,
    "bad-chart": 2,
}


@pytest.mark.parametrize("name", CASES)
def test_the_line_is_the_faults_own(name: str) -> None:
    found = [(line, rule) for line, rule, _ in told(f"{ABOVE}{CASES[name]}\n\nThe end.")]
    assert found == [(ABOVE.count("\n") + 1 + LATER.get(name, 0), name.split()[0])]


def test_what_stands_above_is_sound() -> None:
    assert told(f"{ABOVE}The end.") == []


def test_a_number_has_its_line_wherever_the_same_one_stands() -> None:
    assert told("`42`\n\n42 and\nthen 42\n\n> “42”\n\n- a\n- b 42") == [
        (line, "unbound-number", '"42" comes from no claim') for line in (3, 4, 9)
    ]


@pytest.mark.parametrize("twice", ["The 2nd.\n\n2. b", "2. b\n\nThe 2nd."])
def test_a_numeral_is_not_blamed_for_another(twice: str) -> None:
    lines = [line for line, *_ in told(twice)]
    assert lines == [1, 3]
