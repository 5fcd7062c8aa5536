"""The plan of an import: what of a parsed file is new, and the rows that it becomes. Pure: no I/O, no clock.

Apart from rules.py because the two together pass 400 lines (docs/decisions/0004).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any, Final, NamedTuple
from uuid import UUID

from reptrail.measurements.rules import MeasurementEntry
from reptrail.training.rules import SMALLINT_MAX, SetKind, SetLoad, to_kg
from reptrail.transfer.formats import hevy
from reptrail.transfer.formats.parsed import Issue, ParsedExercise, ParsedFile, ParsedMeasurement, ParsedSession, ParsedSet
from reptrail.transfer.rules import (
    BEFORE_FIRST,
    FIRST_INSTANT,
    Counts,
    NamedExercise,
    NewExercise,
    NewPerformance,
    NewSession,
    NewSet,
    Resolved,
    Summary,
    builtin_metrics,
    implausible,
    resolve_load,
    utc_span,
    year_error,
)

# A weight of 29 digits times 0.45359237 must come out to the digit, as PostgreSQL computes it.
_PRECISION_DIGITS: Final = 60


@dataclass(slots=True)
class KnownPerformance:
    """A performance that an import made: the natural keys of its sets, and what its active sets add up to."""

    id: UUID
    exercise_id: UUID
    is_active: bool = True
    keys: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    reps: int = 0
    seconds: int = 0


@dataclass(slots=True)
class KnownSession:
    """A session that an import made, or is to make. Its performances are by the block of the file they are from."""

    id: UUID
    own_workout_id: UUID
    is_active: bool = True
    last_position: int = 0
    performances: dict[str, KnownPerformance] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """All that an import would write. `grown` are the performances, known already, that get more sets."""

    counts: Counts
    issues: list[Issue]
    exercises: list[NamedExercise] = field(default_factory=list)
    new_exercises: list[NewExercise] = field(default_factory=list)
    sessions: list[NewSession] = field(default_factory=list)
    performances: list[NewPerformance] = field(default_factory=list)
    sets: list[NewSet] = field(default_factory=list)
    measurements: list[MeasurementEntry] = field(default_factory=list)
    grown: set[UUID] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Whether the file holds nothing that is not there."""
        return not self.sets and not self.measurements


class _Taken(NamedTuple):
    """A set of the file with its natural key within its session, and what its weight means."""

    parsed: ParsedSet
    key: str
    load: SetLoad
    weight: Decimal | None

    @property
    def kg(self) -> Decimal | None:
        return to_kg(self.weight, self.parsed.weight_unit)


def set_key(name: str, occurrence: int, position: int) -> str:
    """The natural key of a set within its session: which block of the exercise (from 1), its place there, and the name.

    The name and not the block's number in the session: an exercise put in before it must not make every later set new.
    """
    return f"{occurrence}.{position}:{name}"


def block_of(key: str) -> str:
    """The block of a set's natural key."""
    place, _, name = key.partition(":")
    return block_key(name, place.partition(".")[0])


def block_key(name: str, occurrence: int | str) -> str:
    """The block of an exercise within its session."""
    return f"{occurrence}:{name}"


def known_sessions(
    sessions: Iterable[Any], performances: Iterable[Any], sets: Iterable[Any], undone: frozenset[UUID]
) -> dict[str, KnownSession]:
    """What of a file is there already, by the sessions' natural keys, from the rows of the queries KNOWN_*.

    What was hidden with an import that is undone is not there, and neither is what hangs on it.
    """
    by_key: dict[str, KnownSession] = {}
    for row in sessions:
        by_key[row["import_key"]] = KnownSession(row["id"], row["own_workout_id"], row["is_active"], row["last_position"])
    by_id = {session.id: session for session in by_key.values()}
    placed: dict[UUID, tuple[KnownSession, KnownPerformance]] = {}
    for row in performances:
        session = by_id.get(row["user_workout_session_id"])
        if session is not None and (row["is_active"] or row["import_id"] not in undone):
            placed[row["id"]] = session, KnownPerformance(row["id"], row["exercise_id"], row["is_active"])
    for row in sets:
        session, performance = placed.get(row["user_exercise_performance_id"], (None, None))
        if session is None or performance is None:
            continue
        if row["is_active"]:
            performance.numbers.add(row["set_number"])
            if row["kind"] != SetKind.WARMUP:
                performance.reps += row["reps"] or 0
                performance.seconds += row["duration_seconds"] or 0
        if row["import_key"] is not None and (row["is_active"] or row["import_id"] not in undone):
            performance.keys.add(row["import_key"])
            session.performances.setdefault(block_of(row["import_key"]), performance)
    return by_key


