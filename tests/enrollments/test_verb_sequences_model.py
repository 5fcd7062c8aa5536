"""Any sequence of verbs, thousands in all, over HTTP against the real database, beside a model that knows nothing of the code."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import httpx
import pytest
from enrollment_model import GRACE_DAYS, Model, RefusedError, Session
from enrollment_world import V1, Clock, MakePerson, expire, ok, program_body, sessions_of

from helpers import Person
from reptrail.http.edge import Services

SEEDS = range(26)
STEPS = 120
# Beginnings are where most enrollments are: 2,000 sequences of one to four verbs.
BATCHES, SEQUENCES_A_BATCH = 20, 100
ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Asia/Kathmandu")
EPOCH = date(2026, 2, 20)  # clocks change within the weeks that follow
TIMES = ("06:30", "12:00", "18:00")
WEEKDAYS: tuple[list[int] | None, ...] = (None, [1, 3, 5], [2], [1, 2, 3, 4, 5, 6, 7], [6, 7])


@dataclass
class World:
    """One athlete, one enrollment, and what it must be."""

    rng: random.Random
    person: Person
    clock: Clock
    services: Services
    model: Model
    program_id: str = ""
    enrollment_id: str = ""
    told: list[str] = field(default_factory=list)
    refused: int = 0

    async def verb(self, path: str, body: Any, expected: str | None) -> None:
        await self.expect(await self.person.post(f"enrollments/{self.enrollment_id}/{path}", body), expected)

    async def expect(self, response: httpx.Response, expected: str | None, *, of_enrollment: bool = True) -> None:
        if expected is None:
            assert response.is_success, (response.text, self.told)
            return
        self.refused += 1
        document = response.json()
        assert document["type"].endswith(f":{expected}"), (document, expected, self.told)
        if expected == "verb-not-allowed" and of_enrollment:
            assert document["enrollment_status"] == self.model.status
            assert set(document["verbs"]) == self.model.verbs()

    def refusal(self, act: Any, *args: Any, **kwargs: Any) -> str | None:
        """What the model says of an act: None, or the problem that it must be refused with."""
        try:
            act(*args, **kwargs)
        except RefusedError as error:
            return str(error)
        return None

    def days(self) -> list[list[str]]:
        """Some program: up to nine days, some of rest, some of two workouts, the texts now and then new."""
        texts = [f"{key}{self.rng.randint(1, 2)}" for key in "ABC"]
        days = [self.rng.sample(texts, self.rng.choice((0, 1, 1, 2))) for _ in range(self.rng.choice((1, 4, 7, 8, 9)))]
        return days if any(days) else [[texts[0]]]


async def begin(world: World) -> None:
    model, rng = world.model, world.rng
    world.program_id = ok(await world.person.post(f"{V1}/programs", program_body(model.program[1])), 201)["id"]
    model.start = model.today + timedelta(days=rng.choice((0, 0, 3, -5)))
    model.plan()
    body = {
        "program_id": world.program_id,
        "start_date": str(model.start),
        "training_weekdays": model.weekdays,
        "training_time": model.at.isoformat("minutes"),
    }
    world.enrollment_id = ok(await world.person.post("enrollments", body), 201)["id"]


async def plain_verb(world: World, verb: str) -> None:
    await world.verb(verb, None, world.refusal(world.model.do, verb))


async def job(world: World, _: str) -> None:
    overdue = world.model.overdue()
    if overdue:
        world.model.do("expire")
    assert await expire(world.services, world.person) == int(overdue)


async def restart(world: World, _: str) -> None:
    start = world.model.today + timedelta(days=2) if world.rng.random() < 0.3 else None
    weekdays = world.rng.choice(WEEKDAYS) if world.rng.random() < 0.5 else world.model.weekdays
    body = {"start_date": start and str(start), "training_weekdays": weekdays}
    expected = world.refusal(world.model.restart, start, weekdays)
    await world.verb("restart", {k: v for k, v in body.items() if k != "start_date" or v}, expected)


async def extend(world: World, _: str) -> None:
    target = world.model.today + timedelta(days=world.rng.choice((-1, 0, 5, 40)))
    await world.verb("extend", {"target_completion_date": str(target)}, world.refusal(world.model.extend, target))


async def publish(world: World, _: str) -> None:
    revision = world.model.latest + 1
    days = world.model.program[revision] = world.days()
    ok(await world.person.put(f"{V1}/programs/{world.program_id}", program_body(days, name=f"Program {revision}")))


async def upgrade(world: World, _: str) -> None:
    revision = world.rng.choice((world.model.latest, world.model.latest, world.model.revision, world.model.latest + 1, 1))
    await world.verb("upgrade", {"program_revision": revision}, world.refusal(world.model.upgrade, revision))


async def other_days(world: World, _: str) -> None:
    weekdays, at = world.rng.choice(WEEKDAYS), time.fromisoformat(world.rng.choice(TIMES))
    world.model.reschedule_all(weekdays, at)
    body = {"training_weekdays": weekdays, "training_time": at.isoformat("minutes")}
    await world.expect(await world.person.patch(f"enrollments/{world.enrollment_id}", body), None)


async def other_target(world: World, _: str) -> None:
    target = world.rng.choice((None, max(world.model.start, world.model.today) + timedelta(days=world.rng.randint(0, 6))))
    world.model.target = target
    body = {"target_completion_date": target and str(target), "enrollment_notes": "x"}
    await world.expect(await world.person.patch(f"enrollments/{world.enrollment_id}", body), None)


async def enroll_again(world: World, _: str) -> None:
    response = await world.person.post("enrollments", {"program_id": world.program_id})
    await world.expect(response, "already-enrolled")
    assert response.json()["enrollment_id"] == world.enrollment_id
    assert set(response.json()["verbs"]) == world.model.verbs()


def some_session(world: World, *, favour_open: bool = True) -> Session | None:
    there = world.model.there() if world.rng.random() < 0.8 else world.model.sessions
    opened = [s for s in there if s.open]
    return world.rng.choice(opened or there) if there and favour_open else world.rng.choice(there) if there else None


async def session_verb(world: World, verb: str) -> None:
    session = some_session(world, favour_open=verb != "reopen" and world.rng.random() < 0.8)
    if session is None:
        return
    expected = world.refusal(world.model.session_verb, session, verb)
    body = {"actual_duration_seconds": 600} if verb == "complete" else None
    response = await world.person.post(f"sessions/{session.id}/{verb}", body)
    await world.expect(response, expected, of_enrollment=verb == "reopen" and session.status in ("SKIPPED", "CANCELLED"))


async def train(world: World, _: str) -> None:
    """The next session, start to end, as most people do most days."""
    session = next((s for s in world.model.there() if s.status == "PLANNED"), None)
    for verb in ("start", "complete") if session else ():
        if session:
            expected = world.refusal(world.model.session_verb, session, verb)
            body = {"actual_duration_seconds": 600} if verb == "complete" else None
            await world.expect(await world.person.post(f"sessions/{session.id}/{verb}", body), expected, of_enrollment=False)


async def delete(world: World, _: str) -> None:
    session = some_session(world, favour_open=False)
    if session is not None:
        expected = world.refusal(world.model.delete, session)
        await world.expect(await world.person.delete(f"sessions/{session.id}"), expected)


async def restore(world: World, _: str) -> None:
    gone = [s for s in world.model.sessions if s.deleted]
    session = world.rng.choice(gone) if gone else some_session(world)
    if session is not None:
        expected = world.refusal(world.model.restore, session)
        response = await world.person.post("restore", {"table": "user_workout_session", "id": session.id})
        await world.expect(response, expected)


async def reschedule(world: World, _: str) -> None:
    session = some_session(world)
    if session is None:
        return
    following = world.rng.random() < 0.5 and session.cycle == world.model.cycle
    to = max(world.model.today, session.when.date()) + timedelta(days=world.rng.randint(-3, 9))
    expected = world.refusal(world.model.reschedule, session, to, following=following)
    body = {"to_date": str(to), "and_following": following}
    await world.expect(await world.person.post(f"sessions/{session.id}/reschedule", body), expected, of_enrollment=False)


async def lapse(world: World, _: str) -> None:
    """Nobody comes for weeks after the target date: the job ends it, and mostly it is gone on with then."""
    if world.model.live() and world.model.target is not None:
        world.model.today = max(world.model.today, world.model.target + timedelta(days=GRACE_DAYS + world.rng.randint(0, 1)))
        world.clock.set(world.model.today, world.model.zone)
    await job(world, "")
    await compare(world)
    if world.rng.random() < 0.7:
        await extend(world, "")


async def wait(world: World, _: str) -> None:
    world.model.today += timedelta(days=world.rng.choice((1, 1, 2, 3, 9, 30)))
    world.clock.set(world.model.today, world.model.zone)


ACTS = {
    **dict.fromkeys(("pause", "resume"), (plain_verb, 4)), **dict.fromkeys(("cancel", "complete"), (plain_verb, 1)),
    "job": (job, 4), "lapse": (lapse, 5), "restart": (restart, 5), "extend": (extend, 2),
    "publish": (publish, 2), "upgrade": (upgrade, 5),
    "other days": (other_days, 3), "other target": (other_target, 2), "enroll again": (enroll_again, 1),
    **dict.fromkeys(("start", "complete it", "skip", "cancel it", "reopen"), (session_verb, 3)),
    "train": (train, 8), "delete": (delete, 2), "restore": (restore, 3), "reschedule": (reschedule, 4), "wait": (wait, 10),
}  # fmt: skip


async def compare(world: World) -> None:
    """The enrollment and every session, as the API shows them, with the model's."""
    model = world.model
    shown = ok(await world.person.get(f"enrollments/{world.enrollment_id}"))
    expected = {
        "enrollment_status": model.status, "current_day": model.current_day, "cycle": model.cycle, "start_date": str(model.start),
        "target_completion_date": model.target and str(model.target), "training_weekdays": model.weekdays,
        "actual_completion_date": model.actual and str(model.actual), "paused_on": model.paused_on and str(model.paused_on),
        "program_revision": model.revision, "latest_revision": model.latest, "session_counts": model.counts(),
        "cycles": model.over, "training_time": model.at.isoformat("minutes"),
    }  # fmt: skip
    assert {name: shown[name] for name in expected} == expected, world.told
    assert set(shown["verbs"]) == model.verbs(), world.told
    following = next((s for s in model.there() if s.open), None)
    assert (shown["next_session"] or {}).get("program_day") == (following and following.day), world.told
    by_place = {(s["program_cycle"], s["program_day"], s["program_position"]): s for s in await sessions_of(world.person, shown)}
    alive = {(s.cycle, s.day, s.position): s for s in model.sessions if not s.deleted}
    assert by_place.keys() == alive.keys(), world.told
    for place, session in alive.items():
        found = by_place[place]
        assert session.id in ("", found["id"]), (place, world.told)
        session.id = found["id"]
        assert (found["session_status"], found["workout_name"]) == (session.status, session.workout), (place, world.told)
        assert datetime.fromisoformat(found["scheduled_at"]) == model.instant(session.when), (place, world.told)
        assert set(found["verbs"]) == model.session_verbs(session), (place, world.told)


