"""What tests of programs share: texts of programs, people who make them, and a coach with a grant."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from helpers import Person, register
from reptrail.catalog import builtin
from reptrail.http.edge import Services
from reptrail.ids import uuid7

V1 = "/api/v1"
PROGRAMS = f"{V1}/programs"
BENCH, SQUAT, DEADLIFT = (
    str(builtin.builtin_id("exercise", slug)) for slug in ("bench-press-barbell", "squat-barbell", "deadlift-barbell")
)
CATALOGUE_WORKOUT = str(builtin.workouts()[0].id)
LINEAR = {"rule": "linear", "increment": 2.5, "increment_unit": "kg"}
INSERT_GRANT = "INSERT INTO coach_grant (id, user_id, coach_id, scopes, consent_version) VALUES ($1, $2, $3, $4, 'test')"


@dataclass
class Counted:
    """A client, and the statements that were sent over its one connection."""

    http: httpx.AsyncClient
    statements: list[str] = field(default_factory=list)

    def taken(self) -> list[str]:
        """The statements of one request, begin and commit left out; the next count begins anew."""
        assert self.statements[0].startswith("BEGIN; SELECT app.act_as(")
        assert self.statements[-1] == "COMMIT"
        found = self.statements[1:-1]
        self.statements.clear()
        return found


def asks(exercise: str = SQUAT, **fields: Any) -> dict[str, Any]:
    return {"exercise_id": exercise, "sets": 3, "reps_min": 5, "reps_max": 5, **fields}


def workout(key: str, *instructions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"workout_key": key, "workout_name": f"Workout {key}", "instructions": list(instructions or [asks()]), **fields}


def days(*keys: str) -> list[dict[str, Any]]:
    """Days by their workouts' keys, a letter each: `days("A", "", "AB")`."""
    return [{"workouts": list(each)} for each in keys]


def program(**fields: Any) -> dict[str, Any]:
    """Two workouts of its own and one of the catalogue, in four days, one of them rest."""
    workouts = [
        workout("A", asks(progression=LINEAR), asks(BENCH)),
        workout("B", asks(DEADLIFT, sets=1), description="heavy"),
        {"workout_key": "C", "workout_id": CATALOGUE_WORKOUT},
    ]
    made = {"program_name": "Strong", "description": "three lifts", "workouts": workouts, "days": days("A", "", "BC", "A")}
    return {**made, **fields}


def ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def made(person: Person, **fields: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ok(await person.post(PROGRAMS, program(**fields)), 201)
    return answer


async def put(person: Person, stored: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ok(await person.put(f"{PROGRAMS}/{stored['id']}", program(**fields)))
    return answer


async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ok(await person.get(PROGRAMS, params={"limit": 200, **params}))["items"]
    return items


def by_key(stored: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["workout_key"]: each for each in stored["workouts"]}


def pins(stored: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {key: (each["workout_id"], each["workout_revision"]) for key, each in by_key(stored).items()}


async def private_exercise(person: Person, name: str = "") -> str:
    body = {"exercise_name": name or f"X {uuid4().hex}", "equipment": "OTHER", "mechanic": "COMPOUND", "tracks": "REPS_WEIGHT"}
    made_id: str = ok(await person.post(f"{V1}/exercises", body), 201)["id"]
    return made_id


async def coach_of(services: Services, http: httpx.AsyncClient, athlete: Person, *scopes: str) -> Person:
    """A coach whom the athlete gave these scopes."""
    coach = await register(http, "coach")
    athlete_id = UUID(athlete.user_id)
    async with services.database.act_as_system(athlete_id, uuid7()) as tx:
        await tx.execute(INSERT_GRANT, uuid7(), athlete_id, UUID(coach.user_id), list(scopes))
    return coach


async def enroll(services: Services, athlete: Person, stored: dict[str, Any]) -> UUID:
    """An enrollment by bare SQL, pinning the revision that was read."""
    athlete_id, enrollment = UUID(athlete.user_id), uuid7()
    async with services.database.act_as_system(athlete_id, uuid7()) as tx:
        await tx.execute(
            "INSERT INTO user_program_enrollment (id, user_id, program_id, program_revision) VALUES ($2, $1, $3, $4)",
            athlete_id,
            enrollment,
            UUID(stored["id"]),
            stored["revision"],
        )
    return enrollment
