"""The consistency check: whether claims that should agree through a formula do agree, as sliders.

One line of arithmetic leads from the claims that are put in to what follows, which then stands on
an axis beside the claims that state it directly. In the live view every input has a slider, whose
ends are the lowest and the highest figure that anybody states for it, and what readers choose is
called their choice: it is no claim. The form tests estimates against each other and knows no money,
so that it works out what nobody earns.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from explainer.charts import alt, form, plot, sliders
from explainer.charts.arithmetic import filled, line, verdict
from explainer.charts.form import Calculated, Content, Form, FormOptions, Row
from explainer.charts.forms import estimates
from explainer.charts.forms.estimates import DOT, axis_and_kinds, common_to, estimate_row
from explainer.charts.sliders import Slider
from explainer.charts.theme import Size
from explainer.data.agreement import TOLERANCE, distance_apart
from explainer.data.formulas import Call, Formula, evaluate, parse_formula
from explainer.data.kinds import ClaimId, FormulaText, optional, required
from explainer.data.quantities import Quantity, Unit, decimals
from explainer.voice.languages import capital
from explainer.voice.voice import Voice

DIGITS = 2
"""Significant digits of what follows from a choice: the figures put in are known no better."""


def draw(rows: list[Row], options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The line of arithmetic, and below it what follows beside the claims that state it."""
    compared = [
        {**row, "id": row["id"] or "result"} for row in rows if row["part"] == rows[-1]["part"]
    ]
    own = estimates.draw(compared, options, words, size)
    left, top, bottom = (own.padding[side] for side in ("left", "top", "bottom"))
    terms, over = line(rows, options, words, size, top)
    told, under = verdict(options["agrees"], words, size, left, own.height + bottom)
    low, high = options["reach"]
    axis = [
        plot.once(begin=low, end=high)
        .mark_rule(aria=False, color=plot.MUTED, strokeWidth=2)
        .encode(x="begin:Q", x2="end:Q", **plot.fixed(y=own.data.values[0]["down"])),
        *own.layer,
        plot.once()
        .transform_filter("chosen")
        .transform_calculate(result="result")
        .mark_rule(aria=False, color=plot.INK, strokeWidth=2)
        .encode(x="result:Q", **plot.fixed(y=0, y2=own.height)),
    ]  # fmt: skip
    inner = alt.LayerChart(
        layer=axis, data=own.data, encoding=own.encoding, transform=own.transform
    )
    layers = [inner, terms, *told]
    room = {"left": left, "top": top + over, "bottom": bottom + under}
    return plot.framed(
        layers, plot.data([]), size, own.height, **room,
        params=[alt.VariableParameter(**param) for param in options["params"]],
        more={"resolve": {"scale": {"x": "independent", "y": "independent"}}},
    )  # fmt: skip


# The data half: what goes in, what others say of it, what follows


class Options(FormOptions):
    """Options of the consistency check."""

    inputs: list[ClaimId] = required(
        "The claims that are put into the formula; each has a slider.", min_length=1, max_length=4
    )
    formula: FormulaText = required("What should follow from them, written like a claim's formula.")
    unit: str = required("The unit of what follows.")
    compare: list[ClaimId] = required(
        "Claims that state directly what should follow.", min_length=1, max_length=6
    )
    against: dict[ClaimId, list[ClaimId]] = optional(
        "By input, further claims that a slider should reach, beyond those that disagree with it.",
        default={},
    )


def _others(options: Options, voice: Voice, name: str) -> list[str]:
    """The claims that answer the same question as an input: of its disagreements, and `against`."""
    dataset, kind = voice.dataset, voice.quantity(name).unit.dimensions
    found = list(options.against.get(name, []))
    for dispute in dataset.disputes(name):
        found += dataset.disagreements[dispute].claims
    return [
        other
        for other in dict.fromkeys(found)
        if other != name
        and other in dataset.quantities
        and dataset.quantities[other].unit.dimensions == kind
    ]


