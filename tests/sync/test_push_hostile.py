"""Nonsense in the fields of every kind of operation: each is refused or taken by itself, and never is it an error of ours."""

from typing import Any

import pytest
from phone import Phone
from pushed import MEASUREMENT, SESSION, SET, trained, weighed

from helpers import Person
from reptrail.ids import uuid7
from reptrail.sync.operations import KINDS, TABLES
from reptrail.sync.rules import MAX_OPERATIONS_PER_PUSH, Action, Status

NONSENSE: list[Any] = [
    None, "", "\x00", "a" * 30_000, "NaN", -1, 0, 2**31, 2**63, 10**30, 1e308, -1e-308, True, [], {}, [[None]],
    "0000-01-01", "10000-01-01T00:00:00Z", "2026-13-01", "25:00", "18:00\n", str(uuid7()),
]  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
async def test_nonsense_is_refused_by_itself(phone: Phone, athlete: Person, table: str) -> None:
    session, (set_id,) = await trained(phone)
    row_ids = {SESSION: session, SET: set_id, MEASUREMENT: await weighed(phone)}
    operations = [
        {
            "id": str(uuid7()),
            "table": table,
            "row_id": str(uuid7()) if word == Action.INSERT else row_ids.get(table, str(uuid7())),
            **({"action": word} if word in tuple(Action) else {"action": "verb", "verb": word}),
            "fields": {"user_workout_session_id": session, name: value} if name == "exercise_id" else {name: value},
        }
        for (of, word), kind in KINDS.items()
        if of == table
        for name in (*kind.fields.__struct_fields__, "a/b~c")
        for value in NONSENSE
    ]
    for start in range(0, len(operations), MAX_OPERATIONS_PER_PUSH):
        response = await athlete.post("sync", {"operations": operations[start : start + MAX_OPERATIONS_PER_PUSH]})
        assert response.status_code == 200, response.text[:500]
        results = response.json()["results"]
        assert {result["status"] for result in results} <= set(Status)
        refused = [result["problem"] for result in results if result["status"] == "REFUSED"]
        assert {problem["status"] for problem in refused} <= {403, 404, 409, 422}
        assert refused
