"""Claims that share keys: written once for a group, and read as if each claim had them all."""

from typing import Any

from explainer.data.yaml import Document, Path, Span
from explainer.problems import Report, Rule, choices, did_you_mean

KEYS = ("shared", "claims")
"""What a group holds: the keys that its claims share, and the claims."""


def ungrouped(report: Report, document: Document, claims: dict[str, Any]) -> dict[str, Any]:
    """The claims of all groups beside those that stand alone, each with what its group shares.

    The document learns where each value of such a claim stands: at the claim, or in its group.
    """
    found: dict[str, Any] = {}
    groups: dict[str, dict[str, Any]] = {}
    for name, entry in claims.items():
        if not is_group(entry):
            _add(report, found, name, entry, ("claims", name))
            continue
        groups[name] = _sound(report.at("claims", name), name, entry)
        shared, inner = groups[name]["shared"], groups[name]["claims"]
        for own, claim in inner.items():
            whole = {**shared, **claim} if isinstance(claim, dict) else claim
            _add(report, found, own, whole, ("claims", name, "claims", own))
    if groups:
        document.spans |= _spans(document.spans, groups)
    return found


def is_group(entry: Any) -> bool:
    """Whether an entry of the claims is a group of them."""
    return isinstance(entry, dict) and ("shared" in entry or isinstance(entry.get("claims"), dict))


def _add(report: Report, found: dict[str, Any], name: str, entry: Any, path: Path) -> None:
    if name in found:
        hint = "give one of the two another id"
        report.say(Rule.DUPLICATE_ID, f'the claim "{name}" stands twice', hint, path=path)
    found.setdefault(name, entry)


def _sound(report: Report, name: str, entry: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The two parts of a group, empty where they are no mappings."""
    for key in entry:
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or f"what its claims share stands under {KEYS[0]}:"
            message = f'the group "{name}" knows no key "{key}"'
            report.say(Rule.UNKNOWN_KEY, message, hint, path=(key,))
    for key in KEYS:
        if not isinstance(entry.get(key), dict) or not entry[key]:
            message = f'the group "{name}" has no {key}'
            hint = f"a group has {choices(KEYS)}, each with its keys below it, indented"
            report.say(Rule.MISSING_KEY, message, hint, path=(key,) if key in entry else ())
    return {key: entry[key] if isinstance(entry.get(key), dict) else {} for key in KEYS}


def _spans(spans: dict[Path, Span], groups: dict[str, dict[str, Any]]) -> dict[Path, Span]:
    """Where the claims of groups stand, by the paths that they would have alone."""
    shared: dict[str, list[tuple[Path, Span]]] = {name: [] for name in groups}
    found: dict[Path, Span] = {}
    for path, span in spans.items():
        group = str(path[1]) if len(path) > 3 and path[0] == "claims" else ""
        if group in groups and path[2] == "claims":
            found[("claims", *path[3:])] = span
        elif group in groups and path[2] == "shared":
            shared[group].append((path[3:], span))
    for group, parts in groups.items():
        for name, claim in parts["claims"].items():
            own = claim if isinstance(claim, dict) else {}
            for rest, span in shared[group]:
                if rest[0] not in own:
                    found[("claims", name, *rest)] = span
    return found
