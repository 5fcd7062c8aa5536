"""What a program is and how two revisions of one differ: pure, no I/O, no clock."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec

from reptrail.programs.words import CHANGES, UNSAID
from reptrail.sentences import Listed, Said, Sentence

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

    `change` is one of added, removed, changed. `said` are the sentences by code, for who says them in another language.
    """

    program_id: UUID
    from_revision: int
    to_revision: int
    fields: list[FieldChange]
    days: list[DayChange]
    workouts: list[WorkoutChange]
    sentences: list[str]
    said: list[Said]


Json = Mapping[str, Any]


def difference(before: Json, after: Json) -> Difference:
    """How two revisions of a program differ; both are documents as the API answers them (wire.ProgramOut), decoded."""
    fields = _fields(before, after, _PROGRAM_FIELDS)
    days = list(_days(before["days"], after["days"]))
    workouts = list(_workouts(before["workouts"], after["workouts"]))
    found = [CHANGES.say("program", changes=_changes(fields))] if fields else []
    found += [sentence for _, sentence in days]
    for workout, instructions, sentence in workouts:
        found += instructions if workout.change == "changed" else []
        found += [sentence] if sentence else []
    return Difference(
        UUID(after["id"]),
        before["revision"],
        after["revision"],
        fields,
        [day for day, _ in days],
        [workout for workout, _, _ in workouts],
        [str(each) for each in found],
        [each.said for each in found],
    )


def _fields(before: Json, after: Json, names: Sequence[str]) -> list[FieldChange]:
    return [FieldChange(name, before[name], after[name]) for name in names if before[name] != after[name]]


def _days(before: Sequence[Json], after: Sequence[Json]) -> Iterator[tuple[DayChange, Sentence]]:
    shared = min(len(before), len(after))
    for old, new in zip(before[:shared], after[:shared], strict=True):
        gone, come = _keys(old), _keys(new)
        fields = _fields(old, new, _DAY_FIELDS)
        if gone != come or fields:
            out, into = list((Counter(gone) - Counter(come)).elements()), list((Counter(come) - Counter(gone)).elements())
            said = _day_sentence(new, into, out, fields)
            yield DayChange(new["day_number"], "changed", into, out, fields, str(said)), said
    for old in before[shared:]:
        said = CHANGES.say("day_gone", day=old["day_number"])
        yield DayChange(old["day_number"], "removed", [], _keys(old), [], str(said)), said
    for new in after[shared:]:
        day, keys = new["day_number"], _keys(new)
        said = CHANGES.say("day_new", day=day, workouts=Listed(keys)) if keys else CHANGES.say("day_new_rest", day=day)
        yield DayChange(day, "added", keys, [], [], str(said)), said


def _keys(day: Json) -> list[str]:
    return [each["workout_key"] for each in day["workouts"]]


def _day_sentence(day: Json, into: list[str], out: list[str], fields: list[FieldChange]) -> Sentence:
    number = day["day_number"]
    if into and out:
        return CHANGES.say("day_instead", day=number, into=Listed(into), out=Listed(out))
    if into:
        code = "day_from_rest" if len(into) == len(day["workouts"]) else "day_as_well"
        return CHANGES.say(code, day=number, into=Listed(into))
    if out:
        return CHANGES.say("day_no_longer" if day["workouts"] else "day_to_rest", day=number, out=Listed(out))
    return CHANGES.say("day", day=number, changes=_changes(fields)) if fields else CHANGES.say("day_order", day=number)


# A workout that differs, what is said of its exercises, and of itself.
_WorkoutSaid = tuple[WorkoutChange, list[Sentence], Sentence | None]


def _workouts(before: Sequence[Json], after: Sequence[Json]) -> Iterator[_WorkoutSaid]:
    old_ones, new_ones = ({each["workout_key"]: each for each in side} for side in (before, after))
    for key, new in new_ones.items():
        old = old_ones.get(key)
        name = new["workout_name"]
        if old is None:
            said = CHANGES.say("workout_new", key=key, name=name)
            yield WorkoutChange(key, name, "added", [], [], str(said)), [], said
        else:
            fields = [*_fields(old, new, _WORKOUT_FIELDS), *_order(old["instructions"], new["instructions"])]
            instructions = list(_instructions(old["instructions"], new["instructions"]))
            if fields or instructions:
                own = CHANGES.say("named", name=key, changes=_changes(fields)) if fields else None
                changes = [change for change, _ in instructions]
                told = WorkoutChange(key, name, "changed", fields, changes, str(own or ""))
                yield told, [each for _, each in instructions], own
    for key, old in old_ones.items():
        if key not in new_ones:
            said = CHANGES.say("workout_gone", key=key, name=old["workout_name"])
            yield WorkoutChange(key, old["workout_name"], "removed", [], [], str(said)), [], said


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


def _instructions(before: Sequence[Json], after: Sequence[Json]) -> Iterator[tuple[InstructionChange, Sentence]]:
    old_ones, new_ones = _numbered(before), _numbered(after)
    for key, new in new_ones.items():
        old, name = old_ones.get(key), new["exercise_name"]
        if old is None:
            yield _instruction(new, "added", [], CHANGES.say("exercise_new", name=name))
        elif fields := _fields(old, new, _INSTRUCTION_FIELDS):
            yield _instruction(new, "changed", fields, CHANGES.say("named", name=name, changes=_changes(fields)))
    for key, old in old_ones.items():
        if key not in new_ones:
            yield _instruction(old, "removed", [], CHANGES.say("exercise_gone", name=old["exercise_name"]))


def _instruction(told: Json, change: str, fields: list[FieldChange], said: Sentence) -> tuple[InstructionChange, Sentence]:
    exercise_id = UUID(told["exercise_id"])
    return InstructionChange(told["position"], exercise_id, told["exercise_name"], change, fields, str(said)), said


def _changes(fields: Iterable[FieldChange]) -> Listed:
    return Listed([_said(each) for each in fields])


def _said(change: FieldChange) -> Sentence:
    field, was, to = change.field, change.before, change.after
    if field in UNSAID:
        return CHANGES.say(field)
    if field == "is_public":
        return CHANGES.say("public" if to else "private")
    if field == "progression":
        return _rule(*(None if side is None else str(side["rule"]) for side in (was, to)))
    if to is None:
        return CHANGES.say(f"no_{field}", was=was)
    said = CHANGES.say(field, to=to)
    return said if was is None else CHANGES.say("instead", said=said, was=was)


def _rule(was: str | None, to: str | None) -> Sentence:
    if was == to:
        return CHANGES.say("constants", to=str(to))
    if was is None:
        return CHANGES.say("rule_begun", to=str(to))
    return CHANGES.say("rule_gone", was=was) if to is None else CHANGES.say("rule", to=to, was=was)
