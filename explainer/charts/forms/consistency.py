"""The consistency check: whether claims that should agree through a formula do agree, as sliders.

Each claim that goes into the formula stands on an axis of its own, with what others say on the
same question; what follows from them stands beside the claims that state it directly. In the live
view every input has a slider, whose ends are the lowest and the highest of those figures, and what
readers choose is called their choice: it is no claim. The form tests estimates against each other
and knows no money, so that it works out what nobody earns.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from pydantic import Field

from explainer.charts.form import (
    Calculated,
    Column,
    Form,
    FormOptions,
    Row,
    axis_text,
    calculated,
    claims_named,
    in_unit,
    numbers,
)
from explainer.charts.forms.placed import (
    Axis,
    axis_for,
    common_to,
    ends,
    estimate_row,
    marks_for,
    open_ends_key,
    start_of,
    ticks,
    ticks_within,
    write_axis,
    write_rows,
)
from explainer.charts.marks import (
    GRID,
    INK,
    MUTED,
    Line,
    Sheet,
    Words,
    inline,
    lines,
    pixels,
    rounded,
    text_width,
    wrapped,
)
from explainer.charts.theme import LARGE, SMALL, WIDE, Size, series, themed
from explainer.data.agreement import TOLERANCE, distance_apart
from explainer.data.formulas import Call, Formula, Tree, evaluate, parse_formula
from explainer.data.kinds import ClaimId, FormulaText
from explainer.data.quantities import Quantity, Unit, decimals
from explainer.voice.voice import Voice

CHOICE = series(2)
"""The colour of what a reader chooses,"""

SIGN = "diamond"
"""and the shape of its marks."""

LANE = 28
"""Height in px of the lane above the rows, in which the thin bar runs and choices are shown."""

SAMPLE = "8,888,888"
"""The longest number for which the drawing keeps room where readers' choices will stand."""

DIGITS = 2
"""Significant digits of what follows from a choice: the figures put in are known no better."""


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """A block of rows for each input, and one for what follows, below each other."""
    import altair as alt  # only where something must be drawn: it costs a third of a second

    sheet, behind, y = Sheet(), list[Line](), 0.0
    marks: list[Any] = []
    choices: list[Any] = []
    rules: list[Any] = []
    blocks = options["blocks"]
    parts = groupby(rows, key=lambda row: row["part"])
    for index, (block, (_, group)) in enumerate(zip(blocks, parts, strict=True)):
        whole = list(group)
        reach = [*whole, _span(block)]
        axis = axis_for(reach, start_of(size), size.width)
        shown = ticks_within(reach, block["ticks"], axis, size.width)
        head = wrapped(words[f"head_{index}"], size.width, LARGE, bold=True)
        y += 14 if index else 0
        sheet.words.append(Words(0, y + 16, head, size=LARGE, bold=True))
        top = write_axis(words[f"axis_{index}"], shown, axis, size, y + 18 * len(head) + 2, sheet)
        lane, y = top + LANE - 8, top + LANE
        sheet.lines += _bar(axis.at(block["low"]), axis.at(block["high"]), lane)
        behind += _between(top - 4, y, shown, axis, size)
        places, y = write_rows(whole[:1], shown, axis, size, y, sheet, behind)
        if whole[1:]:
            sheet.lines.append(Line(0, y + 2, size.width, y + 2, GRID))
            word = words["others" if index < len(blocks) - 1 else "direct"]
            sheet.words.append(Words(0, y + 22, word, MUTED))
            behind += _between(y, y + 26, shown, axis, size)
            more, y = write_rows(whole[1:], shown, axis, size, y + 26, sheet, behind)
            places += more
        marks += marks_for(whole, places, axis)
        through = [(lane, y)] if _wide(size) else [(place - 13, place + 13) for place in places]
        rules.append(_rule(block, axis, through))
        choices += _choice(block, axis, lane, words["choice"], size)
    behind += _guides(whole[0], places, axis, y, size)
    said, y = _verdict(options["agrees"], words, y + 10, size)
    y = _bar_key(words["reach"], y, size, sheet)
    foot = open_ends_key(rows, words, size.width, y, sheet)
    chart = sheet.around([*marks, *choices, *said], [*lines(behind), *rules])
    chart = themed(chart.resolve_scale(x="independent"), size, foot, placed=True)
    chart.params = [alt.VariableParameter(**param) for param in options["params"]]
    if options["locale"]:
        chart.config.locale = {"number": options["locale"]}
    return chart


