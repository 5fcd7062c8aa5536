"""The table of operations that can be pushed: for each what scope it needs, how its fields are decoded, and whose action it is.

Nothing is written here: each operation is done by the action that its route calls, so that it is held to the same rules.
A new kind of operation is an entry more.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from reptrail.catalog import actions as catalog
from reptrail.catalog.wire import ExerciseIn, ExercisePatch
from reptrail.coaching import actions as coaching
from reptrail.coaching.wire import CommentPatch
from reptrail.db.pool import Transaction
from reptrail.enrollments import actions as enrollments
from reptrail.enrollments import schedule
from reptrail.enrollments.rules import EnrollmentVerb
from reptrail.enrollments.wire import EnrollmentIn, EnrollmentPatch, ExtendIn, RescheduleIn, RestartIn, UpgradeIn
from reptrail.errors import FieldError, Problem, invalid, not_found
from reptrail.goals import actions as goals
from reptrail.goals.wire import GoalIn, GoalPatch
from reptrail.http.bodies import Body, BodyDecoder
from reptrail.measurements import actions as measurements
from reptrail.measurements.wire import MeasurementIn, MeasurementPatch
from reptrail.prescriptions import actions as prescriptions
from reptrail.prescriptions.rules import TrainingMax
from reptrail.prescriptions.wire import EquipmentIn
from reptrail.sync import queries
from reptrail.sync.rules import Action
from reptrail.sync.wire import CommentPush, EquipmentPatch, ExercisePush, PerformancePush, SetPush, TrainingMaxPush
from reptrail.training import actions as training
from reptrail.training import corrections, sets
from reptrail.training.rules import SessionChange, SessionVerb
from reptrail.training.wire import CompleteIn, SessionIn, SessionPatch, SetPatch, StartIn, SummaryFields

SESSION: Final = "user_workout_session"
PERFORMANCE: Final = "user_exercise_performance"
SET: Final = "user_set_performance"
INSTRUCTION: Final = "exercise_instruction"
MEASUREMENT: Final = "user_measurement"
ENROLLMENT: Final = "user_program_enrollment"
COMMENT: Final = "session_comment"
GOAL: Final = "user_goal"
EXERCISE: Final = "exercise"
EQUIPMENT: Final = "user_equipment"
TRAINING_MAX: Final = "user_training_max"

# Where there is one for what it is of: an insert of it is an edit of the one that is there.
ONE_OF_A_KIND: Final = frozenset({PERFORMANCE, EQUIPMENT})


class Nothing(Body):
    """The fields of an operation that takes none."""


@dataclass(frozen=True, slots=True)
class Target:
    """The row an operation is about; `session_id` is the session it hangs on, where there is one."""

    id: UUID
    session_id: UUID | None = None

    @property
    def session(self) -> UUID:
        """The session of a row that has one. Raises Problem (not-found) where it was deleted, or the row hangs on none."""
        if self.session_id is None:
            raise not_found()
        return self.session_id


Write = Callable[[Transaction, Target, Any], Awaitable[object]]
WriteMany = Callable[[Transaction, Sequence[tuple[UUID, Any]]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of operation. The scope is None where the action itself says which is needed, by what the row is of.

    `ways` are the ways in it may come by, all where there are none: some routes are the athlete's alone.
    `many` writes several of them at once, with the same results, where `group` says the same of each.
    """

    scope: str | None
    fields: type[Body]
    write: Write
    many: WriteMany | None = None
    group: Callable[[Any], object] = lambda _body: None
    ways: frozenset[str] = frozenset()


def _taken_over(row_id: UUID, body: Any) -> None:
    """The row's id is the operation's to say; raises Problem (invalid) where the fields name another."""
    if body.id not in (None, row_id):
        raise Problem("invalid", errors=[FieldError("/id", "is not the operation's row_id: leave it out")])
    body.id = row_id


# --- Workout sessions ------------------------------------------------------------------------------------------------


async def _insert_session(tx: Transaction, target: Target, body: SessionIn) -> None:
    _taken_over(target.id, body)
    plan = body.plan()
    if not await training.is_repeated(tx, plan):
        await training.create_session(tx, plan)
        await corrections.record_performances(tx, target.id, body.performances)


async def _update_session(tx: Transaction, target: Target, body: SessionPatch) -> None:
    await training.change_session(tx, target.id, SessionChange(body.given()), None)


async def _delete_session(tx: Transaction, target: Target, _body: Nothing) -> None:
    await training.delete_session(tx, target.id, None)


def _verb(verb: SessionVerb) -> Write:
    async def move(tx: Transaction, target: Target, body: Body) -> None:
        await training.change_session(tx, target.id, SessionChange(body.given()), None, verb)

    return move


