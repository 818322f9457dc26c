"""Texts of the data file and of front matter: what can be wrong with one that may hold claims."""

import re

from explainer.data.models import SECTIONS
from explainer.problems import Fault, Report, Rule, did_you_mean
from explainer.text.expressions import (
    EXPRESSION,
    Expression,
    expressions_in,
    parse_expression,
    stray_braces,
)
from explainer.text.numbers import loose
from explainer.voice.voice import Voice

NAMED = {
    "claim": "claims",
    "chart": "charts",
    "disagreement": "disagreements",
    "source": "sources",
    "term": "glossary",
}
"""Of what section each function names an entry."""

ALONE = ("title", "summary", "question")
"""Keys of texts that are read alone, in lists, cards and search: their words are looked through."""


def check_text(
    report: Report, text: str, voice: Voice, key: str = "", *, numbers: bool = True
) -> None:
    """Tell what is wrong with a plain text that may hold claims: a title, a label, a caption.

    The report stands at the text. Its own numbers may be let be, where they are names or quoted.
    Those that are written as words are looked for in what is read alone, as of a key of `ALONE`.
    """
    for match in expressions_in(text):
        try:
            expression = parse_expression(match)
            if expression.function not in ("claim", "plain"):
                raise misplaced(expression)
            known(expression, voice)
        except Fault as fault:
            report.say(fault.rule, fault.message, fault.hint, needle=fault.needle or match[0])
    for _, stray in stray_braces(text):
        report.tell(stray)
    for number in loose(text, voice.finder) if numbers else []:
        report.say(*unbound(number.text, number.name), needle=number.text)
    alone = EXPRESSION.sub(" ", text) if numbers and key in ALONE else ""
    for word in voice.number_words.findall(alone):
        report.say(*in_words(word), needle=word, warning=True)


def unbound(number: str, name: str = "") -> tuple[Rule, str, str]:
    """The rule, message and hint for a number that comes from no claim, or is part of a name."""
    hint = 'write {{ claim("id") }}, or {{ plain("…", "why this is no claim") }}'
    if re.fullmatch(r"(?:1[0-8]|21)\d\d", number):
        hint = f"{hint}; a year stands behind a word such as in, and before no plural noun"
    if name:
        hint = f'declare the name in the data file: glossary: … names: ["{name}"]; or {hint[6:]}'
    return Rule.UNBOUND_NUMBER, f'"{number}" comes from no claim', hint


def in_words(word: str) -> tuple[Rule, str, str]:
    """The rule, message and hint for a number that is written as a word."""
    hint = f'write {{{{ claim("id") }}}}, or {{{{ plain("{word}", "why this is no claim") }}}}'
    return Rule.NUMBER_WORD, f'"{word}" is a number that no claim stands behind', hint


def known(expression: Expression, voice: Voice) -> Expression:
    """The expression again, if what it names exists. Raises `Fault`."""
    section = NAMED.get(expression.function, "")
    if section and not voice.dataset.knows(section, expression.name):
        name, (_, noun, missed) = expression.name, SECTIONS[section]
        hint = did_you_mean(name, voice.dataset.names(section))
        hint = hint or f"add it to {section}: in the data file"
        raise Fault(missed, f'no {noun} "{name}"', hint, needle=name)
    if section == "claims" and expression.name in voice.dataset.quantities:
        # Not every claim can be said in every form.
        voice.text(expression.name, expression.form)
    return expression


def misplaced(expression: Expression) -> Fault:
    """What is wrong with an expression that stands in a plain text and is more than text."""
    hint = "only claim and plain can stand in such a text"
    return Fault(Rule.BAD_EXPRESSION, f"{expression.function} cannot stand here", hint)