def _bar(start: float, end: float, y: float) -> list[Line]:
    """The thin bar from end to end of what a slider can reach."""
    caps = [Line(x, y - 4, x, y + 4, MUTED, 1.5) for x in (start, end)]
    return [Line(start, y, end, y, MUTED, 1.5), *caps]


def _between(
    top: float, foot: float, shown: Sequence[tuple[float, str]], axis: Axis, size: Size
) -> list[Line]:
    """The lines of the axis where there is no row; they run through where there is room."""
    if not _wide(size):
        return []
    return [Line(x, top, x, foot, INK if x == axis.at(0) else GRID) for x, _ in shown]


def _guides(
    row: Mapping[str, Any], places: Sequence[float], axis: Axis, foot: float, size: Size
) -> list[Line]:
    """What follows, run on through the figures that it should agree with."""
    through = [(places[0], foot)]
    if not _wide(size):
        through = [(place - 13, place + 13) for place in places[1:]]
    return [
        Line(axis.at(end), top, axis.at(end), bottom, series(1), 1, (4, 3))
        for end in sorted(set(ends(row)))
        for top, bottom in through
    ]


def _span(block: Mapping[str, Any]) -> dict[str, Any]:
    """What the axis of a block has to hold beyond its rows: all that a slider can reach."""
    return {"low": block["low"], "high": block["high"], "value": None, "open": "", "text": ""}


def _rule(block: Mapping[str, Any], axis: Axis, through: Sequence[tuple[float, float]]) -> Any:
    """A reader's choice as a line through the rows, behind their figures."""
    import altair as alt

    rows = [{"y": rounded(top), "y2": rounded(foot)} for top, foot in through]
    return (
        alt.Chart(inline(rows))
        .mark_rule(aria=False, color=CHOICE, strokeWidth=1.5)
        .encode(x=_chosen(block, axis), y=_pixels("y"), y2=alt.Y2("y2"))
        .transform_filter("chosen")
    )


def _chosen(block: Mapping[str, Any], axis: Axis) -> Any:
    """Where a reader's choice stands on its axis. Nothing of it is drawn before there is one."""
    import altair as alt

    return alt.XDatum({"expr": block["param"]}, type="quantitative", scale=axis.scale(), axis=None)


def _choice(block: Mapping[str, Any], axis: Axis, lane: float, text: str, size: Size) -> list[Any]:
    """A reader's choice in its lane: its sign on the thin bar, and its number in words above."""
    import altair as alt

    name = block["param"]
    # The words stay inside the drawing.
    half = text_width(text.replace("{text}", SAMPLE)) / 2
    place = f"{rounded(axis.start)} + ({name} - {axis.low}) * {axis.per_unit}"
    middle = f"clamp({place}, {rounded(half)}, {rounded(size.width - half)})"
    sign = (
        alt.Chart(inline([{"y": rounded(lane)}]))
        .mark_point(aria=False, shape=SIGN, size=110, fill=CHOICE, stroke=CHOICE, strokeWidth=2)
        .encode(x=_chosen(block, axis), y=_pixels("y"))
    )
    words = (
        alt.Chart(inline([{"y": rounded(lane - 10)}]))
        .mark_text(
            aria=False,
            color=CHOICE,
            baseline="alphabetic",
            text={"expr": _filled(text, f"{name}_text")},
            x={"expr": middle},
        )
        .encode(y=_pixels("y"))
    )
    return [layer.transform_filter("chosen") for layer in (sign, words)]


def _wide(size: Size) -> bool:
    return size.width >= WIDE.width


def _pixels(field: str) -> Any:
    return pixels(field, "y")