def _sliders(options: Options, voice: Voice) -> dict[str, Slider]:
    """The slider of each input that somebody bounds."""
    found = {}
    for name in options.inputs:
        stated, others = voice.quantity(name), _others(options, voice, name)
        quantities = [form.in_unit(voice.quantity(n), stated.unit) for n in (name, *others)]
        figures = [q.printed(end) for q in quantities for end in q.ends()]
        if min(figures) < max(figures):
            own = [stated.printed(end) for end in stated.ends()]
            found[name] = sliders.slider_over(figures, sum(own, Fraction(0)) / len(own))
    return found


def _result(options: Options, voice: Voice) -> Calculated:
    """What follows from the figures put in. Raises `Fault`."""
    return form.calculated(voice, options.formula, options.unit)


def _reach(options: Options, voice: Voice) -> Quantity:
    """All that can follow within the sliders. Raises `Fault` where it has no bounds."""
    box = _sliders(options, voice)

    def resolve(call: Call) -> Quantity:
        name = call.arguments[0]
        return Quantity(box[name].low, box[name].high, voice.quantity(name).unit)

    return evaluate(parse_formula(options.formula), resolve, _unit(options, voice), None)


def _unit(options: Options, voice: Voice) -> Unit:
    return voice.dataset.units.unit(options.unit)


def _content(options: Options, voice: Voice) -> Content:
    """What goes in and what follows, with the sliders of the live view."""
    rows = _rows(options, voice)
    return Content(rows, _settings(options, rows, voice), _words(options, voice))


def _rows(options: Options, voice: Voice) -> list[Row]:
    """Of each input its own row and those of others; of the result, and of those to compare."""
    rows: list[Row] = []
    for name, letter in _letters(options).items():
        names = [name, *_others(options, voice, name)]
        common, unit = common_to(voice, names), voice.quantity(name).unit
        for other in names:
            role = "goes_in" if other == name else "others"
            rows.append(_row(voice, other, unit, common, letter, role))
    part, unit, result = _follows(options), _unit(options, voice), _result(options, voice)
    common = common_to(voice, options.compare)
    if result.claim:
        rows.append(_row(voice, result.claim, unit, common, part, "follows"))
    else:
        rows.append(_calculation_row(voice, result, unit, part))
    rows += [_row(voice, name, unit, common, part, "direct") for name in options.compare]
    return rows


def _row(
    voice: Voice, name: str, unit: Unit, common: Mapping[str, str | None], part: str, role: str
) -> Row:
    """A claim as a row of estimates, and as a term of the line."""
    return estimate_row(voice, name, unit, common) | {
        "long_text": voice.text(name, "long"),
        "who": form.by_whom(voice, name, DOT),
        "part": part,
        "role": voice.language.word(f"chart.{role}"),
    }


def _calculation_row(voice: Voice, result: Calculated, unit: Unit, part: str) -> Row:
    """What follows as a row, where no claim says the same: our calculation here."""
    word, text = voice.language.word, result.text(voice, "long")
    ours, label = capital(word("sure.calculation")), word("chart.follows")
    return {
        "id": "", "label": label, **form.numbers(result.quantity), "unit": unit.symbol, "place": "",
        "product": "", "as_of": "", "text": result.text(voice), "long_text": text, "who": ours,
        "said_by": ours, "remark": ours, "calculation": True, "color": form.tone(voice, None),
        "what": label, "role": label, "part": part,
        "description": f"{voice.language.headed(label, text)}. {ours}.",
    }  # fmt: skip


def _letters(options: Options) -> dict[str, str]:
    """What the inputs are called in the formula that table and files show."""
    return dict(zip(options.inputs, "ABCDEFGH", strict=False))


