"""The JSON Schema of a program file (its TOML as JSON), made from what the API takes, so that the two cannot part."""

from typing import Any, Final

import msgspec

from reptrail.programs.files import FORMAT
from reptrail.programs.wire import ProgramIn

Schema = dict[str, Any]

_REF: Final = "#/$defs/"
_NULL: Final = {"type": "null"}
# What the structs are called in the schema, and what they are in a file where that is less than over HTTP.
_NAMES: Final = {
    "ProgramIn": ("Program", "A program: its days in their order, and the workouts that stand in them."),
    "ProgramWorkoutIn": ("Workout", "A workout, under the key by which the days name it."),
    "ProgramDayIn": ("Day", "A day with a name or notes. A day without is the list of its workouts' keys alone."),
    "InstructionIn": (
        "Instruction",
        "What a workout asks of one exercise; a superset where several have one group_number. percent is of the training max.",
    ),
}
_LEFT_OUT: Final = {"ProgramIn": ("id", "is_public"), "ProgramWorkoutIn": ("workout_id", "workout_revision")}
_EXERCISE: Final = {
    "type": "string",
    "minLength": 1,
    "description": "The slug of a built-in exercise, or the name of one, built in or your own.",
}


def schema() -> Schema:
    """The schema (draft 2020-12). What it cannot say, such as that each key of a day is a workout's, reading a file says."""
    _, found = msgspec.json.schema_components([ProgramIn], ref_template=f"{_REF}{{name}}")
    parts = {name: _mended(part) for name, part in found.items()}
    for name, fields in _LEFT_OUT.items():
        parts[name]["properties"] = {key: value for key, value in parts[name]["properties"].items() if key not in fields}
    _exercises_by_name(parts["InstructionIn"])
    parts["ProgramWorkoutIn"]["required"] = ["workout_key", "workout_name", "instructions"]
    program = parts.pop("ProgramIn")
    keys = parts["ProgramDayIn"]["properties"]["workouts"]
    program["properties"]["days"]["items"] = {
        "anyOf": [{key: value for key, value in keys.items() if key != "default"}, {"$ref": f"{_REF}Day"}]
    }
    program["properties"] = {"format": {"const": FORMAT}, **program["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **program,
        "title": "Reptrail program file",
        "required": ["format", *program["required"]],
        "$defs": {_NAMES.get(name, (name, ""))[0]: part for name, part in parts.items()},
    }


def _exercises_by_name(instruction: Schema) -> None:
    fields = {name: value for name, value in instruction["properties"].items() if name != "exercise_id"}
    instruction["properties"] = {"exercise": _EXERCISE, **fields}
    instruction["required"] = ["exercise"]


def _mended(part: Any) -> Any:
    """TOML has no null: what may be left out is left out. Decimals are numbers, in files as over HTTP."""
    if isinstance(part, list):
        return [_mended(each) for each in part if each != _NULL]
    if not isinstance(part, dict):
        return part
    found = {key: _mended(value) for key, value in part.items() if key != "discriminator" and (key, value) != ("default", None)}
    if "anyOf" in found and len(found["anyOf"]) == 1:
        found = {**found.pop("anyOf")[0], **found}
    if found.get("format") == "decimal":
        del found["format"]
        found["type"] = "number"
        if "default" in found:
            found["default"] = float(found["default"])
    if isinstance(found.get("$ref"), str):
        name = found["$ref"].removeprefix(_REF)
        found["$ref"] = _REF + _NAMES.get(name, (name,))[0]
    title = found.get("title")
    if isinstance(title, str) and title in _NAMES:
        found["title"], found["description"] = _NAMES[title]
    if isinstance(found.get("description"), str):
        found["description"] = " ".join(found["description"].split())
    if found.get("required") == []:
        del found["required"]
    return found
