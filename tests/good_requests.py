"""One good request for every route, with the rows it needs made for it: the tests that cross all routes begin from these.

A new route has its entry here, else tests/access and tests/contract fail.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from helpers import PASSWORD, Person
from reptrail.catalog.builtin import builtin_id
from reptrail.http.edge import Route

V1 = "/api/v1"
BENCH_PRESS = str(builtin_id("exercise", "bench-press-barbell"))
HISTORY = Path(__file__).parent / "data" / "strong" / "classic.csv"


@dataclass
class Sent:
    """What is sent: the path's parameters but the athlete, a JSON body, a multipart form, a query, and another token."""

    path: dict[str, str] = field(default_factory=dict)
    json: Any = None
    form: dict[str, Any] | None = None
    query: dict[str, str] = field(default_factory=dict)
    # For what ends the very login it is sent with: one made for the purpose. Only the owner sends it.
    token: str | None = None

    def address(self, route: Route, athlete: str = "me") -> str:
        return route.path.format(athlete=athlete, **self.path)

    def body(self) -> dict[str, Any]:
        """The arguments of an httpx request."""
        found: dict[str, Any] = {"params": self.query} if self.query else {}
        if self.json is not None:
            found["json"] = self.json
        if self.form is not None:
            found |= {"files": {"file": ("workouts.csv", self.form["file"])}, "data": self.form.get("data", {})}
        return found


Make = Callable[[Person], Awaitable[Sent]]
GOOD: dict[str, Make] = {}


def good(*names: str) -> Callable[[Make], Make]:
    """Registers what makes the good request of routes, named like `GET /athletes/{athlete}/sessions`."""

    def register(make: Make) -> Make:
        GOOD.update(dict.fromkeys(names, make))
        return make

    return register


def name_of(route: Route) -> str:
    return f"{route.method} {route.path.removeprefix(V1)}"


async def answered(person: Person, method: str, path: str, json: Any = None, **kwargs: Any) -> Any:
    response = await person.call(method, path, json, **kwargs)
    assert response.is_success, response.text
    return response.json() if response.content else None


# --- Identity --------------------------------------------------------------------------------------------------------


async def another_login(owner: Person) -> dict[str, Any]:
    found: dict[str, Any] = await answered(owner, "POST", f"{V1}/auth/login", {"email": owner.email, "password": PASSWORD})
    return found


@good("GET /me", "GET /me/tokens", "GET /me/logins")
async def nothing(_owner: Person) -> Sent:
    return Sent()


@good("POST /auth/register")
async def somebody_new(_owner: Person) -> Sent:
    return Sent(json={"email": f"{uuid4().hex}@example.org", "password": PASSWORD, "display_name": "Ann"})


@good("POST /auth/login")
async def email_and_password(owner: Person) -> Sent:
    return Sent(json={"email": owner.email, "password": PASSWORD})


@good("POST /auth/refresh")
async def refresh_token(owner: Person) -> Sent:
    return Sent(json={"refresh_token": (await another_login(owner))["refresh_token"]})


@good("POST /auth/logout")
async def login_to_end(owner: Person) -> Sent:
    return Sent(token=(await another_login(owner))["access_token"])


@good("PATCH /me")
async def another_name(_owner: Person) -> Sent:
    return Sent(json={"display_name": "Ben"})


@good("POST /me/tokens")
async def token_wanted(_owner: Person) -> Sent:
    return Sent(json={"name": "phone", "scopes": ["training:read"]})


@good("DELETE /me/tokens/{token_id}")
async def token_to_revoke(owner: Person) -> Sent:
    made = await answered(owner, "POST", f"{V1}/me/tokens", {"name": "phone", "scopes": ["training:read"]})
    return Sent({"token_id": made["id"]})


@good("DELETE /me/logins/{login_id}")
async def other_login(owner: Person) -> Sent:
    await another_login(owner)
    logins = (await answered(owner, "GET", f"{V1}/me/logins"))["items"]
    return Sent({"login_id": next(login["id"] for login in logins if not login["is_current"])})


# --- Training --------------------------------------------------------------------------------------------------------


async def planned(owner: Person) -> str:
    """A planned session; whatever was in progress is cancelled, since one excludes another."""
    for session in (await answered(owner, "GET", "sessions", params={"status": "IN_PROGRESS"}))["items"]:
        await answered(owner, "POST", f"sessions/{session['id']}/cancel")
    made = await answered(owner, "POST", "sessions", {"workout_name": "Push", "scheduled_at": "2026-03-02T17:00:00Z"})
    found: str = made["id"]
    return found


async def done(owner: Person) -> dict[str, Any]:
    """A session done, with one performance of two sets."""
    sets = [{"reps": 5, "weight": 80, "weight_unit": "kg"}, {"reps": 5, "weight": 82.5, "weight_unit": "kg", "rpe": 8.5}]
    found: dict[str, Any] = await answered(
        owner,
        "POST",
        "sessions",
        {
            "session_status": "COMPLETED",
            "started_at": "2026-03-01T17:00:00Z",
            "completed_at": "2026-03-01T18:00:00Z",
            "performances": [{"exercise_id": BENCH_PRESS, "sets": sets}],
        },
    )
    return found