def _verdict(
    agrees: Sequence[str], words: Mapping[str, str], y: float, size: Size
) -> tuple[list[Any], float]:
    """What follows in words, of the figures put in and then of a choice; the px where it ends."""
    import altair as alt

    pairs: list[tuple[str, str, bool]] = []
    stated = wrapped(words["stated_gives"], size.width, SMALL, bold=True)
    chosen = wrapped(words["choice_gives"].replace("{text}", SAMPLE), size.width, SMALL, bold=True)
    for index in range(max(len(stated), len(chosen))):
        one, other = (lines[index] if index < len(lines) else "" for lines in (stated, chosen))
        pairs.append(
            (json.dumps(one), _filled(other.replace(SAMPLE, "{text}"), "result_text"), True)
        )
    options = [wrapped(text, size.width) for text in agrees]
    given = wrapped(words["stated_agrees"], size.width)
    for index in range(max(map(len, options))):
        texts = [lines[index] if index < len(lines) else "" for lines in options]
        one = given[index] if index < len(given) else ""
        pairs.append((json.dumps(one), f"{json.dumps(texts)}[met]", False))
    layers = []
    for one, other, bold in pairs:
        y += 17
        layers.append(
            alt.Chart(inline([{"y": rounded(y)}]))
            .mark_text(
                aria=False, align="left", baseline="alphabetic", x=0,
                text={"expr": f"chosen ? {other} : {one}"},
                fontWeight="bold" if bold else "normal",
            )
            .encode(y=_pixels("y"))
        )  # fmt: skip
    return layers, y


def _filled(text: str, signal: str) -> str:
    """The expression of a text with a signal in the place of `{text}`."""
    before, place, after = text.partition("{text}")
    parts = [json.dumps(before, ensure_ascii=False)]
    parts += [signal, json.dumps(after, ensure_ascii=False)] if place else []
    return " + ".join(part for part in parts if part != '""') or '""'


def _bar_key(text: str, y: float, size: Size, sheet: Sheet) -> float:
    """Explains the thin bar; the px where it ends."""
    y += 28
    sheet.lines += _bar(1, 44, y - 4)
    told = wrapped(text, size.width - 56)
    sheet.words.append(Words(54, y, told, MUTED))
    return y + 16 * (len(told) - 1)


# The data half: what goes in, what others say of it, what follows


