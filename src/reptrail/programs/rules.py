"""What a program is and how two revisions of one differ: pure, no I/O, no clock."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec

MAX_DAYS: Final = 1_100
MAX_WORKOUTS: Final = 60
MAX_WORKOUTS_PER_DAY: Final = 6
MAX_KEY_CHARACTERS: Final = 40
# Of a program file.
MAX_FILE_CHARACTERS: Final = 4 * 1024 * 1024

_PROGRAM_FIELDS: Final = ("program_name", "description", "is_public")
_DAY_FIELDS: Final = ("day_name", "day_notes")
_WORKOUT_FIELDS: Final = ("workout_name", "description")
_INSTRUCTION_FIELDS: Final = (
    "exercise_id", "group_number", "sets", "reps_min", "reps_max", "weight", "weight_unit", "percent", "rpe", "rest_seconds",
    "duration_seconds", "distance_m", "set_targets", "progression", "instruction_notes",
)  # fmt: skip


class WorkoutKind(StrEnum):
    """Where a workout of a program belongs: to the catalogue, or to the program alone."""

    CATALOG = "CATALOG"
    PROGRAM = "PROGRAM"


@dataclass(frozen=True, slots=True)
class DayWorkout:
    """A workout of a day, in the revision that the program pins."""

    position: int
    workout_id: UUID
    workout_revision: int


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day of a program; without workouts, a rest day."""

    day_number: int
    workouts: tuple[DayWorkout, ...]


@dataclass(frozen=True, slots=True)
class ProgramPlan:
    """What enrolling in a revision of a program means: which workouts on which day.

    `user_id` is the owner's, None for a built-in program. `is_active` is false for one that was archived, or that its owner
    made private: who is enrolled goes on, nobody enrolls anew.
    """

    program_id: UUID
    user_id: UUID | None
    is_public: bool
    is_active: bool
    revision: int
    latest_revision: int
    program_name: str
    day_count: int
    days: tuple[PlannedDay, ...]


def planned_days(day_count: int, places: Iterable[tuple[int, int, UUID, int]]) -> tuple[PlannedDay, ...]:
    """The days 1 to `day_count`; `places` are (day number, position, workout, revision) in order."""
    workouts: dict[int, list[DayWorkout]] = {number: [] for number in range(1, day_count + 1)}
    for number, position, workout_id, revision in places:
        workouts[number].append(DayWorkout(position, workout_id, revision))
    return tuple(PlannedDay(number, tuple(each)) for number, each in workouts.items())


