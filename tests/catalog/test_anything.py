"""Whatever is sent to the catalogue and to measurements, the answer is never a 500."""

from typing import Any
from uuid import uuid4

import pytest

from helpers import Person
from reptrail.catalog import builtin
from reptrail.catalog.wire import ExerciseIn, ExercisePatch, InstructionIn, MetricIn, MetricPatch, WorkoutIn
from reptrail.ids import uuid7
from reptrail.measurements.wire import MeasurementIn, MeasurementPatch

ODD = (None, "", " ", "\x00", "x" * 3000, "💪", -1, 0, 2**31, 2**63, 10**30, 1e308, 5e-324, "NaN", "1e400", True, [], {}, [[]])
ODD_DATES = ("2024-02-30", "0001-01-01", "9999-12-31", "1970-01-01", "2024-01-01T00:00:00Z")
BENCH = str(builtin.builtin_id("exercise", "bench-press-barbell"))


def exercise() -> dict[str, Any]:
    return {"exercise_name": uuid4().hex, "equipment": "OTHER", "mechanic": "COMPOUND", "tracks": "REPS"}


def metric() -> dict[str, Any]:
    return {"metric_name": uuid4().hex, "unit": "points"}


def workout() -> dict[str, Any]:
    return {"workout_name": "Push", "instructions": [{"exercise_id": BENCH}]}


def measurement() -> dict[str, Any]:
    return {"metric": "body-weight", "measured_value": 80, "unit": "kg"}


@pytest.mark.parametrize(
    ("path", "good", "fields", "patch"),
    [
        ("/api/v1/exercises", exercise, ExerciseIn, ExercisePatch),
        ("/api/v1/metrics", metric, MetricIn, MetricPatch),
        ("/api/v1/workouts", workout, WorkoutIn, None),
        ("measurements", measurement, MeasurementIn, MeasurementPatch),
    ],
)
async def test_any_value_of_any_field(athlete: Person, path: str, good: Any, fields: Any, patch: Any) -> None:
    one = f"{path}/{(await athlete.post(path, good())).json()['id']}"
    for name in fields.__struct_fields__:
        for value in (*ODD, *(ODD_DATES if name.endswith("date") else ())):
            body = {**good(), name: value}
            requests = [athlete.post(path, body)]
            if patch is None:
                requests.append(athlete.put(one, body))
            elif name in patch.__struct_fields__:
                requests.append(athlete.patch(one, {name: value}))
            for request in requests:
                response = await request
                assert response.status_code < 500, (name, value, response.text)


async def test_any_value_of_any_field_of_an_instruction(athlete: Person) -> None:
    for name in InstructionIn.__struct_fields__:
        for value in ODD:
            body = {**workout(), "instructions": [{"exercise_id": BENCH, name: value}]}
            response = await athlete.post("/api/v1/workouts", body)
            assert response.status_code < 500, (name, value, response.text)


@pytest.mark.parametrize("path", ["/api/v1/exercises", "/api/v1/metrics", "/api/v1/workouts", "measurements"])
async def test_any_parameter_id_and_body(athlete: Person, path: str) -> None:
    odd = ("", " ", "\x00", "x" * 300, "💪", "-1", "0", "1e9", "true", "NaN", "[]", "2024-02-30", "9999-12-31", "W10", "%00")
    names = ("q", "muscle", "equipment", "tracks", "mine", "metric", "from", "to", "source", "limit", "cursor", "revision")
    for name in names:
        for value in odd:
            response = await athlete.get(path, params={name: value})
            assert response.status_code < 500, (name, value, response.text)
    for odd_id in ("x", "0", str(uuid7()), "%00", "💪", str(uuid4()).upper()):
        for method in ("GET", "PATCH", "PUT", "DELETE"):
            response = await athlete.call(method, f"{path}/{odd_id}", {} if method in ("PATCH", "PUT") else None)
            assert response.status_code < 500, (method, odd_id, response.text)
    for body in (b"", b"{", b"null", b"1", b'"\\ud800"', b'{"exercise_name":"\\ud800"}', b"\xff", b"[" * 5000, b"[{}]", b"[null]"):
        response = await athlete.post(path, content=body, headers={"content-type": "application/json"})
        assert response.status_code < 500, (body[:40], response.text)