def _follows(options: Options) -> str:
    """The formula of what follows with a letter for each input, such as `→ A ÷ B`."""
    letters = _letters(options)
    pieces = parse_formula(options.formula).pieces
    return "→ " + _signs(
        "".join(p if isinstance(p, str) else letters.get(p.arguments[0], p.arguments[0])
                for p in pieces)
    )  # fmt: skip


def _settings(options: Options, rows: list[Row], voice: Voice) -> dict[str, Any]:
    unit, found = _unit(options, voice), form.numbers(_reach(options, voice))
    reach = sorted(found[end] for end in ("low", "high"))
    # The title of the axis names its unit.
    bare = unit if unit.over == ("%",) else voice.dataset.units.unit("1")
    values = estimates.ticks([row for row in rows if row["part"] == rows[-1]["part"]], reach)
    return {
        "reach": reach,
        "values": values,
        "ticks": [form.axis_text(voice, value, bare) for value in values],
        "terms": [
            {"term": str(place), "part": part, "param": param}
            for place, (_, part, param) in enumerate(_terms(options))
        ],
        "params": list(_params(options, voice)),
        "agrees": _agreements(options, voice),
    }


def _terms(options: Options) -> Iterator[tuple[str, str, str]]:
    """The terms of the line of arithmetic: what stands before each, its part, its parameter."""
    letters = _letters(options)
    before = ""
    for piece in parse_formula(options.formula).pieces:
        if isinstance(piece, str):
            before += piece
        else:
            name = piece.arguments[0]
            yield _signs(before), letters[name], sliders.param_of(name)
            before = ""
    yield f"{_signs(before)} =".strip(), _follows(options), "result"


def _signs(text: str) -> str:
    """A part of a formula as it is printed."""
    return " ".join(text.translate(str.maketrans("*/-", "×÷−")).split())


def _params(options: Options, voice: Voice) -> Iterator[dict[str, Any]]:
    """The sliders, and what is worked out from them: all that the live view knows."""
    language = voice.language
    moved = []
    for name, slider in _sliders(options, voice).items():
        param, start = sliders.param_of(name), form.number(slider.start)
        counts = language.unit_label(voice.quantity(name).unit)
        label = voice.said(voice.dataset.claims[name].what)
        yield {
            "name": param,
            "value": start,
            "bind": {
                "input": "range",
                "min": form.number(slider.low),
                "max": form.number(slider.high),
                "step": form.number(slider.step),
                "name": ", ".join(part for part in (capital(label), counts) if part),
            },
        }
        places = max(decimals(slider.step), decimals(slider.low))
        yield {
            "name": f"{param}_text",
            "expr": sliders.written(f"format({param}, ',.{places}~f')", voice),
        }
        moved.append(f"{param} !== {start}")
    unit = _unit(options, voice)
    yield {"name": "chosen", "expr": " || ".join(moved)}
    tree = parse_formula(options.formula).tree
    yield {
        "name": "result",
        "expr": sliders.scaled(sliders.expression(tree, voice), 1 / unit.factor),
    }
    yield {"name": "result_text", "expr": sliders.written(f"format(result, ',.{DIGITS}~r')", voice)}
    met = [sliders.agreement(voice.quantity(name), unit) for name in options.compare]
    yield {"name": "met", "expr": " + ".join(f"({test} ? 1 : 0)" for test in met)}
    gives = filled(_gives(options, voice, "choice_gives", "{text}"), "result_text")
    texts = sliders.quoted(_agreements(options, voice))
    yield {"name": "verdict", "expr": f"{gives} + ' ' + {texts}[met]"}


def _gives(options: Options, voice: Voice, key: str, text: str) -> str:
    """What is said of what follows: of figures, or of a choice."""
    unit = capital(voice.language.unit_label(_unit(options, voice)))
    return voice.language.word(f"chart.{key}", unit=unit, text=text)


