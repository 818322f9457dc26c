"""The data file's JSON schema, with which editors' tools complete and check it."""

from collections.abc import Mapping
from typing import Any

from explainer.data.dataset import Dataset
from explainer.data.models import DataFile

REFERENCES: dict[tuple[str, str], str] = {
    ("Claim", "said_by"): "speakers",
    ("Claim", "chain"): "sources",
    ("Claim", "measure"): "measures",
    ("Claim", "place"): "places",
    ("Claim", "product"): "products",
    ("Claim", "level"): "levels",
    ("Series", "said_by"): "speakers",
    ("Series", "chain"): "sources",
    ("Series", "measure"): "measures",
    ("Series", "place"): "places",
    ("Series", "product"): "products",
    ("Series", "level"): "levels",
    ("Disagreement", "claims"): "claims",
    ("Correction", "claims"): "claims",
    ("Credit", "source"): "sources",
    ("Term", "source"): "sources",
    ("PlaceWord", "source"): "sources",
}
"""Keys whose values are ids, and of what: an editor's tools offer the ids that there are."""


def data_schema(forms: Mapping[str, dict[str, Any]], dataset: Dataset | None) -> dict[str, Any]:
    """The data file's JSON schema; `forms` maps each form's name to the schema of its options.

    With a dataset, its ids are offered where an id is wanted. They are offered and not demanded,
    so that a new id is no error in an editor before the schema is written again.
    """
    schema = DataFile.model_json_schema()
    definitions = schema["$defs"]
    for (model, key), section in REFERENCES.items():
        definitions[model]["properties"][key] = _offering(
            definitions[model]["properties"][key], section
        )
    chart = definitions["Chart"]
    shared = {**chart["properties"], "twin": _offering(chart["properties"]["twin"], "charts")}
    definitions["Chart"] = {
        "description": chart["description"],
        "type": "object",
        "required": chart["required"],
        "properties": {"form": {"enum": sorted(forms), "title": "Form"}},
        "oneOf": [
            {
                "properties": {
                    **shared,
                    **{
                        key: _offering(option, "claims") if key in CLAIMS else option
                        for key, option in options["properties"].items()
                    },
                    "form": {"const": name},
                },
                "required": options.get("required", []),
                "additionalProperties": False,
            }
            for name, options in sorted(forms.items())
        ],
    }
    for options in forms.values():
        definitions.update(options.get("$defs", {}))
    for section in sorted({*REFERENCES.values(), "charts"}):
        holder = dataset and (dataset.vocabulary if section in VOCABULARY else dataset)
        definitions[f"known-{section}"] = {
            "enum": sorted(getattr(holder, section)) if holder else []
        }
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


CLAIMS = ("stops", "stages", "beside", "claims", "inputs", "compare", "notes")
"""The options of forms that list claims."""

VOCABULARY = ("measures", "places", "products", "levels")


def without_ids(schema: dict[str, Any]) -> dict[str, Any]:
    """A data file's schema without the ids that it offers: what the data model alone decides."""
    definitions = {
        name: {} if name.startswith("known-") else definition
        for name, definition in schema.get("$defs", {}).items()
    }
    return {**schema, "$defs": definitions}


KEPT = ("title", "description", "default")
"""What is said of a key, whatever it holds."""


def _offering(schema: dict[str, Any], section: str) -> dict[str, Any]:
    """The schema of a key, or of each item of its list, with the ids of a section offered."""
    if schema.get("type") == "array":
        return {**schema, "items": _offering(schema["items"], section)}
    offer = {"$ref": f"#/$defs/known-{section}"}
    kinds = schema.get("anyOf") or [
        {key: value for key, value in schema.items() if key not in KEPT}
    ]
    kinds = [_offering(kind, section) if kind.get("type") == "array" else kind for kind in kinds]
    kept: dict[str, Any] = {key: schema[key] for key in KEPT if key in schema}
    return {**kept, "anyOf": [offer, *kinds]}
