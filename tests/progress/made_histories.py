"""Made-up histories for the tests of the report: stored in the database, and kept as plain objects for a slow reference."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from reptrail.catalog.builtin import builtin_id, exercises_by_slug
from reptrail.db.pool import Database, Transaction
from reptrail.demo import queries as store
from reptrail.identity.actions import NewUser, create_user
from reptrail.ids import uuid7

# With repetitions and weight, with help, with the body alone, and one of seconds.
SLUGS = ("squat-barbell", "bench-press-barbell", "pull-up", "pull-up-assisted", "bicep-curl-dumbbell", "plank")
KG_PER_LB = Decimal("0.45359237")


@dataclass
class MadeSet:
    kind: str
    load: str
    reps: int | None
    weight: Decimal | None
    unit: str | None
    rpe: Decimal | None
    seconds: int | None = None
    is_active: bool = True
    id: UUID = field(default_factory=uuid7)

    @property
    def kg(self) -> Decimal | None:
        return self.weight if self.weight is None or self.unit == "kg" else self.weight * KG_PER_LB

    @property
    def volume_kg(self) -> Decimal:
        if self.kind == "WARMUP" or self.load == "ASSISTED" or self.reps is None or self.kg is None:
            return Decimal(0)
        return self.reps * self.kg

    @property
    def e1rm_kg(self) -> Decimal | None:
        if self.reps is None or self.kg is None or self.reps < 1 or self.load == "ASSISTED" or self.kind == "WARMUP":
            return None
        to_failure = self.reps + (10 - self.rpe if self.rpe is not None else Decimal(0))
        return self.kg * (1 + to_failure / 30) if to_failure <= 12 and self.kg > 0 else None


@dataclass
class MadePerformance:
    slug: str
    sets: list[MadeSet]
    summary_sets: int | None = None
    is_active: bool = True
    id: UUID = field(default_factory=uuid7)

    @property
    def exercise_id(self) -> UUID:
        return builtin_id("exercise", self.slug)

    @property
    def name(self) -> str:
        return exercises_by_slug()[self.slug].name

    @property
    def active_sets(self) -> list[MadeSet]:
        return [s for s in self.sets if s.is_active]


@dataclass
class MadeSession:
    status: str
    at: datetime
    seconds: int | None
    performances: list[MadePerformance]
    is_active: bool = True
    id: UUID = field(default_factory=uuid7)

    @property
    def active_performances(self) -> list[MadePerformance]:
        return [p for p in self.performances if p.is_active]


@dataclass
class MadeHistory:
    sessions: list[MadeSession] = field(default_factory=list)
    weights: list[tuple[date, Decimal, str, bool]] = field(default_factory=list)


def made_set(random: Random, slug: str) -> MadeSet:
    load = exercises_by_slug()[slug].load
    rpe = Decimal(random.randint(2, 20)) / 2 if random.random() < 0.5 else None
    kind = random.choice(("WARMUP", "WORKING", "WORKING", "WORKING", "DROP", "AMRAP", "FAILURE"))
    is_active = random.random() > 0.1
    if slug == "plank":
        return MadeSet(kind, load, None, None, None, None, random.randint(10, 100), is_active)
    weight, unit = None, None
    if load != "BODYWEIGHT" or random.random() < 0.4:
        unit = random.choice(("kg", "lb"))
        # Few different weights: ties are where an order shows.
        weight = Decimal(random.choice((0, 20, 40, 60, 100, 135, 225))) + random.choice((Decimal(0), Decimal("2.5")))
        load = "ADDED" if load == "BODYWEIGHT" else load
    return MadeSet(kind, load, random.choice((0, 1, 3, 5, 5, 8, 12, 15)), weight, unit, rpe, None, is_active)


def made_session(random: Random, at: datetime) -> MadeSession:
    status = random.choice(("COMPLETED",) * 7 + ("PLANNED", "SKIPPED", "CANCELLED"))
    performances = []
    for slug in random.sample(SLUGS, random.randint(0, 3)):
        is_summary = random.random() < 0.15
        sets = [] if is_summary else [made_set(random, slug) for _ in range(random.randint(1, 5))]
        summary = random.randint(0, 5) if is_summary else None
        performances.append(MadePerformance(slug, sets, summary, random.random() > 0.1))
    seconds = random.choice((None, random.randint(1, 9000)))
    return MadeSession(status, at, seconds, performances, random.random() > 0.1)


def made_history(random: Random, zone: str, now: datetime) -> MadeHistory:
    """A history that ends about now, with many sessions within minutes of a local midnight."""
    history = MadeHistory()
    today = now.astimezone(ZoneInfo(zone)).date()
    for _ in range(random.randint(10, 60)):
        day = today - timedelta(days=random.choice((random.randint(0, 30), random.randint(0, 240))))
        if random.random() < 0.5:
            day -= timedelta(days=day.weekday())
        local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        minutes = random.choice((random.randint(-90, 90), random.randint(0, 24 * 60)))
        at = local.astimezone(UTC) + timedelta(minutes=minutes)
        history.sessions.append(made_session(random, min(at, now)))
    for _ in range(random.randint(0, 60)):
        day = today - timedelta(days=random.randint(0, 200))
        unit = random.choice(("kg", "[lb_av]"))
        value = Decimal(random.randint(700, 900) if unit == "kg" else random.randint(1540, 1980)) / 10
        history.weights.append((day, value, unit, random.random() > 0.1))
    return history


async def made_athlete(database: Database, zone: str = "UTC", unit: str = "kg") -> UUID:
    email = f"{uuid4().hex}@example.org"
    async with database.act_as_system(None, uuid7()) as tx:
        return await create_user(
            tx, NewUser(email=email, password=uuid4().hex, display_name="Ann", time_zone=zone, weight_unit=unit)
        )


async def store_history(tx: Transaction, history: MadeHistory) -> None:
    """Stores a made history; what is not active is hidden afterwards."""
    if history.sessions:
        await _store_sessions(tx, history.sessions)
    if history.weights:
        ids = [uuid7() for _ in history.weights]
        days, values, units, active = (list(column) for column in zip(*history.weights, strict=True))
        metrics = [builtin_id("metric", "body-weight")] * len(ids)
        await tx.execute(
            store.INSERT_MEASUREMENTS, tx.athlete, ids, metrics, values, units, days, ["MANUAL"] * len(ids), [None] * len(ids)
        )
        await _hide(tx, "user_measurement", [i for i, is_active in zip(ids, active, strict=True) if not is_active])


async def _store_sessions(tx: Transaction, sessions: list[MadeSession]) -> None:
    workout, revision = uuid7(), uuid7()
    await tx.execute(store.INSERT_WORKOUTS, tx.athlete, [workout], ["CATALOG"])
    await tx.execute(store.INSERT_REVISIONS, tx.athlete, [revision], [workout], ["Anything"], [None])
    asked = {slug: uuid7() for slug in SLUGS}
    none, count = [None] * len(SLUGS), len(SLUGS)
    places, exercises = list(range(1, count + 1)), [builtin_id("exercise", slug) for slug in SLUGS]
    await tx.execute(
        store.INSERT_INSTRUCTIONS, tx.athlete, list(asked.values()), [workout] * count, places, exercises, none, none, none, none,
        none, none,
    )  # fmt: skip
    done = [s.status == "COMPLETED" for s in sessions]
    none = [None] * len(sessions)
    times = [s.at if is_done else None for s, is_done in zip(sessions, done, strict=True)]
    await tx.execute(
        store.INSERT_SESSIONS, tx.athlete, [s.id for s in sessions], [workout] * len(sessions), none, [s.status for s in sessions],
        [s.at for s in sessions], times, times, [s.seconds for s in sessions], *([none] * 7),
    )  # fmt: skip
    performed = [(s, p) for s in sessions for p in s.performances]
    if performed:
        none = [None] * len(performed)
        await tx.execute(
            store.INSERT_PERFORMANCES, tx.athlete, [p.id for _, p in performed], [s.id for s, _ in performed],
            [asked[p.slug] for _, p in performed], [p.exercise_id for _, p in performed],
            [p.summary_sets or 0 for _, p in performed], none, none, none, none, none,
        )  # fmt: skip
    sets = [(p, s) for _, p in performed for s in p.sets]
    if sets:
        none = [None] * len(sets)
        rows = [s for _, s in sets]
        await tx.execute(
            store.INSERT_SETS, tx.athlete, [s.id for s in rows], [p.id for p, _ in sets], [p.exercise_id for p, _ in sets],
            [1] * len(rows), [s.kind for s in rows], [s.reps for s in rows], [s.weight for s in rows], [s.unit for s in rows],
            [s.load for s in rows], [s.seconds for s in rows], none, [s.rpe for s in rows], none, none,
        )  # fmt: skip
    await _hide(tx, "user_set_performance", [s.id for _, s in sets if not s.is_active])
    await _hide(tx, "user_exercise_performance", [p.id for _, p in performed if not p.is_active])
    await _hide(tx, "user_workout_session", [s.id for s in sessions if not s.is_active])


async def _hide(tx: Transaction, table: str, ids: list[UUID]) -> None:
    await tx.execute(f"UPDATE {table} SET is_active = false WHERE user_id = $1 AND id = ANY ($2)", tx.athlete, ids)  # noqa: S608
