"""Goals and forecasts over HTTP: parse, call, answer.

Neither route names a scope: what a goal is of says which one is needed, training's for a lift, measurements' for a metric.
PostgreSQL shows and takes the rows that the actor's scopes cover, and the actions say which scope is missing.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from reptrail.db.pool import Transaction
from reptrail.goals import actions, rules
from reptrail.goals.formulas import DAYS_PER_WEEK
from reptrail.goals.wire import (
    ArrivalOut,
    DayForecastOut,
    ForecastOut,
    ForecastQuery,
    GoalIn,
    GoalOut,
    GoalPage,
    GoalPatch,
    LineOut,
    RefusalOut,
    StandstillOut,
)
from reptrail.http.edge import CREATED, NO_CONTENT, Answer, answers
from reptrail.http.paging import Page, decode_cursor, encode_cursor

METHOD = (
    "Least squares on the days' own values of the last 28 to 90 days; the 80 % prediction interval (Student's t) widened until "
    "it would have held 80 % of this athlete's past forecasts (split conformal)"
)


@answers("forbidden")
async def list_goals(tx: Transaction, query: Page) -> Answer[GoalPage]:
    """Goals and how they stand, the nearest target date first."""
    last_date, last_id = decode_cursor(query.cursor, date, UUID)
    rows = await actions.goals(tx, (last_date, last_id), query.limit + 1)
    page = rows[: query.limit]
    cursor = encode_cursor(page[-1].target_date, page[-1].id) if len(rows) > query.limit else None
    return Answer(GoalPage(page, cursor))


@answers("forbidden", "id-taken", statuses=(201,), etag=True)
async def create_goal(tx: Transaction, body: GoalIn) -> Answer[GoalOut]:
    """Set a goal: a value of a metric, or an estimated one-repetition maximum of a lift, by a day."""
    goal_id = actions.new_id(body.id)
    entry = actions.GoalEntry(
        id=goal_id,
        metric_id=body.metric_id if body.metric is None else actions.metric_named(body.metric),
        exercise_id=body.exercise_id,
        target_value=body.target_value,
        target_unit=body.target_unit,
        start_date=body.start_date,
        target_date=body.target_date,
        goal_notes=body.goal_notes,
        pointer=next(f"/{name}" for name in ("metric", "metric_id", "exercise_id") if getattr(body, name) is not None),
    )
    await actions.create_goal(tx, entry)
    return await _goal(tx, goal_id, status=CREATED)


@answers(etag=True)
async def get_goal(tx: Transaction, goal_id: UUID) -> Answer[GoalOut]:
    """A goal and how it stands."""
    return await _goal(tx, goal_id)


@answers("forbidden", etag=True)
async def patch_goal(tx: Transaction, goal_id: UUID, body: GoalPatch, if_match: int | None) -> Answer[GoalOut]:
    """Edit a goal's target, days or notes."""
    await actions.change_goal(tx, goal_id, body.given(), if_match)
    return await _goal(tx, goal_id)


@answers("forbidden")
async def delete_goal(tx: Transaction, goal_id: UUID, if_match: int | None) -> Answer[None]:
    """Delete a goal. It can be restored."""
    await actions.delete_goal(tx, goal_id, if_match)
    return Answer(status=NO_CONTENT)


@answers("forbidden", "not-found")
async def get_forecast(tx: Transaction, query: ForecastQuery) -> Answer[ForecastOut]:
    """Where a metric or a lift is heading: the value on a day with its 80 % interval, when a target is met, how likely that is."""
    wanted = actions.Wanted(
        goal_id=query.goal_id,
        metric_id=None if query.metric is None else actions.metric_named(query.metric),
        exercise_id=query.exercise_id,
        target=query.target,
        unit=query.unit,
        day=query.date,
    )
    return Answer(_forecast_out(await actions.forecast(tx, wanted)))


async def _goal(tx: Transaction, goal_id: UUID, status: int = 200) -> Answer[GoalOut]:
    found = await actions.goal(tx, goal_id)
    return Answer(found, status=status, version=found.version)


def _forecast_out(found: actions.Forecast) -> ForecastOut:
    row, told, factor = found.row, found.outlook, found.factor
    metric = found.metric
    return ForecastOut(
        goal_id=found.goal_id,
        metric_id=row["metric_id"],
        metric=None if metric is None else metric.slug,
        exercise_id=row["exercise_id"],
        name=row["exercise_name"] if metric is None else metric.metric_name,
        unit=row["target_unit"],
        today=row["today"],
        target_value=row["target_value"],
        target_date=found.target_date,
        direction=found.direction,
        reached_on=row["reached_on"],
        refusal=None if told.refusal is None else RefusalOut(told.refusal, rules.REASONS[told.refusal]),
        line=_line_out(told, factor),
        at_date=None if told.at_date is None else _day_out(told.at_date, factor),
        chance=told.chance,
        is_tested=told.band is not None and rules.is_tested((found.target_date - told.band.line.origin).days),
        arrival=None if told.arrival is None else ArrivalOut(told.arrival.day, told.arrival.earliest, told.arrival.latest),
        points=_days_out(told.points, factor),
        standstill=_standstill_out(told.standstill, factor),
        method=METHOD,
    )


def _day_out(day: rules.DayForecast, factor: float) -> DayForecastOut:
    return DayForecastOut(day.day, day.value / factor, day.low / factor, day.high / factor)


def _days_out(days: Sequence[rules.DayForecast], factor: float) -> list[DayForecastOut]:
    return [_day_out(day, factor) for day in days]


def _line_out(told: rules.Outlook, factor: float) -> LineOut | None:
    if told.refusal is not None or told.band is None:
        return None
    line = told.band.line
    return LineOut(
        first_day=line.first,
        last_day=line.origin,
        days=line.days,
        value=line.at(0) / factor,
        rate_per_week=DAYS_PER_WEEK * line.slope / factor,
        residual_sd=line.residual_sd / factor,
        widening={str(horizon): width for horizon, width in told.band.widening().items()},
    )


def _standstill_out(told: rules.Standstill, factor: float) -> StandstillOut:
    rate, low, high, best = (
        None if value is None else value / factor for value in (told.rate_per_week, told.rate_low, told.rate_high, told.best)
    )
    return StandstillOut(told.movement, told.since, told.days, rate, low, high, best, told.best_day)