def _agreements(options: Options, voice: Voice) -> list[str]:
    """What is said of agreement, by how many of the figures compared agree."""
    word, total = voice.language.word, len(options.compare)
    if total == 1:
        return [word("chart.agrees_not"), word("chart.agrees_only")]
    *counts, count = (voice.language.number(Fraction(n)) for n in range(1, total + 1))
    some = [word("chart.agrees_some", n=n, total=count) for n in counts]
    return [word("chart.agrees_none", total=count), *some, word("chart.agrees_all", total=count)]


def _words(options: Options, voice: Voice) -> dict[str, str]:
    word, claims = voice.language.word, voice.dataset.claims
    result = _result(options, voice)
    text = voice.text(result.claim) if result.claim else result.text(voice)
    met = sum(
        distance_apart(result.quantity, voice.quantity(name)) <= TOLERANCE
        for name in options.compare
    )
    return {
        **axis_and_kinds(voice, _unit(options, voice)),
        # These the drawing shows as they are.
        **{key: word(f"chart.{key}") for key in ("choice", "reach")},
        **{f"operator_{place}": sign for place, (sign, *_) in enumerate(_terms(options))},
        **{f"head_{letter}": capital(voice.said(claims[name].what))
           for name, letter in _letters(options).items()},
        f"head_{_follows(options)}": word("chart.follows"),
        "stated_gives": _gives(options, voice, "stated_gives", text),
        "choice_gives": _gives(options, voice, "choice_gives", "{text}"),
        "stated_agrees": _agreements(options, voice)[met],
    }  # fmt: skip


def _misleads(options: Options, voice: Voice) -> list[str]:
    """Why it would mislead, or could not move."""
    formula, unit = parse_formula(options.formula), _unit(options, voice)
    reasons = list(_slips(options, formula))
    if reasons:
        return reasons
    if unit.currency or any(voice.quantity(n).unit.currency for n in form.claims_named(options)):
        return ["it would work out money: estimates are tested against each other, not earnings"]
    for name in options.compare:
        if voice.quantity(name).unit.dimensions != unit.dimensions:
            reasons.append(f'"{name}", which it compares, cannot be counted in "{unit.symbol}"')
    for name, others in options.against.items():
        own = voice.quantity(name).unit
        reasons += [
            f'"{other}", set against "{name}", cannot be counted in "{own.symbol}"'
            for other in others
            if voice.quantity(other).unit.dimensions != own.dimensions
        ]
    measures = {voice.dataset.claims[name].measure for name in options.compare}
    if len(measures) > 1:
        reasons.append(f"it compares claims of different measures: {', '.join(sorted(measures))}")
    bounded = _sliders(options, voice)
    for name in options.inputs:
        if name not in bounded:
            reasons.append(
                f'nobody bounds "{name}": it states one figure, and no other claim of its '
                "disagreements or against: states another"
            )
    if reasons:
        return reasons
    result, reach = _result(options, voice), _reach(options, voice)
    if reach.open:
        reasons.append("what follows has no bounds within the sliders: a divisor can be zero there")
    if result.claim in options.compare:
        reasons.append(f'"{result.claim}" is what it works out, and cannot be compared with that')
    return reasons


def _slips(options: Options, formula: Formula) -> Iterator[str]:
    """Where formula, inputs and `against` do not name the same claims."""
    used = []
    for call in formula.calls():
        if call.function == "distance":
            yield "its formula holds a distance, which is no claim that a slider could move"
        else:
            used.append(call.arguments[0])
    for name in dict.fromkeys(used):
        if name not in options.inputs:
            yield f'its formula uses "{name}", which is none of its inputs'
    for name in options.inputs:
        if name not in used:
            yield f'its formula does not use its input "{name}"'
    for name in options.against:
        if name not in options.inputs:
            yield f'against: names "{name}", which is none of its inputs'


FORM = Form(
    name="consistency",
    options=Options,
    axis=lambda options: options.compare,
    content=_content,
    draw=draw,
    columns=form.columns("part=role said_by what value=text as_of"),
    published=("calculation", "said_by", "what", "remark", "part", "role"),
    misleads=_misleads,
)
