"""What Vega-Lite's own schema finds wrong with a specification, in an editor's words."""

import hashlib
import json
from pathlib import Path
from typing import Any

from explainer import memo as kept
from explainer.figures import vega
from explainer.figures.draw import deepest
from explainer.problems import Fault, KeyPath, Rule, choices, did_you_mean

_CODE = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def complaint(spec: dict[str, Any], store: kept.Cache) -> Fault | None:
    """What is wrong with a specification, whose rows are left aside; None when it is sound."""
    key = kept.key("complaint", spec, vega.versions(), _CODE)
    found = store.get(key)
    if found is None:
        fault = _complaint(spec)
        told = [fault.message, fault.hint, list(fault.path)] if fault else None
        found = json.dumps(told).encode()
        store.put(key, found)
    told = json.loads(found)
    return Fault(Rule.BAD_CHART, told[0], told[1], path=tuple(told[2])) if told else None


def _complaint(spec: dict[str, Any]) -> Fault | None:
    import altair  # Imported late: most builds find what it says kept.

    try:
        altair.Chart.from_dict({**spec, "data": {"values": []}})
    except Exception as error:  # Altair raises several kinds; each says what is wrong.
        message, hint, path = _in_words(error)
        return Fault(Rule.BAD_CHART, message, hint, path=path)
    return None


def _in_words(error: Exception) -> tuple[str, str, KeyPath]:
    """A schema error as message, hint and place, with the nearest value or key that would do."""
    path = tuple(getattr(error, "absolute_path", ()))
    kind, allowed = getattr(error, "validator", ""), getattr(error, "validator_value", None)
    value = getattr(error, "instance", None)
    if isinstance(value, str) and (path[-1:] == ("mark",) or path[-2:] == ("mark", "type")):
        known = _marks()
        hint = did_you_mean(value, known) or f"the marks are {choices(known, 20)}"
        return f'there is no mark "{value}"', hint, path
    if kind == "enum" and isinstance(value, str) and isinstance(allowed, list):
        known = [str(item) for item in allowed]
        hint = did_you_mean(value, known) or f"it is one of {choices(known, 20)}"
        return f'"{path[-1] if path else value}" cannot be "{value}"', hint, path
    if kind == "enum" and isinstance(allowed, list):
        told = json.dumps(value, ensure_ascii=False, default=str)
        hint = f"it is one of {choices([str(item) for item in allowed], 20)}"
        return f'"{path[-1] if path else "it"}" cannot be {told}', hint, path
    schema = getattr(error, "schema", None)
    if kind == "additionalProperties" and isinstance(value, dict) and isinstance(schema, dict):
        known = list(schema.get("properties", {}))
        extra = next((key for key in value if key not in known), "")
        hint = did_you_mean(extra, known) or f"its keys are {choices(known, 20)}"
        return f'Vega-Lite knows no key "{extra}" here', hint, (*path, extra)
    told = json.dumps(value, ensure_ascii=False, default=str)
    reason = deepest(str(getattr(error, "message", error)).replace(repr(value), told))
    return (
        f"Vega-Lite does not take it: {reason}",
        "its reference lists what each key may hold",
        path,
    )


def _marks() -> list[str]:
    """The names of Vega-Lite's marks but for images, which no chart loads."""
    import altair

    definitions = altair.Chart._rootschema["definitions"]
    marks = [*definitions["Mark"]["enum"], *("boxplot", "errorbar", "errorband")]
    return [mark for mark in marks if mark != "image"]