class Options(FormOptions):
    """Options of the consistency check."""

    inputs: list[ClaimId] = Field(
        min_length=1,
        max_length=4,
        description="The claims that are put into the formula; each has a slider.",
    )
    formula: FormulaText = Field(
        description="What should follow from them, written like a claim's formula."
    )
    unit: str = Field(description="The unit of what follows.")
    compare: list[ClaimId] = Field(
        min_length=1, max_length=6, description="Claims that state directly what should follow."
    )
    against: dict[ClaimId, list[ClaimId]] = Field(
        default_factory=dict,
        description=(
            "By input, further claims that a slider should reach, beyond those that disagree "
            "with it."
        ),
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


@dataclass(frozen=True)
class Slider:
    """How far a slider goes, in which steps, and where it begins."""

    low: Fraction
    high: Fraction
    step: Fraction
    start: Fraction


def slider_over(figures: Sequence[Fraction], start: Fraction) -> Slider:
    """A slider from the least to the greatest of these figures, in round steps.

    The steps are as large as they can be, at least fifty and at most two thousand, where they meet
    both ends and the start; where none does, the ends are widened to whole steps.
    """
    low, high = min(figures), max(figures)
    for part in (50, 100, 200, 500, 1000, 2000):
        step = _step((high - low) / part)
        if all((figure - low) % step == 0 for figure in (high, start)) and low % step == 0:
            return Slider(low, high, step, start)
    step = _step((high - low) / 200)
    return Slider(low // step * step, -(-high // step) * step, step, start)


def _step(most: Fraction) -> Fraction:
    """The greatest step of 1, 2 or 5 times a power of ten that is not above `most`."""
    power = Fraction(1)
    while power > most:
        power /= 10
    while power * 10 <= most:
        power *= 10
    return max(power * step for step in (1, 2, 5) if power * step <= most)


def _slider(options: Options, voice: Voice, name: str) -> Slider | None:
    """The slider of an input; none where nobody bounds it."""
    stated, unit = voice.quantity(name), voice.quantity(name).unit
    quantities = [in_unit(voice.quantity(n), unit) for n in (name, *_others(options, voice, name))]
    figures = [q.printed(end) for q in quantities for end in q.ends()]
    if min(figures) == max(figures):
        return None
    own = [stated.printed(end) for end in stated.ends()]
    return slider_over(figures, sum(own, Fraction(0)) / len(own))


def _sliders(options: Options, voice: Voice) -> list[Slider]:
    return [slider for name in options.inputs if (slider := _slider(options, voice, name))]


def _result(options: Options, voice: Voice) -> Calculated:
    """What follows from the figures put in. Raises `Fault`."""
    return calculated(voice, options.formula, options.unit)


def _reach(options: Options, voice: Voice) -> Quantity:
    """All that can follow within the sliders. Raises `Fault` where it has no bounds."""
    box = dict(zip(options.inputs, _sliders(options, voice), strict=True))

    def resolve(call: Call) -> Quantity:
        name = call.arguments[0]
        return Quantity(box[name].low, box[name].high, voice.quantity(name).unit)

    return evaluate(parse_formula(options.formula), resolve, _unit(options, voice), None)


def _unit(options: Options, voice: Voice) -> Unit:
    return voice.dataset.units.unit(options.unit)


def _rows(options: Options, voice: Voice) -> list[Row]:
    """Of each input its own row and those of others; of the result, and of those to compare."""
    rows: list[Row] = []
    word = voice.language.word
    for letter, name in zip(LETTERS, options.inputs, strict=False):
        names = [name, *_others(options, voice, name)]
        common, unit = common_to(voice, names), voice.quantity(name).unit
        for other in names:
            role = word("chart.goes_in" if other == name else "chart.others")
            row = estimate_row(voice, other, unit, common)
            rows.append({**row, "part": letter, "role": role})
    part, unit = f"→ {_worked(options)}", _unit(options, voice)
    common = common_to(voice, options.compare)
    rows.append(
        {**_result_row(options, voice, common), "part": part, "role": word("chart.follows")}
    )
    for name in options.compare:
        row = estimate_row(voice, name, unit, common)
        rows.append({**row, "part": part, "role": word("chart.direct")})
    return rows


LETTERS = "ABCDEFGH"
"""What the inputs are called in the formula that the drawing shows."""


def _worked(options: Options) -> str:
    """The formula with a letter for each input, such as `A ÷ B`."""
    letters = dict(zip(options.inputs, LETTERS, strict=False))
    text = "".join(
        piece if isinstance(piece, str) else letters.get(piece.arguments[0], piece.arguments[0])
        for piece in parse_formula(options.formula).pieces
    )
    return " ".join(text.translate(str.maketrans("*/-", "×÷−")).split())


def _result_row(options: Options, voice: Voice, common: Mapping[str, str | None]) -> Row:
    """The row of what follows: the claim that says the same, or our calculation here."""
    result, unit = _result(options, voice), _unit(options, voice)
    if result.claim:
        return estimate_row(voice, result.claim, unit, common)
    ours = _capital(voice.language.word("sure.calculation"))
    label = voice.language.word("chart.follows_from", formula=_worked(options))
    return {
        "id": "",
        "label": label,
        **numbers(result.quantity),
        "unit": unit.symbol,
        "place": "",
        "product": "",
        "as_of": "",
        "text": result.text(voice),
        "calculation": True,
        "said_by": ours,
        "what": label,
        "remark": ours,
        "description": f"{label}: {result.text(voice, 'long')}. {ours}.",
    }


def _settings(options: Options, rows: list[Row], voice: Voice) -> dict[str, Any]:
    result = numbers(_reach(options, voice))
    blocks: list[dict[str, Any]] = [
        {"low": _json(slider.low), "high": _json(slider.high), "param": _param(name)}
        for name, slider in zip(options.inputs, _sliders(options, voice), strict=True)
    ]
    blocks.append({"low": result["low"], "high": result["high"], "param": "result"})
    for block, texts in zip(blocks, _tick_texts(options, rows, voice), strict=True):
        block["ticks"] = texts
    return {
        "blocks": blocks,
        "params": list(_params(options, voice)),
        "agrees": _agreements(options, voice),
        "locale": _locale(voice),
    }


def _params(options: Options, voice: Voice) -> Iterator[dict[str, Any]]:
    """The sliders, and what is worked out from them: all that the live view knows."""
    language = voice.language
    moved = []
    for name, slider in zip(options.inputs, _sliders(options, voice), strict=True):
        param, start = _param(name), _json(slider.start)
        counts = language.unit_label(voice.quantity(name).unit)
        label = voice.said(voice.local(voice.dataset.claims[name].what))
        yield {
            "name": param,
            "value": start,
            "bind": {
                "input": "range",
                "min": _json(slider.low),
                "max": _json(slider.high),
                "step": _json(slider.step),
                "name": ", ".join(part for part in (_capital(label), counts) if part),
            },
        }
        places = max(decimals(slider.step), decimals(slider.low))
        yield {"name": f"{param}_text", "expr": f"format({param}, ',.{places}~f')"}
        moved.append(f"{param} !== {start}")
    unit = _unit(options, voice)
    yield {"name": "chosen", "expr": " || ".join(moved)}
    tree = parse_formula(options.formula).tree
    yield {"name": "result", "expr": _scaled(_expression(tree, voice), 1 / unit.factor)}
    yield {"name": "result_text", "expr": f"format(result, ',.{DIGITS}~r')"}
    met = [_met(voice.quantity(name), unit) for name in options.compare]
    yield {"name": "met", "expr": " + ".join(f"({test} ? 1 : 0)" for test in met)}
    gives = language.word(
        "chart.choice_gives", unit=_capital(language.unit_label(unit)), text="{text}"
    )
    texts = json.dumps(_agreements(options, voice), ensure_ascii=False)
    yield {"name": "verdict", "expr": f"{_filled(gives, 'result_text')} + ' ' + {texts}[met]"}


def _param(name: str) -> str:
    """The parameter of an input: a name that an expression can hold."""
    return "_" + name.replace("-", "_")


def _expression(tree: Tree, voice: Voice) -> str:
    """A formula over parameters, in base units, as an expression of Vega."""
    if isinstance(tree, Fraction):
        return str(_json(tree))
    if isinstance(tree, Call):
        name = tree.arguments[0]
        return _scaled(_param(name), voice.quantity(name).unit.factor)
    operator, left, right = tree
    return f"({_expression(left, voice)} {operator} {_expression(right, voice)})"


def _scaled(expression: str, factor: Fraction) -> str:
    """An expression times a factor, without the steps that do nothing."""
    over = f" * {factor.numerator}" if factor.numerator != 1 else ""
    under = f" / {factor.denominator}" if factor.denominator != 1 else ""
    return f"({expression}{over}{under})" if over or under else expression


def _met(quantity: Quantity, unit: Unit) -> str:
    """The test whether what follows agrees with a figure stated, as near as claims must agree."""
    ratio = quantity.unit.factor / unit.factor
    tests = []
    if quantity.low is not None:
        tests.append(f"result >= {float(quantity.low * ratio * (1 - TOLERANCE)):.12g}")
    if quantity.high is not None:
        tests.append(f"result <= {float(quantity.high * ratio / (1 - TOLERANCE)):.12g}")
    return " && ".join(tests)


def _agreements(options: Options, voice: Voice) -> list[str]:
    """What is said of agreement, by how many of the figures compared agree."""
    word, total = voice.language.word, len(options.compare)
    if total == 1:
        return [word("chart.agrees_not"), word("chart.agrees_only")]
    count = voice.language.number(Fraction(total))
    return [
        word("chart.agrees_none", total=count),
        *(
            word("chart.agrees_some", n=voice.language.number(Fraction(n)), total=count)
            for n in range(1, total)
        ),
        word("chart.agrees_all", total=count),
    ]


def _locale(voice: Voice) -> dict[str, Any]:
    """How the runtime writes numbers, where that is not its own way."""
    symbols = voice.language.locale.number_symbols["latn"]
    decimal, group = symbols["decimal"], symbols["group"]
    if (decimal, group) == (".", ","):
        return {}
    return {"decimal": decimal, "thousands": group, "grouping": [3], "currency": ["", ""]}


def _tick_texts(options: Options, rows: list[Row], voice: Voice) -> list[list[str]]:
    """The texts of the ticks of each block."""
    units = [voice.quantity(name).unit for name in options.inputs]
    spans = [(_json(s.low), _json(s.high)) for s in _sliders(options, voice)]
    reach = numbers(_reach(options, voice))
    found = []
    for (_, group), unit, (low, high) in zip(
        groupby(rows, key=lambda row: row["part"]),
        [*units, _unit(options, voice)],
        [*spans, (reach["low"], reach["high"])],
        strict=True,
    ):
        # The title of the axis names the unit.
        plain = unit if unit.over == ("%",) else voice.dataset.units.unit("1")
        span = _span({"low": low, "high": high})
        found.append([axis_text(voice, value, plain) for value in ticks([*group, span])])
    return found


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    language, claims = voice.language, voice.dataset.claims
    words = {key: language.word(f"chart.{key}") for key in WORDS}
    units = [voice.quantity(name).unit for name in options.inputs]
    for index, unit in enumerate([*units, _unit(options, voice)]):
        words[f"axis_{index}"] = _capital(language.unit_label(unit))
    for index, name in enumerate(options.inputs):
        what = voice.said(voice.local(claims[name].what))
        words[f"head_{index}"] = f"{LETTERS[index]} · {_capital(what)}"
    last = len(options.inputs)
    words[f"head_{last}"] = language.word("chart.follows_from", formula=_worked(options))
    unit_label, result = words[f"axis_{last}"], _result(options, voice)
    text = voice.text(result.claim) if result.claim else result.text(voice)
    words["stated_gives"] = language.word("chart.stated_gives", unit=unit_label, text=text)
    words["choice_gives"] = language.word("chart.choice_gives", unit=unit_label, text="{text}")
    met = sum(
        distance_apart(result.quantity, voice.quantity(name)) <= TOLERANCE
        for name in options.compare
    )
    words["stated_agrees"] = _agreements(options, voice)[met]
    return words


WORDS = ("others", "direct", "choice", "reach", "up_to", "at_least")
"""Interface texts that the drawing shows as they are."""


def _misleads(options: Options, voice: Voice) -> list[str]:
    """Why it would mislead, or could not move."""
    formula, unit = parse_formula(options.formula), _unit(options, voice)
    reasons = list(_slips(options, formula))
    if reasons:
        return reasons
    if unit.currency or any(voice.quantity(n).unit.currency for n in claims_named(options)):
        return ["it would work out money: estimates are tested against each other, not earnings"]
    for name in options.compare:
        if voice.quantity(name).unit.dimensions != unit.dimensions:
            reasons.append(f'"{name}", which it compares, cannot be counted in "{unit.symbol}"')
    for name, others in options.against.items():
        for other in others:
            if name in options.inputs and not _fits(voice, other, name):
                symbol = voice.quantity(name).unit.symbol
                reasons.append(f'"{other}", set against "{name}", cannot be counted in "{symbol}"')
    measures = {voice.dataset.claims[name].measure for name in options.compare}
    if len(measures) > 1:
        reasons.append(f"it compares claims of different measures: {', '.join(sorted(measures))}")
    for name in options.inputs:
        if _slider(options, voice, name) is None:
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


def _fits(voice: Voice, other: str, name: str) -> bool:
    return voice.quantity(other).unit.dimensions == voice.quantity(name).unit.dimensions


def _json(number: Fraction) -> float | int:
    return int(number) if number.denominator == 1 else float(number)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


FORM = Form(
    name="consistency",
    options=Options,
    axis=lambda options: options.compare,
    rows=_rows,
    settings=_settings,
    draw=draw,
    words=_words,
    ticks=lambda options, rows, voice: [t for ts in _tick_texts(options, rows, voice) for t in ts],
    columns=(
        Column("figure.part", "role"),
        Column("figure.said_by", "said_by"),
        Column("figure.what", "what"),
        Column("figure.value", "text"),
        Column("figure.as_of", "as_of"),
    ),
    published=("calculation", "said_by", "what", "remark", "part", "role"),
    misleads=_misleads,
)
