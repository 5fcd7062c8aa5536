"""Importing files as somebody, and looking at what came of it in the database."""

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from helpers import Person
from reptrail.http.edge import Services
from reptrail.ids import uuid7

HEVY_HEAD = (
    "title,start_time,end_time,description,exercise_title,superset_id,exercise_notes,"
    "set_index,set_type,weight_kg,reps,distance_km,duration_seconds,rpe\n"
)
# What an act changes of a row beside its contents.
BOOKKEEPING = ("version", "updated_at", "updated_by")


def hevy(*rows: str, title: str = "Upper", start: str = "4 Jun 2024, 18:10", end: str = "4 Jun 2024, 19:02") -> bytes:
    """A Hevy file of one session with rows of `exercise,superset,notes,index,type,weight,reps,distance,seconds,rpe`."""
    return (HEVY_HEAD + "".join(f'{title},"{start}","{end}",,{row}\n' for row in rows)).encode()


def joined(*files: bytes) -> bytes:
    """Files of one layout as one."""
    head = files[0].split(b"\n", 1)[0]
    return b"\n".join([head, *(file.split(b"\n", 1)[1].rstrip(b"\n") for file in files), b""])


def hevy_rows(data: bytes) -> list[dict[str, str]]:
    """A Hevy file by Python's own reader: nothing of ours takes part."""
    return list(csv.DictReader(io.StringIO(data.decode())))


def hevy_volume_kg(data: bytes) -> Decimal:
    """kg times reps over all sets of a metric Hevy file."""
    return sum((Decimal(row["weight_kg"] or 0) * Decimal(row["reps"] or 0) for row in hevy_rows(data)), Decimal(0))


@dataclass
class Importer:
    """Somebody who imports files."""

    person: Person
    services: Services

    async def send(self, data: bytes, name: str = "export.csv", **fields: Any) -> httpx.Response:
        """The answer to a file with fields of the form."""
        return await self.person.post("imports", files={"file": (name, data, "text/csv")}, data=fields)

    async def apply(self, data: bytes, **fields: Any) -> dict[str, Any]:
        """The import that a file becomes."""
        response = await self.send(data, **fields)
        assert response.status_code == 201, response.text
        assert response.headers["etag"] == '"1"'
        answer: dict[str, Any] = response.json()
        assert answer["import_status"] == "APPLIED"
        return answer

    async def preview(self, data: bytes, **fields: Any) -> dict[str, Any]:
        """What nothing was written for: a dry run, or a file without news."""
        response = await self.send(data, **fields)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        assert answer["id"] is answer["import_status"] is answer["created_at"] is None
        return answer

    async def undo(self, made: dict[str, Any]) -> dict[str, Any]:
        """An import undone."""
        response = await self.person.delete(f"imports/{made['id']}")
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def rows(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        """Rows as the athlete's own database has them; $1 is the athlete."""
        async with self.services.database.act_as_system(UUID(self.person.user_id), uuid7()) as tx:
            return [dict(row) for row in await tx.rows(sql, tx.athlete, *args)]

    async def seq(self) -> int:
        """The head of the athlete's ledger."""
        found = await self.rows("SELECT seq FROM change_head WHERE user_id = $1")
        return int(found[0]["seq"]) if found else 0

    async def snapshot(self) -> dict[str, list[str]]:
        """Every active row of every table of the athlete's, but the imports themselves: their contents, in order."""
        tables = await self.rows(
            """SELECT c.relname FROM pg_catalog.pg_class c WHERE $1::uuid IS NOT NULL AND c.relkind = 'r'
               AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'import' AND 2 = (
                   SELECT count(*) FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attname IN ('user_id', 'is_active') AND NOT a.attisdropped)"""
        )
        drop = "".join(f" - '{name}'" for name in BOOKKEEPING)
        return {
            name: [
                row["contents"]
                for row in await self.rows(
                    f"SELECT (to_jsonb(t){drop})::text AS contents FROM {name} t WHERE user_id = $1 AND is_active ORDER BY 1"  # noqa: S608
                )
            ]
            for name in sorted(table["relname"] for table in tables)
        }

    async def sets(self) -> list[dict[str, Any]]:
        """Every active set with its exercise, session by session, in order."""
        return await self.rows(
            """SELECT s.started_at, s.completed_at, s.actual_duration_seconds, s.session_notes, e.exercise_name,
                   i.position, i.group_number, p.performance_notes, p.sets_completed, p.reps_completed, p.weight_used_kg,
                   p.duration_seconds AS seconds_completed, t.set_number, t.kind, t.reps, t.weight, t.weight_unit,
                   t.weight_kg, t.load, t.duration_seconds, t.distance_m, t.rpe, t.notes
               FROM user_set_performance t
               JOIN user_exercise_performance p ON p.id = t.user_exercise_performance_id
               JOIN exercise_instruction i ON i.id = p.exercise_instruction_id
               JOIN user_workout_session s ON s.id = p.user_workout_session_id
               JOIN exercise e ON e.id = t.exercise_id
               WHERE t.user_id = $1 AND t.is_active ORDER BY s.started_at, i.position, t.set_number"""
        )

    async def assert_summaries_exact(self) -> None:
        """Every active performance is the exact summary of its active sets."""
        wrong = await self.rows(
            """SELECT p.id, p.sets_completed, a.* FROM user_exercise_performance p JOIN (
                   SELECT q.id, count(t.id) FILTER (WHERE t.kind <> 'WARMUP') AS sets,
                       sum(t.reps) FILTER (WHERE t.kind <> 'WARMUP') AS reps,
                       max(nullif(t.weight_kg, 0)) FILTER (WHERE t.kind <> 'WARMUP' AND t.load <> 'ASSISTED') AS kg,
                       sum(t.duration_seconds) FILTER (WHERE t.kind <> 'WARMUP') AS seconds
                   FROM user_exercise_performance q LEFT JOIN user_set_performance t
                       ON t.user_id = $1 AND t.user_exercise_performance_id = q.id AND t.is_active
                   WHERE q.user_id = $1 GROUP BY q.id) a ON a.id = p.id
               WHERE p.user_id = $1 AND p.is_active AND (p.sets_completed, p.reps_completed, p.weight_used_kg,
                   p.duration_seconds) IS DISTINCT FROM (a.sets, a.reps, a.kg, a.seconds)"""
        )
        assert wrong == []
