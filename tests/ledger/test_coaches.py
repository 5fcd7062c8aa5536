"""A coach reads the changes that their scopes cover and no others, and restores nothing."""

from uuid import UUID

import pytest

from helpers import Person, problem, register
from reptrail.http.edge import Services
from reptrail.ids import uuid7

GRANT = """
    INSERT INTO coach_grant (id, user_id, coach_id, scopes, consent_version) VALUES ($1, $2, $3, $4, 'test')
"""
TRAINING = {"workout", "workout_revision", "user_workout_session"}


@pytest.mark.parametrize(
    ("scopes", "tables"),
    [
        (["training:read"], TRAINING),
        (["measurements:read"], {"user_measurement"}),
        (["training:read", "measurements:read"], TRAINING | {"user_measurement"}),
    ],
)
async def test_a_coach_reads_what_their_scopes_cover(
    services: Services, athlete: Person, scopes: list[str], tables: set[str]
) -> None:
    coach = await register(athlete.http, "coach")
    session = (await athlete.post("sessions", {"session_status": "IN_PROGRESS"})).json()["id"]
    measured = await athlete.post("measurements", {"metric": "body-weight", "measured_value": 80, "unit": "kg"})
    address = f"/api/v1/athletes/{athlete.user_id}"
    problem(await coach.get(f"{address}/changes"), 404, "not-found")
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        await tx.execute(GRANT, uuid7(), tx.athlete, UUID(coach.user_id), scopes)

    told = await coach.get(f"{address}/changes?limit=200")
    assert told.status_code == 200, told.text
    seen = told.json()
    assert {change["table_name"] for change in seen["items"]} == tables
    rows = {"user_workout_session": session, "user_measurement": measured.json()["id"], "app_user": athlete.user_id}
    for table, row_id in rows.items():
        response = await coach.get(f"{address}/history/{table}/{row_id}")
        assert response.status_code == (200 if table in tables else 404), (table, response.text)
    body = {"table": "user_workout_session", "id": session}
    problem(await coach.post(f"{address}/restore", body), 403, "forbidden")