class Planner:
    """Makes the plan of one file."""

    def __init__(
        self,
        parsed: ParsedFile,
        resolved: Mapping[str, Resolved],
        known: Mapping[str, KnownSession],
        known_measurements: set[str],
        make_id: Callable[[], UUID],
    ) -> None:
        self._parsed = parsed
        self._resolved = resolved
        self._known = known
        self._known_measurements = known_measurements
        self._make_id = make_id
        self._sets_of: Counter[str] = Counter()
        self._new_exercises: dict[UUID, NewExercise] = {}
        self._plan = Plan(Counts(rows=parsed.rows, skipped=parsed.skipped), list(parsed.issues))

    def plan(self, time_zone: str) -> Plan:
        """The plan; `time_zone` is where the file's wall clock hung."""
        plan, counts = self._plan, self._plan.counts
        with localcontext() as context:
            context.prec = _PRECISION_DIGITS
            for session in self._parsed.sessions:
                self._session(session, time_zone)
            # In the order of time (it stands in the key), for of one day's values the last stored counts.
            for measurement in sorted(self._parsed.measurements, key=lambda each: each.key):
                self._measurement(measurement)
        plan.new_exercises = list(self._new_exercises.values())
        plan.exercises = [self._named(name, resolved) for name, resolved in self._resolved.items() if self._sets_of[name]]
        plan.issues.sort(key=lambda issue: issue.line)
        counts.sessions_new, counts.performances_new = len(plan.sessions), len(plan.performances)
        counts.sets_new, counts.sets_present = len(plan.sets), counts.sets - len(plan.sets)
        counts.exercises, counts.exercises_new = len(plan.exercises), len(plan.new_exercises)
        counts.measurements, counts.measurements_new = len(self._parsed.measurements), len(plan.measurements)
        counts.errors = sum(issue.severity == "error" for issue in plan.issues)
        counts.warnings = len(plan.issues) - counts.errors
        return plan

    def _named(self, name: str, resolved: Resolved) -> NamedExercise:
        exercise = resolved.exercise
        exercise_id = exercise.id if resolved.new is None or exercise.id in self._new_exercises else None
        return NamedExercise(name, exercise_id, exercise.name, resolved.how, self._sets_of[name])

    def _session(self, session: ParsedSession, time_zone: str) -> None:
        wrong = year_error(session.started_at) or (session.ended_at and year_error(session.ended_at))
        span = None if wrong else utc_span(session, time_zone, states_end=self._parsed.format == hevy.SLUG)
        if span is None or span.started_at < FIRST_INSTANT:
            for exercise in session.exercises:
                self._leave_out(exercise.sets, "start", session.started_at.isoformat(" "), wrong or BEFORE_FIRST)
            return
        known = self._known.get(session.key)
        target = known or KnownSession(self._make_id(), self._make_id())
        sets_before = self._plan.counts.sets
        occurrences: Counter[str] = Counter()
        for exercise in session.exercises:
            occurrences[exercise.name] += 1
            self._block(target, exercise, occurrences[exercise.name])
        self._plan.counts.sessions += self._plan.counts.sets > sets_before
        if known is None and target.last_position:
            self._plan.sessions.append(
                NewSession(
                    target.id,
                    target.own_workout_id,
                    self._make_id(),
                    session.name,
                    *span,
                    session.notes,
                    session.key,
                    session.effort_rating,
                    session.soreness_rating,
                )
            )

    def _block(self, target: KnownSession, exercise: ParsedExercise, occurrence: int) -> None:
        taken = self._take(exercise, occurrence)
        performance = target.performances.get(block_key(exercise.name, occurrence))
        fresh: list[_Taken] = []
        # What the athlete deleted by hand stays deleted, and nothing is added to it.
        if target.is_active and (performance is None or performance.is_active):
            present = performance.keys if performance else set()
            fresh = [each for each in taken if each.key not in present]
        numbers = _set_numbers(fresh, performance)
        too_many = _too_many(fresh, numbers, performance, target.last_position)
        if too_many:
            self._leave_out([each.parsed for each in fresh], "exercise", exercise.name, too_many)
            left_out = {each.key for each in fresh}
            taken, fresh = [each for each in taken if each.key not in left_out], []
        self._count(exercise.name, taken)
        if fresh:
            self._add(target, exercise, performance, list(zip(fresh, numbers, strict=True)))

    def _take(self, exercise: ParsedExercise, occurrence: int) -> list[_Taken]:
        exercise_load = self._resolved[exercise.name].exercise.load
        taken = []
        for each in exercise.sets:
            stated = None if each.load is None else (each.load, each.weight)
            meant = stated or resolve_load(exercise.load_hint, exercise_load, each.weight)
            if meant is None:
                reason = "a negative weight is assistance, and this exercise has none"
                self._leave_out([each], "weight", str(each.weight), reason)
            else:
                taken.append(_Taken(each, set_key(exercise.name, occurrence, each.position), *meant))
        return taken

    def _leave_out(self, sets: Iterable[ParsedSet], column: str, value: str, reason: str) -> None:
        self._plan.issues += [Issue(each.line, column, value, reason) for each in sets]

    def _count(self, name: str, taken: list[_Taken]) -> None:
        counts = self._plan.counts
        self._sets_of[name] += len(taken)
        counts.sets += len(taken)
        counts.warmups += sum(each.parsed.kind is SetKind.WARMUP for each in taken)
        counts.volume_kg += sum((kg * (each.parsed.reps or 0) for each in taken if (kg := each.kg) is not None), Decimal(0))

    def _add(
        self,
        target: KnownSession,
        exercise: ParsedExercise,
        performance: KnownPerformance | None,
        numbered: list[tuple[_Taken, int]],
    ) -> None:
        if performance is None:
            made = self._performance(target, exercise, [taken for taken, _ in numbered])
            performance_id, exercise_id = made.id, made.exercise_id
        else:
            performance_id, exercise_id = performance.id, performance.exercise_id
            self._plan.grown.add(performance_id)
        self._plan.sets += [
            NewSet(
                self._make_id(),
                performance_id,
                exercise_id,
                number,
                taken.parsed.kind,
                taken.parsed.reps,
                taken.weight,
                taken.parsed.weight_unit,
                taken.load,
                taken.parsed.duration_seconds,
                taken.parsed.distance_m,
                taken.parsed.rpe,
                taken.parsed.notes,
                taken.key,
            )
            for taken, number in numbered
        ]

    def _performance(self, target: KnownSession, exercise: ParsedExercise, taken: list[_Taken]) -> NewPerformance:
        resolved = self._resolved[exercise.name]
        if resolved.new is not None:
            self._new_exercises[resolved.new.id] = resolved.new
        target.last_position += 1
        made = NewPerformance(
            id=self._make_id(),
            session_id=target.id,
            instruction_id=self._make_id(),
            workout_id=target.own_workout_id,
            position=target.last_position,
            group_number=exercise.group_number,
            exercise_id=resolved.exercise.id,
            notes=exercise.notes,
            summary=_summary(taken),
        )
        self._plan.performances.append(made)
        return made

    def _measurement(self, measured: ParsedMeasurement) -> None:
        when = year_error(measured.measurement_date)
        if when is not None:
            self._plan.issues.append(Issue(measured.line, "date", measured.measurement_date.isoformat(), when))
            return
        wrong = implausible(measured)
        if wrong is not None:
            value = f"{measured.value} {measured.unit}"
            self._plan.issues.append(Issue(measured.line, measured.metric, value, wrong, "warning"))
        if measured.key not in self._known_measurements:
            self._plan.measurements.append(
                MeasurementEntry(
                    id=None,
                    metric_id=builtin_metrics()[measured.metric].id,
                    measured_value=measured.value,
                    unit=measured.unit,
                    measurement_date=measured.measurement_date,
                    measurement_notes=measured.notes,
                    measurement_source=measured.source,
                    import_key=measured.key,
                )
            )