class FieldChange(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """A field that differs, with its value in either revision."""

    field: str
    before: Any
    after: Any


class DayChange(msgspec.Struct, frozen=True):
    """A day that differs. Added and removed days are at the end, since days count through; `workouts_*` are keys."""

    day_number: int
    change: str
    workouts_in: list[str]
    workouts_out: list[str]
    fields: list[FieldChange]
    sentence: str


class InstructionChange(msgspec.Struct, frozen=True):
    """An instruction that was added, removed or changed; `position` is that of the later revision, of the earlier if removed."""

    position: int
    exercise_id: UUID
    exercise_name: str
    change: str
    fields: list[FieldChange]
    sentence: str


class WorkoutChange(msgspec.Struct, frozen=True):
    """A workout, by its key, that was added, removed or changed."""

    workout_key: str
    workout_name: str
    change: str
    fields: list[FieldChange]
    instructions: list[InstructionChange]
    sentence: str


class Difference(msgspec.Struct, frozen=True):
    """What a later revision of a program says otherwise than an earlier one: as data, with a short sentence on each thing.

    `change` is one of added, removed, changed.
    """

    program_id: UUID
    from_revision: int
    to_revision: int
    fields: list[FieldChange]
    days: list[DayChange]
    workouts: list[WorkoutChange]
    sentences: list[str]


Json = Mapping[str, Any]


def difference(before: Json, after: Json) -> Difference:
    """How two revisions of a program differ; both are documents as the API answers them (wire.ProgramOut), decoded."""
    fields = _fields(before, after, _PROGRAM_FIELDS)
    days = list(_days(before["days"], after["days"]))
    workouts = list(_workouts(before["workouts"], after["workouts"]))
    sentences = [_sentence("The program", fields)] if fields else []
    sentences += [each.sentence for each in days]
    for workout in workouts:
        sentences += [each.sentence for each in workout.instructions] if workout.change == "changed" else []
        if workout.sentence:
            sentences.append(workout.sentence)
    revisions = before["revision"], after["revision"]
    return Difference(UUID(after["id"]), *revisions, fields, days, workouts, sentences)


def _fields(before: Json, after: Json, names: Sequence[str]) -> list[FieldChange]:
    return [FieldChange(name, before[name], after[name]) for name in names if before[name] != after[name]]


def _days(before: Sequence[Json], after: Sequence[Json]) -> Iterator[DayChange]:
    shared = min(len(before), len(after))
    for old, new in zip(before[:shared], after[:shared], strict=True):
        gone, come = _keys(old), _keys(new)
        fields = _fields(old, new, _DAY_FIELDS)
        if gone != come or fields:
            out, into = list((Counter(gone) - Counter(come)).elements()), list((Counter(come) - Counter(gone)).elements())
            yield DayChange(new["day_number"], "changed", into, out, fields, _day_sentence(new, into, out, fields))
    for old in before[shared:]:
        yield DayChange(old["day_number"], "removed", [], _keys(old), [], f"Day {old['day_number']} is gone")
    for new in after[shared:]:
        said = ", ".join(_keys(new)) or "rest"
        yield DayChange(new["day_number"], "added", _keys(new), [], [], f"Day {new['day_number']} is new: {said}")


def _keys(day: Json) -> list[str]:
    return [each["workout_key"] for each in day["workouts"]]


def _day_sentence(day: Json, into: list[str], out: list[str], fields: list[FieldChange]) -> str:
    name = f"Day {day['day_number']}"
    if into and out:
        return f"{name}: {', '.join(into)} instead of {', '.join(out)}"
    if into:
        return f"{name}: {', '.join(into)} " + ("instead of rest" if len(into) == len(day["workouts"]) else "as well")
    if out:
        return f"{name}: " + ("no longer" if day["workouts"] else "rest instead of") + f" {', '.join(out)}"
    return _sentence(name, fields) if fields else f"{name}: the same workouts in another order"


def _workouts(before: Sequence[Json], after: Sequence[Json]) -> Iterator[WorkoutChange]:
    old_ones, new_ones = ({each["workout_key"]: each for each in side} for side in (before, after))
    for key, new in new_ones.items():
        old = old_ones.get(key)
        name = new["workout_name"]
        if old is None:
            yield WorkoutChange(key, name, "added", [], [], f"{key} is new: {name}")
        else:
            fields = [*_fields(old, new, _WORKOUT_FIELDS), *_order(old["instructions"], new["instructions"])]
            instructions = list(_instructions(old["instructions"], new["instructions"]))
            if fields or instructions:
                yield WorkoutChange(key, name, "changed", fields, instructions, _sentence(key, fields) if fields else "")
    for key, old in old_ones.items():
        if key not in new_ones:
            yield WorkoutChange(key, old["workout_name"], "removed", [], [], f"{key} is gone: {old['workout_name']}")


def _numbered(instructions: Sequence[Json]) -> dict[tuple[str, int], Json]:
    """Instructions by what they are of: an exercise may come several times in a workout, and then counts through."""
    seen: Counter[str] = Counter()
    found = {}
    for each in instructions:
        exercise = each["exercise_id"]
        seen[exercise] += 1
        found[exercise, seen[exercise]] = each
    return found


def _order(before: Sequence[Json], after: Sequence[Json]) -> list[FieldChange]:
    """That what stands in both stands in another order."""
    old, new = _numbered(before), _numbered(after)
    names = [[side[key]["exercise_name"] for key in side if key in old and key in new] for side in (old, new)]
    return [FieldChange("order", *names)] if names[0] != names[1] else []


def _instructions(before: Sequence[Json], after: Sequence[Json]) -> Iterator[InstructionChange]:
    old_ones, new_ones = _numbered(before), _numbered(after)
    for key, new in new_ones.items():
        old, name = old_ones.get(key), new["exercise_name"]
        if old is None:
            yield _instruction(new, "added", [], f"{name} is new")
        elif fields := _fields(old, new, _INSTRUCTION_FIELDS):
            yield _instruction(new, "changed", fields, _sentence(name, fields))
    for key, old in old_ones.items():
        if key not in new_ones:
            yield _instruction(old, "removed", [], f"{old['exercise_name']} is gone")


def _instruction(told: Json, change: str, fields: list[FieldChange], sentence: str) -> InstructionChange:
    return InstructionChange(told["position"], UUID(told["exercise_id"]), told["exercise_name"], change, fields, sentence)


def _sentence(name: str, fields: Iterable[FieldChange]) -> str:
    return f"{name}: {', '.join(map(_said, fields))}"


_SAID: Final = {
    "sets": "{} sets", "reps_min": "at least {} reps", "reps_max": "at most {} reps", "percent": "{} % of the training max",
    "rpe": "RPE {}", "rest_seconds": "{} s of rest", "duration_seconds": "{} s", "distance_m": "{} m", "weight": "weight {}",
    "weight_unit": "weight in {}", "group_number": "superset {}", "program_name": "is named {}", "workout_name": "is named {}",
    "day_name": "is named {}",
}  # fmt: skip
# Too long to be said in a sentence: the data has them.
_UNSAID: Final = {
    "description": "another description", "day_notes": "other notes", "instruction_notes": "other notes",
    "set_targets": "other targets set by set", "order": "another order",
}  # fmt: skip


def _said(change: FieldChange) -> str:
    if change.field in _UNSAID:
        return _UNSAID[change.field]
    if change.field == "is_public":
        return "is public now" if change.after else "is private now"
    if change.field == "progression":
        old, new = (None if side is None else side["rule"] for side in (change.before, change.after))
        return f"other constants of the rule {new}" if old == new else f"rule {new or 'none'} instead of {old or 'none'}"
    if change.after is None:
        return f"no {change.field.replace('_', ' ')} instead of {change.before}"
    said = _SAID[change.field].format(change.after)
    return said if change.before is None else f"{said} instead of {change.before}"
