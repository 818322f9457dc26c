"""The data file's JSON schema, with which editors' tools complete and check it."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from explainer.data.dataset import Dataset
from explainer.data.kinds import NAMES
from explainer.data.models import DataFile


def data_schema(forms: Mapping[str, type[BaseModel]], dataset: Dataset | None) -> dict[str, Any]:
    """The data file's JSON schema; `forms` maps each form's name to the model of its options.

    With a dataset, its ids are offered where a type says that an id is wanted. They are offered and
    not demanded, so that a new id is no error in an editor before the schema is written again.
    """
    schema = DataFile.model_json_schema()
    definitions = schema["$defs"]
    chart = definitions["Chart"]
    arms = []
    for name, model in sorted(forms.items()):
        options = model.model_json_schema()
        definitions.update(options.get("$defs", {}))
        form = {"form": {"const": name}}
        arms.append(
            {
                "properties": {**chart["properties"], **options["properties"], **form},
                "required": options.get("required", []),
                "additionalProperties": False,
            }
        )
    definitions["Chart"] = {
        "description": chart["description"],
        "type": "object",
        "required": chart["required"],
        "properties": {"form": {"enum": sorted(forms), "title": "Form"}},
        "oneOf": arms,
    }
    sections: set[str] = set()
    schema = _offering(schema, sections)
    for section in sorted(sections):
        ids = dataset.names(section) if dataset else []
        schema["$defs"][f"known-{section}"] = {"enum": sorted(ids)}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


def without_ids(schema: dict[str, Any]) -> dict[str, Any]:
    """A data file's schema without the ids that it offers: what the data model alone decides."""
    definitions = {
        name: {} if name.startswith("known-") else definition
        for name, definition in schema.get("$defs", {}).items()
    }
    return {**schema, "$defs": definitions}


def _offering(schema: Any, sections: set[str]) -> Any:
    """A schema in which every id offers those that there are; `sections` gathers of what."""
    if isinstance(schema, list):
        return [_offering(item, sections) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _offering(item, sections) for key, item in schema.items() if key != NAMES}
    if NAMES not in schema:
        # A choice of a choice is one choice.
        arms = [
            arm["anyOf"] if arm.keys() == {"anyOf"} else [arm] for arm in found.get("anyOf", ())
        ]
        return {**found, "anyOf": [a for arm in arms for a in arm]} if arms else found
    sections.add(schema[NAMES])
    said = {key: found.pop(key) for key in ("title", "description", "default") if key in found}
    return {**said, "anyOf": [{"$ref": f"#/$defs/known-{schema[NAMES]}"}, found]}
