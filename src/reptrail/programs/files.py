"""Programs as files that a person can read, edit and share: TOML, by the schema of docs/program-files.md.

Text in, data out and back: no I/O. A file says of an exercise its slug or its name; which exercise that is, `find` says.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec

from reptrail.errors import FieldError, Problem
from reptrail.http.bodies import MAX_ERRORS, BodyDecoder
from reptrail.http.encoding import encode
from reptrail.programs.wire import ProgramIn

FORMAT: Final = 1
MAX_FILE_BYTES: Final = 4 * 1024 * 1024
_DAYS_A_LINE: Final = 7
_FIRST_LINE: Final = "# A Reptrail program. docs/program-files.md says what may stand here."
# In the order in which a person asks: what, how much, how hard, how long to rest, and what comes of it.
INSTRUCTION_FIELDS: Final = (
    "exercise", "group_number", "sets", "reps_min", "reps_max", "weight", "weight_unit", "percent", "rpe", "duration_seconds",
    "distance_m", "rest_seconds", "instruction_notes", "progression", "set_targets",
)  # fmt: skip
_RULE_FIELDS: Final = ("rule", "training_max_percent", "increment", "increment_unit", "deload_percent", "deload_after")
_TARGET_FIELDS: Final = ("kind", "reps_min", "reps_max", "percent", "rpe", "duration_seconds")
# Of a program over HTTP, and of no file: who may see it is for whoever imports it to say, and a file holds all it needs.
_NOT_IN_FILES: Final = {"": ("id", "is_public"), "workout": ("workout_id", "workout_revision"), "instruction": ("exercise_id",)}
# TOML 1.0, basic strings: these must be escaped, and every other control character and DEL by its code.
_ESCAPES: Final = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t", "\r": r"\r", "\b": r"\b", "\f": r"\f"}
_TO_ESCAPE: Final = re.compile('[\x00-\x1f\x7f"\\\\]')
_NOBODY: Final = UUID(int=0)
_decoder: BodyDecoder[ProgramIn] = BodyDecoder(ProgramIn)
_decode_document = msgspec.json.Decoder(float_hook=Decimal).decode

Find = Callable[[str], UUID | str]


def parse(text: str) -> dict[str, Any]:
    """The data of a file, numbers exact; nothing is checked but that it is TOML of a format known here.

    Raises:
        Problem: import-refused, with the line where it is no TOML.
    """
    try:
        data = tomllib.loads(text, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise Problem("import-refused", f"this is not TOML: {error}") from None
    if data.get("format") != FORMAT:
        raise Problem("import-refused", f"format must be {FORMAT}: that is what this version reads")
    return data


def _number(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(f"{text} is no number that can be trained")
    return value


def read(text: str, find: Find) -> ProgramIn:
    """The program of a file, checked as one that came over HTTP is.

    `find` gives the exercise that a slug or a name means, or says why there is none.

    Raises:
        Problem: import-refused (no TOML, or another format); invalid, with a pointer into the file for everything that is
            wrong, all at once: /workouts/0/instructions/2/exercise is the third instruction of the first workout.
    """
    data = parse(text)
    del data["format"]
    wrong: list[FieldError] = []
    body = _body(data, find, wrong)
    try:
        program = _decoder.decode(encode(body))
    except Problem as problem:
        wrong.extend(FieldError(re.sub(r"/exercise_id$", "/exercise", e.pointer), e.detail) for e in problem.errors)
    if wrong:
        raise Problem("invalid", errors=wrong[:MAX_ERRORS])
    return program


def _body(data: dict[str, Any], find: Find, wrong: list[FieldError]) -> dict[str, Any]:
    """A file's data in the form of a request's body. What is of the wrong type is left for the body's decoder to say."""
    _refuse(data, "", "", wrong)
    body = dict(data)
    days = data.get("days")
    if isinstance(days, list):
        body["days"] = [{"workouts": day} if isinstance(day, list) else day for day in days]
    workouts = data.get("workouts")
    if isinstance(workouts, list):
        body["workouts"] = [_workout(each, f"/workouts/{n}", find, wrong) for n, each in enumerate(workouts)]
    return body


def _workout(workout: Any, pointer: str, find: Find, wrong: list[FieldError]) -> Any:
    if not isinstance(workout, dict):
        return workout
    _refuse(workout, "workout", pointer, wrong)
    instructions = workout.get("instructions")
    if not isinstance(instructions, list):
        return workout
    found = [_instruction_body(each, f"{pointer}/instructions/{n}", find, wrong) for n, each in enumerate(instructions)]
    return {**workout, "instructions": found}