@good("GET /athletes/{athlete}/sessions")
async def sessions(owner: Person) -> Sent:
    await done(owner)
    return Sent(query={"limit": "1", "status": "COMPLETED"})


@good("POST /athletes/{athlete}/sessions")
async def session_wanted(_owner: Person) -> Sent:
    return Sent(json={"workout_name": "Pull", "scheduled_at": "2026-03-02T17:00:00Z", "session_notes": "easy"})


@good(
    "GET /athletes/{athlete}/sessions/{session_id}",
    "DELETE /athletes/{athlete}/sessions/{session_id}",
    "POST /athletes/{athlete}/sessions/{session_id}/skip",
    "POST /athletes/{athlete}/sessions/{session_id}/cancel",
)
async def planned_session(owner: Person) -> Sent:
    return Sent({"session_id": await planned(owner)})


@good("PATCH /athletes/{athlete}/sessions/{session_id}")
async def session_to_edit(owner: Person) -> Sent:
    return Sent({"session_id": (await done(owner))["id"]}, {"session_notes": "heavy", "effort_rating": 8})


@good("POST /athletes/{athlete}/sessions/{session_id}/start")
async def session_to_start(owner: Person) -> Sent:
    return Sent({"session_id": await planned(owner)}, {"started_at": "2026-03-02T17:05:00Z"})


@good("POST /athletes/{athlete}/sessions/{session_id}/complete")
async def session_to_complete(owner: Person) -> Sent:
    session_id = await planned(owner)
    await answered(owner, "POST", f"sessions/{session_id}/start", {"started_at": "2026-03-02T17:05:00Z"})
    return Sent({"session_id": session_id}, {"completed_at": "2026-03-02T18:00:00Z", "effort_rating": 7})


@good("POST /athletes/{athlete}/sessions/{session_id}/reopen")
async def session_to_reopen(owner: Person) -> Sent:
    session_id = await planned(owner)
    await answered(owner, "POST", f"sessions/{session_id}/skip")
    return Sent({"session_id": session_id})


@good("POST /athletes/{athlete}/sessions/{session_id}/exercises")
async def exercise_to_add(owner: Person) -> Sent:
    return Sent({"session_id": await planned(owner)}, {"exercise_id": BENCH_PRESS, "sets": 3, "reps_min": 5, "reps_max": 8})


@good("PUT /athletes/{athlete}/sessions/{session_id}/performances/{exercise_instruction_id}")
async def performance_to_write(owner: Person) -> Sent:
    session = await done(owner)
    instruction = session["performances"][0]["exercise_instruction_id"]
    sets = [{"reps": 6, "weight": 80, "weight_unit": "kg", "rpe": 9, "distance_m": 1.5}]
    return Sent({"session_id": session["id"], "exercise_instruction_id": instruction}, {"sets": sets, "difficulty_rating": 7})


@good("PATCH /athletes/{athlete}/sessions/{session_id}/performances/{exercise_instruction_id}")
async def performance_to_edit(owner: Person) -> Sent:
    sent = await performance_to_write(owner)
    return Sent(sent.path, {"difficulty_rating": 6, "performance_notes": "slow"})


@good("POST /athletes/{athlete}/sessions/{session_id}/sets")
async def set_to_log(owner: Person) -> Sent:
    entry = {"exercise_id": BENCH_PRESS, "reps": 5, "weight": 80, "weight_unit": "kg", "completed_at": "2026-03-01T17:30:00Z"}
    return Sent({"session_id": (await done(owner))["id"]}, entry)


@good("PATCH /athletes/{athlete}/sessions/{session_id}/sets/{set_id}")
async def set_to_edit(owner: Person) -> Sent:
    session = await done(owner)
    return Sent({"session_id": session["id"], "set_id": session["performances"][0]["sets"][0]["id"]}, {"reps": 6, "rpe": 9})


@good("DELETE /athletes/{athlete}/sessions/{session_id}/sets/{set_id}")
async def set_to_delete(owner: Person) -> Sent:
    return Sent((await set_to_edit(owner)).path)


# --- Catalogue -------------------------------------------------------------------------------------------------------


@good("GET /exercises", "GET /metrics", "GET /workouts")
async def names(_owner: Person) -> Sent:
    return Sent(query={"limit": "2"})


@good("POST /exercises")
async def exercise_wanted(_owner: Person) -> Sent:
    name = f"Log Press {uuid4().hex[:8]}"
    return Sent(json={"exercise_name": name, "equipment": "BARBELL", "mechanic": "COMPOUND", "tracks": "REPS_WEIGHT"})