async def _add_exercise(tx: Transaction, target: Target, body: ExercisePush) -> None:
    _taken_over(target.id, body)
    given = body.given()
    await training.add_exercises(tx, given.pop("user_workout_session_id"), [given])


async def _remove_exercise(tx: Transaction, target: Target, _body: Nothing) -> None:
    await corrections.remove_exercise(tx, target.session, target.id)


async def _reschedule(tx: Transaction, target: Target, body: RescheduleIn) -> None:
    await schedule.reschedule(tx, target.id, body, None)


async def _insert_comment(tx: Transaction, target: Target, body: CommentPush) -> None:
    _taken_over(target.id, body)
    await coaching.add_comment(tx, body.user_workout_session_id, target.id, body.comment_text)


async def _update_comment(tx: Transaction, target: Target, body: CommentPatch) -> None:
    await coaching.change_comment(tx, target.session, target.id, body.comment_text, None)


async def _delete_comment(tx: Transaction, target: Target, _body: Nothing) -> None:
    await coaching.delete_comment(tx, target.session, target.id, None)


# --- Enrollments and goals -------------------------------------------------------------------------------------------


async def _insert_enrollment(tx: Transaction, target: Target, body: EnrollmentIn) -> None:
    _taken_over(target.id, body)
    enrollment_id, _ = await enrollments.enroll(tx, body)
    if enrollment_id != target.id:  # a coach offers an upgrade of what was assigned before
        raise Problem("already-enrolled", "assign it over its route, which answers with the enrollment there is")


async def _update_enrollment(tx: Transaction, target: Target, body: EnrollmentPatch) -> None:
    await schedule.change(tx, target.id, body, None)


def _plain_verb(act: Callable[[Transaction, UUID, int | None], Awaitable[None]]) -> Write:
    async def move(tx: Transaction, target: Target, _body: Nothing) -> None:
        await act(tx, target.id, None)

    return move


async def _restart(tx: Transaction, target: Target, body: RestartIn) -> None:
    await enrollments.restart(tx, target.id, body, None)


async def _extend(tx: Transaction, target: Target, body: ExtendIn) -> None:
    await enrollments.extend(tx, target.id, body, None)


async def _upgrade(tx: Transaction, target: Target, body: UpgradeIn) -> None:
    await schedule.upgrade(tx, target.id, body, None)


async def _insert_goal(tx: Transaction, target: Target, body: GoalIn) -> None:
    _taken_over(target.id, body)
    names = ("exercise_id", "target_value", "target_unit", "start_date", "target_date", "goal_notes")
    metric_id = body.metric_id if body.metric is None else goals.metric_named(body.metric)
    subject = next(name for name in ("metric", "metric_id", "exercise_id") if getattr(body, name) is not None)
    given = {name: getattr(body, name) for name in names}
    await goals.create_goal(tx, goals.GoalEntry(id=target.id, metric_id=metric_id, pointer=f"/{subject}", **given))


async def _update_goal(tx: Transaction, target: Target, body: GoalPatch) -> None:
    await goals.change_goal(tx, target.id, body.given(), None)


async def _delete_goal(tx: Transaction, target: Target, _body: Nothing) -> None:
    await goals.delete_goal(tx, target.id, None)


# --- Performances and sets -------------------------------------------------------------------------------------------


async def _insert_performance(tx: Transaction, _target: Target, body: PerformancePush) -> None:
    session, instruction = body.user_workout_session_id, body.exercise_instruction_id
    await corrections.write_performance(tx, session, instruction, body.summary(), None)


async def _update_performance(tx: Transaction, target: Target, body: SummaryFields) -> None:
    row = await tx.row(queries.FIND[PERFORMANCE], tx.athlete, target.id)
    if row is not None:
        await corrections.write_performance(tx, target.session, row["exercise_instruction_id"], body.summary(), None)


async def _insert_sets(tx: Transaction, rows: Sequence[tuple[UUID, SetPush]]) -> None:
    """Sets of one session."""
    for row_id, body in rows:
        _taken_over(row_id, body)
    entries = [body.entry(body.exercise_instruction_id, body.exercise_id, "") for _, body in rows]
    await sets.log_sets(tx, rows[0][1].user_workout_session_id, entries)


async def _insert_set(tx: Transaction, target: Target, body: SetPush) -> None:
    await _insert_sets(tx, [(target.id, body)])


async def _update_set(tx: Transaction, target: Target, body: SetPatch) -> None:
    await corrections.edit_set(tx, target.session, target.id, body.given(), None)


async def _delete_set(tx: Transaction, target: Target, _body: Nothing) -> None:
    await corrections.delete_set(tx, target.session, target.id, None)


# --- Measurements ----------------------------------------------------------------------------------------------------