def _instruction_body(instruction: Any, pointer: str, find: Find, wrong: list[FieldError]) -> Any:
    if not isinstance(instruction, dict):
        return instruction
    _refuse(instruction, "instruction", pointer, wrong)
    rest = {name: value for name, value in instruction.items() if name != "exercise"}
    named = instruction.get("exercise")
    found: UUID | str = _NOBODY
    # What is like an unknown name takes milliseconds to find: a file of 100,000 of them would take minutes to refuse.
    if len(wrong) < MAX_ERRORS:
        found = find(named) if isinstance(named, str) else "must be the slug or the name of an exercise"
    if isinstance(found, str):
        wrong.append(FieldError(f"{pointer}/exercise", found))
        found = _NOBODY
    return {**rest, "exercise_id": str(found)}


def _refuse(table: dict[str, Any], kind: str, pointer: str, wrong: list[FieldError]) -> None:
    found = [name for name in _NOT_IN_FILES[kind] if table.pop(name, None) is not None]
    wrong.extend(FieldError(f"{pointer}/{name}", "is not a field of a program file") for name in found)


def from_document(document: bytes, slugs: Mapping[UUID, str]) -> str:
    """The file of a program as the API answers it. `slugs` are the built-in exercises'; the others go by their names.

    Raises:
        Problem: conflict, where an exercise of one's own has for its name the slug of a built-in one: whoever reads the
            file would take it for that one.
    """
    program = _decode_document(document)
    for workout in program["workouts"]:
        for instruction in workout["instructions"]:
            slug, name = slugs.get(UUID(instruction["exercise_id"])), instruction["exercise_name"]
            if slug is None and name in slugs.values():
                raise Problem("conflict", f"your exercise {name!r} has the slug of a built-in one for its name: rename it first")
            instruction["exercise"] = slug or name
    days = [{**day, "workouts": [each["workout_key"] for each in day["workouts"]]} for day in program["days"]]
    return write({**program, "days": days})


def write(program: Mapping[str, Any]) -> str:
    """A program as the text of a file. The same program is the same text, byte for byte.

    `program` has program_name, description, days (each {day_name, day_notes, workouts: keys}) and workouts (each
    {workout_key, workout_name, description, instructions}), with `exercise` in each instruction; what is None is left out.
    """
    return "\n".join([*_head(program), *_days(program["days"]), *_workouts(program["workouts"])]) + "\n"


def _head(program: Mapping[str, Any]) -> Iterator[str]:
    yield _FIRST_LINE
    yield f"format = {FORMAT}"
    yield f"program_name = {_text(program['program_name'])}"
    if program.get("description") is not None:
        yield f"description = {_text(program['description'])}"
    yield ""


def _days(days: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A week a line; a day with a name or notes has a line of its own."""
    yield "# The days in order, a week a line; [] is a rest day."
    yield "days = ["
    for start in range(0, len(days), _DAYS_A_LINE):
        line: list[str] = []
        for day in days[start : start + _DAYS_A_LINE]:
            if day.get("day_name") is None and day.get("day_notes") is None:
                line.append(_value(day["workouts"]))
                continue
            if line:
                yield f"  {', '.join(line)},"
            line = []
            yield f"  {_table(day, ('day_name', 'day_notes', 'workouts'))},"
        if line:
            yield f"  {', '.join(line)},"
    yield "]"


def _workouts(workouts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for workout in workouts:
        yield ""
        yield "[[workouts]]"
        for name in ("workout_key", "workout_name", "description"):
            if workout.get(name) is not None:
                yield f"{name} = {_text(workout[name])}"
        yield "instructions = ["
        for instruction in workout["instructions"]:
            yield from _instruction(instruction)
        yield "]"


def _instruction(instruction: Mapping[str, Any]) -> Iterator[str]:
    """One line; sets that differ have a line each, since an array may be broken where an inline table may not."""
    targets = instruction.get("set_targets")
    if targets is None:
        yield f"  {_table(instruction, INSTRUCTION_FIELDS)},"
        return
    # Their number is the number of sets, which is not said twice.
    fields = [name for name in INSTRUCTION_FIELDS if name not in ("sets", "set_targets")]
    yield f"  {_table(instruction, fields)[:-2]}, set_targets = ["
    for target in targets:
        yield f"    {_table(target, _TARGET_FIELDS)},"
    yield "  ] },"


def _table(fields: Mapping[str, Any], names: Sequence[str]) -> str:
    """An inline table of these names, in their order; what is None is left out."""
    parts = [f"{name} = {_value(fields[name])}" for name in names if fields.get(name) is not None]
    return f"{{ {', '.join(parts)} }}"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):  # the only table within an instruction but its targets
        return _table(value, _RULE_FIELDS)
    return f"[{', '.join(_value(part) for part in value)}]"


def _text(value: str) -> str:
    """A basic string: one line whatever it holds, so that no rule about line ends or closing quotes can change it."""
    return f'"{_TO_ESCAPE.sub(_escape, value)}"'


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0], f"\\u{ord(found[0]):04x}")