async def walk(world: World, steps: int) -> None:
    """A random sequence of verbs from the beginning of an enrollment on, compared after each."""
    world.model.program[1] = world.days()
    world.clock.set(world.model.today, world.model.zone)
    await begin(world)
    await compare(world)
    names, weights = list(ACTS), [weight for _, weight in ACTS.values()]
    for name in world.rng.choices(names, weights, k=steps):
        world.told.append(name)
        await ACTS[name][0](world, name.removesuffix(" it"))
        await compare(world)


def a_world(person: Person, services: Services, clock: Clock, zone: str, rng: random.Random) -> World:
    model = Model(zone, EPOCH, {}, rng.choice(WEEKDAYS), time.fromisoformat(rng.choice(TIMES)))
    return World(rng, person, clock, services, model)


@pytest.mark.parametrize("seed", SEEDS)
async def test_any_long_sequence_of_verbs(person: MakePerson, services: Services, moved_clock: Clock, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    zone = rng.choice(ZONES)
    world = a_world(await person(zone), services, moved_clock, zone, rng)
    await walk(world, STEPS)
    assert world.refused < STEPS * 0.7


@pytest.mark.embedded  # once is enough: the long ones run on every PostgreSQL
@pytest.mark.parametrize("batch", range(BATCHES))
async def test_thousands_of_short_sequences(person: MakePerson, services: Services, moved_clock: Clock, batch: int) -> None:
    worlds = []  # made before the clock is moved: a login ends by the database's own
    for number in range(SEQUENCES_A_BATCH):
        rng = random.Random(f"{batch}:{number}")  # noqa: S311
        zone = rng.choice(ZONES)
        worlds.append(a_world(await person(zone), services, moved_clock, zone, rng))
    for world in worlds:
        await walk(world, world.rng.randint(1, 4))