async def _insert_measurements(tx: Transaction, rows: Sequence[tuple[UUID, MeasurementIn]]) -> None:
    for row_id, body in rows:
        _taken_over(row_id, body)
    await measurements.record_measurements(tx, [body.entry() for _, body in rows], in_list=False)


async def _insert_measurement(tx: Transaction, target: Target, body: MeasurementIn) -> None:
    await _insert_measurements(tx, [(target.id, body)])


async def _update_measurement(tx: Transaction, target: Target, body: MeasurementPatch) -> None:
    await measurements.change_measurement(tx, target.id, body.changes(), None, confirm=body.confirm)


async def _delete_measurement(tx: Transaction, target: Target, _body: Nothing) -> None:
    await measurements.delete_measurement(tx, target.id, None)


# --- Exercises of one's own, equipment, training maxes ---------------------------------------------------------------


async def _insert_exercise(tx: Transaction, target: Target, body: ExerciseIn) -> None:
    _taken_over(target.id, body)
    await catalog.create_exercise(tx, target.id, body.columns())


async def _update_exercise(tx: Transaction, target: Target, body: ExercisePatch) -> None:
    await catalog.change_exercise(tx, target.id, body.columns(), None)


async def _delete_exercise(tx: Transaction, target: Target, _body: Nothing) -> None:
    await catalog.delete_exercise(tx, target.id, None)


async def _insert_equipment(tx: Transaction, target: Target, body: EquipmentIn) -> None:
    if target.id != tx.athlete:
        raise Problem("invalid", errors=[FieldError("/id", "is the athlete's own: there is one equipment")])
    await prescriptions.set_equipment(tx, body.equipment(), None)


async def _update_equipment(tx: Transaction, target: Target, body: EquipmentPatch) -> None:
    row = await tx.row(queries.FIND[EQUIPMENT], tx.athlete, target.id)
    if row is not None:
        await prescriptions.set_equipment(tx, body.onto(dict(row)).equipment(), None)


async def _insert_training_max(tx: Transaction, target: Target, body: TrainingMaxPush) -> None:
    there = await tx.row(queries.FIND[TRAINING_MAX], tx.athlete, target.id)
    if there is not None and not all(there[name] == value for name, value in body.given().items()):
        raise Problem("id-taken", errors=[FieldError("/id", "is taken")])
    if there is None:
        training_max = TrainingMax(weight=body.weight, weight_unit=body.weight_unit, reason=body.reason)
        await prescriptions.set_training_max(tx, body.exercise_id, training_max, target.id)


# --- The table -------------------------------------------------------------------------------------------------------

_TRAINING = "training:write"
_MEASURING = "measurements:write"
_PLANNING = "program:assign"
_SPEAKING = "training:comment"  # whoever may read a session may speak about it, but a token that may only read (app.act_as)
_SIGNED_IN: Final = frozenset({"via:WEB"})  # the athlete, and not a token of theirs
_THE_ATHLETE: Final = frozenset({"via:WEB", "via:API_TOKEN"})
_VERB_FIELDS: dict[SessionVerb, type[Body]] = {SessionVerb.START: StartIn, SessionVerb.COMPLETE: CompleteIn}

