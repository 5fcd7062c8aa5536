"""An athlete and a coach: invited, let in, a program assigned, three weeks trained, read, commented, revoked.

The ledger and the record of accesses tell the whole story.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest

from helpers import Person, problem, register
from reptrail import clock
from reptrail.catalog.builtin import builtin_id
from reptrail.http.edge import Services

V1 = "/api/v1"
SQUAT = str(builtin_id("exercise", "squat-barbell"))
BENCH = str(builtin_id("exercise", "bench-press-barbell"))
MONDAY = date(2026, 3, 2)
WEEKS, TRAINED_WEEKS, A_WEEK = 12, 3, 3


def ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


def twelve_weeks() -> dict[str, Any]:
    """Two workouts in turns, three days a week, with rest days between and a private exercise's worth of instructions."""
    instruction = {
        "sets": 3,
        "reps_min": 5,
        "reps_max": 5,
        "progression": {"rule": "linear", "increment": 2.5, "increment_unit": "kg"},
    }
    days = [{"workouts": []} for _ in range(7 * WEEKS)]
    for n in range(WEEKS * A_WEEK):
        days[n // A_WEEK * 7 + n % A_WEEK * 2]["workouts"] = ["AB"[n % 2]]
    return {
        "program_name": "Ann's comeback",
        "workouts": [
            {"workout_key": "A", "workout_name": "Squat day", "instructions": [{"exercise_id": SQUAT, **instruction}]},
            {"workout_key": "B", "workout_name": "Bench day", "instructions": [{"exercise_id": BENCH, **instruction}]},
        ],
        "days": days,
    }


class Story:
    """Two people, and the clock they live by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, services: Services) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        self.services = services
        self.patch = monkeypatch

    async def begin(self, http: httpx.AsyncClient) -> None:
        self.ann, self.carl = await register(http, "Ann"), await register(http, "Carl")
        self.carls_view = f"{V1}/athletes/{self.ann.user_id}"
        for person in (self.ann, self.carl):  # a login that outlasts the story, whatever the clock shows
            login = UUID(jwt.decode(person.access_token, options={"verify_signature": False})["lid"])
            person.access_token = self.services.authenticator.issue(UUID(person.user_id), login, 315_360_000)
        self.patch.setattr(clock, "now", lambda: self.now)

    async def let_in(self) -> dict[str, Any]:
        problem(await self.carl.get(f"{self.carls_view}/sessions"), 404, "not-found")
        asked = ["training:read", "program:assign", "measurements:read"]
        # Invitations expire by the database's clock, which nobody moves.
        expires = (datetime.now(UTC) + timedelta(days=7)).isoformat()
        invitation = ok(
            await self.carl.post(f"{V1}/invitations", {"scopes": asked, "message": "Hi Ann", "expires_at": expires}), 201
        )
        shown = ok(await self.ann.get(f"{V1}/invitations/{invitation['code']}"))
        assert (shown["coach_name"], shown["scopes"], shown["message"]) == ("Carl", asked, "Hi Ann")
        body = {"scopes": asked[:2], "consent_version": shown["consent"]["consent_version"]}
        grant = ok(await self.ann.post(f"{V1}/invitations/{invitation['code']}/accept", body), 201)
        assert grant["scopes"] == asked[:2]
        return grant  # type: ignore[no-any-return]

    async def assign(self) -> dict[str, Any]:
        program = ok(await self.carl.post(f"{V1}/programs", twelve_weeks()), 201)
        assert (await self.ann.get(f"{V1}/programs/{program['id']}")).status_code == 404, "it is Carl's private one"
        body = {"program_id": program["id"], "start_date": MONDAY.isoformat(), "training_time": "18:00"}
        enrollment = ok(await self.carl.post(f"{self.carls_view}/enrollments", body), 201)
        assert enrollment["assigned_by"] == self.carl.user_id
        assert enrollment["user_id"] == self.ann.user_id
        return enrollment  # type: ignore[no-any-return]

    async def train(self, enrollment: dict[str, Any]) -> list[dict[str, Any]]:
        """Three weeks, every session but the last, the weight 2.5 kg up each time."""
        query = {"program_enrollment_id": enrollment["id"], "limit": "200"}
        planned = sorted(ok(await self.ann.get("sessions", params=query))["items"], key=lambda s: s["scheduled_at"])
        assert len(planned) == WEEKS * A_WEEK
        done = planned[: TRAINED_WEEKS * A_WEEK - 1]
        for number, session in enumerate(done):
            self.now = datetime.fromisoformat(session["scheduled_at"])
            started = ok(await self.ann.post(f"sessions/{session['id']}/start"))
            instruction = started["prescriptions"][0]["id"]
            lifted = {"exercise_instruction_id": instruction, "reps": 5, "weight": 60 + 2.5 * (number // 2), "weight_unit": "kg"}
            ok(await self.ann.post(f"sessions/{session['id']}/sets", [lifted] * 3), 201)
            self.now += timedelta(hours=1)
            ok(await self.ann.post(f"sessions/{session['id']}/complete", {"effort_rating": 7}))
        self.now = datetime.fromisoformat(planned[len(done)]["scheduled_at"]) + timedelta(days=2)
        return done

    async def look(self, enrollment: dict[str, Any], done: list[dict[str, Any]]) -> None:
        (athlete,) = ok(await self.carl.get(f"{V1}/coach/athletes"))["items"]
        assert (athlete["display_name"], athlete["done_28_days"], athlete["due_28_days"]) == ("Ann", len(done), len(done) + 1)
        assert athlete["missed_14_days"] == 1
        assert athlete["last_session"]["id"] == done[-1]["id"]
        (program,) = athlete["programs"]
        assert (program["enrollment_id"], program["day_count"]) == (enrollment["id"], 7 * WEEKS)
        assert program["current_day"] == 19, "the session that was missed stays where it was"
        session = ok(await self.carl.get(f"{self.carls_view}/sessions/{done[-1]['id']}"))
        assert [each["weight"] for each in session["performances"][0]["sets"]] == [67.5] * 3
        path = f"{self.carls_view}/sessions/{done[-1]['id']}/comments"
        ok(await self.carl.post(path, {"comment_text": "Strong. Sleep more."}), 201)
        # What two scopes do not cover.
        problem(await self.carl.get(f"{self.carls_view}/measurements"), 403, "forbidden")
        problem(
            await self.carl.post(f"{self.carls_view}/sessions/{done[-1]['id']}/sets", {"reps": 1, "exercise_id": SQUAT}),
            403,
            "forbidden",
        )


async def the_ledger_tells(ann: Person, carl: Person, enrollment: dict[str, Any]) -> None:
    found: list[dict[str, Any]] = []
    since = 0
    while True:
        page = ok(await ann.get("changes", params={"since": str(since), "limit": "200"}))
        found += page["items"]
        since = page["next_since"]
        if page["next_cursor"] is None:
            break
    assert [change["seq"] for change in found] == list(range(1, len(found) + 1))
    carls = [change for change in found if change["actor_id"] == carl.user_id]
    assert {(change["actor_name"], change["via"]) for change in carls} == {("Carl", "COACH_GRANT")}
    tables = {change["table_name"] for change in carls}
    assert {"program", "program_revision", "user_program_enrollment", "user_workout_session", "session_comment"} <= tables
    assert not tables & {"user_set_performance", "user_exercise_performance", "user_measurement", "coach_grant", "app_user"}
    planned = [c for c in carls if c["table_name"] == "user_workout_session" and c["action"] == "INSERT"]
    assert len(planned) == WEEKS * A_WEEK
    assert {c["row_id"] for c in carls if c["table_name"] == "user_program_enrollment"} == {enrollment["id"]}
    grants = [(c["action"], c["actor_name"], c["via"]) for c in found if c["table_name"] == "coach_grant"]
    assert grants == [("INSERT", "Ann", "WEB"), ("UPDATE", "Ann", "WEB")]
    sets = [c for c in found if c["table_name"] == "user_set_performance"]
    assert len(sets) == 3 * (TRAINED_WEEKS * A_WEEK - 1)
    assert {c["actor_name"] for c in sets} == {"Ann"}


async def test_an_athlete_and_a_coach(http: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story(monkeypatch, services)
    await story.begin(http)
    ann, carl = story.ann, story.carl
    grant = await story.let_in()
    enrollment = await story.assign()
    done = await story.train(enrollment)
    await story.look(enrollment, done)
    (comment,) = ok(await ann.get(f"sessions/{done[-1]['id']}/comments"))["items"]
    assert (comment["author_name"], comment["comment_text"]) == ("Carl", "Strong. Sleep more.")

    ok(await ann.delete(f"grants/{grant['id']}"), 204)
    for method, path in (("GET", "sessions"), ("GET", "enrollments"), ("GET", f"sessions/{done[0]['id']}/comments"),
                         ("POST", f"enrollments/{enrollment['id']}/pause")):  # fmt: skip
        problem(await carl.call(method, f"{story.carls_view}/{path}"), 404, "not-found")
    assert ok(await carl.get(f"{V1}/coach/athletes"))["items"] == []

    # What was assigned is Ann's own: she goes on with it, or not.
    assert ok(await ann.post(f"enrollments/{enrollment['id']}/pause"))["enrollment_status"] == "PAUSED"
    assert ok(await ann.post(f"enrollments/{enrollment['id']}/cancel"))["enrollment_status"] == "CANCELLED"
    assert (await ann.get(f"{V1}/programs/{enrollment['program_id']}")).is_success

    accesses = {each["what"]: (each["reads"], each["writes"]) for each in ok(await ann.get("accesses"))["items"]}
    assert accesses == {"enrollments": (0, 1), "overview": (1, 0), "sessions": (1, 1)}
    assert {each["coach_name"] for each in ok(await ann.get("accesses"))["items"]} == {"Carl"}
    await the_ledger_tells(ann, carl, enrollment)
