"""Texts of the data file and of front matter: what can be wrong with one that may hold claims."""

from collections.abc import Callable

from explainer.problems import Problem, Rule, did_you_mean
from explainer.text.expressions import (
    Expression,
    ExpressionError,
    expressions_in,
    parse_expression,
    stray_braces,
)
from explainer.text.numbers import loose_numbers
from explainer.voice.voice import Voice

Report = Callable[[Rule, str, str, str], Problem]
"""Makes a problem at a text's place: rule, message, hint, and the words to look for there."""


def text_problems(text: str, voice: Voice, problem: Report) -> list[Problem]:
    """What is wrong with a plain text that may hold claims: a title, a label, a caption.

    `problem` makes a problem at the text's place.
    """
    found: list[Problem] = []
    for match in expressions_in(text):
        try:
            expression = parse_expression(match)
        except ExpressionError as error:
            found.append(problem(error.rule, error.message, error.hint, match[0]))
            continue
        if expression.function not in ("claim", "plain"):
            found.append(
                problem(
                    Rule.BAD_EXPRESSION,
                    f"{expression.function} cannot stand here",
                    "only claim and plain can stand in such a text",
                    match[0],
                )
            )
            continue
        missing = unknown_reference(expression, voice)
        if missing:
            found.append(problem(*missing, expression.name))
    for braces, fault, hint in stray_braces(text):
        found.append(problem(Rule.BAD_EXPRESSION, fault, hint, braces))
    for number in loose_numbers(text, voice.finder):
        found.append(problem(*unbound(number), number))
    return found


def unbound(number: str) -> tuple[Rule, str, str]:
    """The rule, message and hint for a number that comes from no claim."""
    return (
        Rule.UNBOUND_NUMBER,
        f'"{number}" comes from no claim',
        'write {{ claim("id") }}, or {{ plain("…", "why this is no claim") }}',
    )


def unknown_reference(expression: Expression, voice: Voice) -> tuple[Rule, str, str] | None:
    """The rule, message and hint where an expression names what does not exist."""
    sections = {
        "claim": ("claims", Rule.UNKNOWN_CLAIM, "claim"),
        "chart": ("charts", Rule.UNKNOWN_CHART, "chart"),
        "disagreement": ("disagreements", Rule.UNKNOWN_DISAGREEMENT, "disagreement"),
        "source": ("sources", Rule.UNKNOWN_SOURCE, "source"),
        "term": ("glossary", Rule.UNKNOWN_TERM, "glossary entry"),
    }
    if expression.function not in sections:
        return None
    section, rule, noun = sections[expression.function]
    if voice.dataset.knows(section, expression.name):
        return None
    known = voice.dataset.names(section)
    hint = did_you_mean(expression.name, known) or f"add it to {section}: in the data file"
    return rule, f'no {noun} "{expression.name}"', hint