KINDS: Final[dict[tuple[str, str], Kind]] = {
    (SESSION, Action.INSERT): Kind(_TRAINING, SessionIn, _insert_session),
    (SESSION, Action.UPDATE): Kind(_TRAINING, SessionPatch, _update_session),
    (SESSION, Action.DELETE): Kind(_TRAINING, Nothing, _delete_session),
    **{(SESSION, verb): Kind(_TRAINING, _VERB_FIELDS.get(verb, Nothing), _verb(verb)) for verb in SessionVerb},
    (SESSION, "reschedule"): Kind(_PLANNING, RescheduleIn, _reschedule),
    (INSTRUCTION, Action.INSERT): Kind(_TRAINING, ExercisePush, _add_exercise),
    (INSTRUCTION, Action.DELETE): Kind(_TRAINING, Nothing, _remove_exercise),
    (PERFORMANCE, Action.INSERT): Kind(_TRAINING, PerformancePush, _insert_performance),
    (PERFORMANCE, Action.UPDATE): Kind(_TRAINING, SummaryFields, _update_performance),
    (SET, Action.INSERT): Kind(_TRAINING, SetPush, _insert_set, many=_insert_sets, group=lambda body: body.user_workout_session_id),
    (SET, Action.UPDATE): Kind(_TRAINING, SetPatch, _update_set),
    (SET, Action.DELETE): Kind(_TRAINING, Nothing, _delete_set),
    (MEASUREMENT, Action.INSERT): Kind(_MEASURING, MeasurementIn, _insert_measurement, many=_insert_measurements),
    (MEASUREMENT, Action.UPDATE): Kind(_MEASURING, MeasurementPatch, _update_measurement),
    (MEASUREMENT, Action.DELETE): Kind(_MEASURING, Nothing, _delete_measurement),
    (ENROLLMENT, Action.INSERT): Kind(_PLANNING, EnrollmentIn, _insert_enrollment),
    (ENROLLMENT, Action.UPDATE): Kind(_PLANNING, EnrollmentPatch, _update_enrollment),
    (ENROLLMENT, EnrollmentVerb.PAUSE): Kind(_PLANNING, Nothing, _plain_verb(enrollments.pause)),
    (ENROLLMENT, EnrollmentVerb.RESUME): Kind(_PLANNING, Nothing, _plain_verb(enrollments.resume)),
    (ENROLLMENT, EnrollmentVerb.CANCEL): Kind(_PLANNING, Nothing, _plain_verb(enrollments.cancel)),
    (ENROLLMENT, EnrollmentVerb.COMPLETE): Kind(_PLANNING, Nothing, _plain_verb(enrollments.complete)),
    (ENROLLMENT, EnrollmentVerb.RESTART): Kind(_PLANNING, RestartIn, _restart),
    (ENROLLMENT, EnrollmentVerb.EXTEND): Kind(_PLANNING, ExtendIn, _extend),
    (ENROLLMENT, EnrollmentVerb.UPGRADE): Kind(_PLANNING, UpgradeIn, _upgrade, ways=_SIGNED_IN),
    (COMMENT, Action.INSERT): Kind(_SPEAKING, CommentPush, _insert_comment),
    (COMMENT, Action.UPDATE): Kind(_SPEAKING, CommentPatch, _update_comment),
    (COMMENT, Action.DELETE): Kind(_SPEAKING, Nothing, _delete_comment),
    (GOAL, Action.INSERT): Kind(None, GoalIn, _insert_goal),
    (GOAL, Action.UPDATE): Kind(None, GoalPatch, _update_goal),
    (GOAL, Action.DELETE): Kind(None, Nothing, _delete_goal),
    (EXERCISE, Action.INSERT): Kind(_TRAINING, ExerciseIn, _insert_exercise, ways=_THE_ATHLETE),
    (EXERCISE, Action.UPDATE): Kind(_TRAINING, ExercisePatch, _update_exercise, ways=_THE_ATHLETE),
    (EXERCISE, Action.DELETE): Kind(_TRAINING, Nothing, _delete_exercise, ways=_THE_ATHLETE),
    (EQUIPMENT, Action.INSERT): Kind(_TRAINING, EquipmentIn, _insert_equipment),
    (EQUIPMENT, Action.UPDATE): Kind(_TRAINING, EquipmentPatch, _update_equipment),
    (TRAINING_MAX, Action.INSERT): Kind(_TRAINING, TrainingMaxPush, _insert_training_max),
}
TABLES: Final = tuple(dict.fromkeys(table for table, _ in KINDS))
DECODERS: Final[dict[type[Body], BodyDecoder[Any]]] = {kind.fields: BodyDecoder(kind.fields) for kind in KINDS.values()}
# What people write of a row, and so what one can overwrite of another's.
PEOPLES: Final[dict[str, frozenset[str]]] = {
    table: frozenset(kind.fields.__struct_fields__) | {"session_status", "enrollment_status"}
    for (table, word), kind in KINDS.items()
    if word == Action.UPDATE
}


def find_kind(table: str, action: Action, verb: str | None) -> Kind:
    """The kind of an operation by its table and its action, or its verb.

    Raises:
        Problem: invalid, naming what there is instead.
    """
    word = verb or action
    is_word = verb is None or verb not in tuple(Action)
    kind = KINDS.get((table, word)) if is_word else None
    if kind is None and table not in TABLES:
        raise invalid("/table", f"must be one of {', '.join(TABLES)}")
    if kind is None:
        words = ", ".join(known for of, known in KINDS if of == table)
        raise invalid("/action", f"rows of {table} take {words}")
    return kind


async def find_row(tx: Transaction, table: str, row_id: UUID, body: Any) -> asyncpg.Record | None:
    """The row an operation is about, hidden or not.

    A new performance is found by what it is of: its id is not the client's. Of a training max that says what the newest says
    already nothing is written, and the newest is it.
    """
    if isinstance(body, PerformancePush):
        return await tx.row(queries.FIND_PERFORMANCE, tx.athlete, body.user_workout_session_id, body.exercise_instruction_id)
    row = await tx.row(queries.FIND[table], tx.athlete, row_id)
    if row is None and isinstance(body, TrainingMaxPush):
        said = (body.exercise_id, body.weight, body.weight_unit, body.reason)
        return await tx.row(queries.FIND_TRAINING_MAX, tx.athlete, *said)
    return row
