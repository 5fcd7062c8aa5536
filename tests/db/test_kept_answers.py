"""Answers kept for Idempotency-Keys go once their day is over."""

from uuid import UUID

import asyncpg

from helpers import Person
from reptrail.db.embedded import DatabaseUrls
from reptrail.http import idempotency
from reptrail.http.edge import Services
from reptrail.ids import uuid7


async def test_only_old_answers_are_forgotten(services: Services, athlete: Person, urls: DatabaseUrls) -> None:
    for key in ("old", "new"):
        assert (await athlete.post("sessions", {}, headers={"Idempotency-Key": key})).status_code == 201
    connection = await asyncpg.connect(urls.owner)
    try:
        mine = UUID(athlete.user_id)
        await connection.execute("SET app.system = 'on'")
        await connection.execute(
            "UPDATE idempotency_key SET created_at = now() - interval '25 hours' WHERE user_id = $1 AND idempotency_key = 'old'",
            mine,
        )
        async with services.database.act_as_system(None, uuid7()) as tx:
            assert await idempotency.forget(tx) >= 1
        left = await connection.fetch("SELECT idempotency_key FROM idempotency_key WHERE user_id = $1", mine)
        assert [row["idempotency_key"] for row in left] == ["new"]
    finally:
        await connection.close()
