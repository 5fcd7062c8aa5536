"""What is really there, as the owner of the database sees it past every policy."""
# ruff: noqa: S608 - table names are our own

import json
from uuid import UUID

import asyncpg
from phone import Key, Row

from reptrail.sync.queries import PULLED_TABLES


async def rows_of(owner: asyncpg.Connection, athlete: str) -> dict[Key, Row]:
    """Every row of an athlete's that a client should have."""
    found: dict[Key, Row] = {}
    for table in PULLED_TABLES:
        documents = await owner.fetch(f"SELECT row_to_json(t) FROM {table} t WHERE t.user_id = $1 AND t.is_active", UUID(athlete))
        for (document,) in documents:
            row = json.loads(document)
            found[table, row["id"]] = row
    return found