def _summary(taken: list[_Taken]) -> Summary:
    counted = [each for each in taken if each.parsed.kind is not SetKind.WARMUP]
    reps = [each.parsed.reps for each in counted if each.parsed.reps is not None]
    seconds = [each.parsed.duration_seconds for each in counted if each.parsed.duration_seconds is not None]
    return Summary(
        sets_completed=len(counted),
        reps_completed=sum(reps) if reps else None,
        weight_used_kg=max((kg for each in counted if each.load is not SetLoad.ASSISTED and (kg := each.kg)), default=None),
        duration_seconds=sum(seconds) if seconds else None,
    )


def _set_numbers(fresh: list[_Taken], performance: KnownPerformance | None) -> list[int]:
    """The number of each set: its place in the file, or, where a set logged by hand has that, the next free one."""
    used = set(performance.numbers) if performance else set()
    numbers = []
    for each in fresh:
        number = each.parsed.position + 1
        if number in used:
            number = max(used) + 1
        used.add(number)
        numbers.append(number)
    return numbers


def _too_many(fresh: list[_Taken], numbers: list[int], performance: KnownPerformance | None, last_position: int) -> str | None:
    """Why a performance cannot hold these sets too (its columns are SMALLINT), None if it can."""
    counted = [each.parsed for each in fresh if each.parsed.kind is not SetKind.WARMUP]
    reps = sum(each.reps or 0 for each in counted) + (performance.reps if performance else 0)
    seconds = sum(each.duration_seconds or 0 for each in counted) + (performance.seconds if performance else 0)
    for what, value in (
        ("reps", reps),
        ("seconds", seconds),
        ("sets", max(numbers, default=0)),
        ("exercises", 0 if performance else last_position + 1),
    ):
        if fresh and value > SMALLINT_MAX:
            return f"{value:,} {what} in one session are more than the {SMALLINT_MAX:,} it can hold"
    return None