@good("GET /exercises/{exercise_id}", "DELETE /exercises/{exercise_id}")
async def own_exercise(owner: Person) -> Sent:
    made = await answered(owner, "POST", f"{V1}/exercises", (await exercise_wanted(owner)).json)
    return Sent({"exercise_id": made["id"]})


@good("PATCH /exercises/{exercise_id}")
async def exercise_to_edit(owner: Person) -> Sent:
    return Sent((await own_exercise(owner)).path, {"aliases": ["Log"]})


@good("POST /metrics")
async def metric_wanted(_owner: Person) -> Sent:
    return Sent(json={"metric_name": f"Grip {uuid4().hex[:8]}", "unit": "kg", "minimum_plausible": 1})


@good("GET /metrics/{metric_id}", "DELETE /metrics/{metric_id}")
async def own_metric(owner: Person) -> Sent:
    made = await answered(owner, "POST", f"{V1}/metrics", (await metric_wanted(owner)).json)
    return Sent({"metric_id": made["id"]})


@good("PATCH /metrics/{metric_id}")
async def metric_to_edit(owner: Person) -> Sent:
    return Sent((await own_metric(owner)).path, {"maximum_plausible": 90.5})


@good("POST /workouts")
async def workout_wanted(_owner: Person) -> Sent:
    instruction = {"exercise_id": BENCH_PRESS, "sets": 3, "reps_min": 5, "reps_max": 8, "weight": 60, "weight_unit": "kg"}
    return Sent(json={"workout_name": "Press day", "instructions": [instruction]})


@good("GET /workouts/{workout_id}", "DELETE /workouts/{workout_id}")
async def own_workout(owner: Person) -> Sent:
    made = await answered(owner, "POST", f"{V1}/workouts", (await workout_wanted(owner)).json)
    return Sent({"workout_id": made["id"]})


@good("PUT /workouts/{workout_id}")
async def workout_to_publish(owner: Person) -> Sent:
    return Sent((await own_workout(owner)).path, {**(await workout_wanted(owner)).json, "workout_name": "Press day, heavier"})


# --- Measurements ----------------------------------------------------------------------------------------------------


@good("GET /athletes/{athlete}/measurements")
async def measurements(_owner: Person) -> Sent:
    return Sent(query={"metric": "body-weight", "limit": "1"})


@good("POST /athletes/{athlete}/measurements")
async def measurement_wanted(_owner: Person) -> Sent:
    return Sent(json={"metric": "body-weight", "measured_value": 81.5, "unit": "kg", "measurement_date": "2026-03-01"})


@good("GET /athletes/{athlete}/measurements/{measurement_id}", "DELETE /athletes/{athlete}/measurements/{measurement_id}")
async def one_measurement(owner: Person) -> Sent:
    made = await answered(owner, "POST", "measurements", (await measurement_wanted(owner)).json)
    return Sent({"measurement_id": made["id"]})


@good("PATCH /athletes/{athlete}/measurements/{measurement_id}")
async def measurement_to_edit(owner: Person) -> Sent:
    return Sent((await one_measurement(owner)).path, {"measured_value": 82, "measurement_notes": "after breakfast"})


# --- Imports ---------------------------------------------------------------------------------------------------------


def history() -> bytes:
    """A real export, on days of its own, so that it is new each time."""
    from random import randint

    day = f"{randint(1990, 2015)}-{randint(1, 12):02}-{randint(1, 28):02}"  # noqa: S311
    lines = HISTORY.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join([lines[0], *(day + line[10:] if line[:2] == "20" else line for line in lines[1:])]).encode()


@good("POST /athletes/{athlete}/imports")
async def file_to_import(_owner: Person) -> Sent:
    return Sent(form={"file": history(), "data": {"time_zone": "Europe/Berlin", "weight_unit": "kg"}})


@good("GET /athletes/{athlete}/imports")
async def imports(_owner: Person) -> Sent:
    return Sent(query={"limit": "2"})


@good("GET /athletes/{athlete}/imports/{import_id}", "DELETE /athletes/{athlete}/imports/{import_id}")
async def one_import(owner: Person) -> Sent:
    made = await answered(owner, "POST", "imports", **(await file_to_import(owner)).body())
    return Sent({"import_id": made["id"]})


# --- The ledger ------------------------------------------------------------------------------------------------------


@good("GET /athletes/{athlete}/changes")
async def changes(_owner: Person) -> Sent:
    return Sent(query={"since": "0"})


@good("GET /athletes/{athlete}/history/{table}/{row_id}")
async def row_history(owner: Person) -> Sent:
    made = await answered(owner, "POST", "sessions", json={})
    return Sent({"table": "user_workout_session", "row_id": made["id"]}, query={"with": "parts"})


@good("POST /athletes/{athlete}/restore")
async def restore(owner: Person) -> Sent:
    made = await answered(owner, "POST", "sessions", json={})
    assert (await owner.delete(f"sessions/{made['id']}")).is_success
    return Sent(json={"table": "user_workout_session", "id": made["id"]})
