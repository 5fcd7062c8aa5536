"""What is measured: each case as requests to the server and as the same SQL for pgbench."""

import hashlib
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from data import EXERCISES_PER_SESSION, SESSIONS_PER_ATHLETE, WORKOUTS_PER_ATHLETE
from reptrail.http.actor import Authenticator
from reptrail.ids import uuid7
from reptrail.training import queries

BATCH = 20
PAGE = 50


@dataclass(frozen=True)
class Case:
    """One measurement: `rows` a request, and the least share of pgbench's rows a second that will do."""

    name: str
    bound: float
    rows: int
    requests: Callable[[Authenticator, int, int], list[bytes]]
    script: Callable[[int], str]


def _id(text: str) -> UUID:
    return UUID(bytes=hashlib.md5(text.encode()).digest())  # noqa: S324


def _request(tokens: dict[int, str], method: str, athlete: int, path: str, body: bytes = b"") -> bytes:
    head = [f"{method} /api/v1/athletes/me/{path} HTTP/1.1", "Host: bench", f"Authorization: Bearer {tokens[athlete]}"]
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


def _tokens(authenticator: Authenticator, athletes: int) -> dict[int, str]:
    return {a: authenticator.issue(_id(f"a{a}"), _id(f"l{a}"), 3600) for a in range(1, athletes + 1)}


def _log_requests(sets: int) -> Callable[[Authenticator, int, int], list[bytes]]:
    def make(authenticator: Authenticator, athletes: int, count: int) -> list[bytes]:
        tokens = _tokens(authenticator, athletes)
        requests = []
        for _ in range(count):
            a, s, e = random.randint(1, athletes), random.randint(1, SESSIONS_PER_ATHLETE), random.randint(1, EXERCISES_PER_SESSION)
            instruction = str(_id(f"i{a}:{s % WORKOUTS_PER_ATHLETE + 1}:{e}"))
            logged = [{"id": str(uuid7()), "exercise_instruction_id": instruction, "reps": 6, "weight": 62.5, "weight_unit": "kg",
                       "rpe": 8} for _ in range(sets)]  # fmt: skip
            body = json.dumps(logged[0] if sets == 1 else logged).encode()
            requests.append(_request(tokens, "POST", a, f"sessions/{_id(f's{a}:{s}')}/sets", body))
        return requests

    return make


def _page_requests(authenticator: Authenticator, athletes: int, count: int) -> list[bytes]:
    tokens = _tokens(authenticator, athletes)
    return [_request(tokens, "GET", random.randint(1, athletes), f"sessions?limit={PAGE}") for _ in range(count)]


def _fill(sql: str, *values: str) -> str:
    """A statement of the server's with an SQL expression for each parameter: pgbench has none of type uuid or array."""
    return re.sub(r"\$(\d+)", lambda m: f"({values[int(m[1]) - 1]})", sql).strip() + ";\n"


_ATHLETE = "md5('a' || :a::text)::uuid"
_INSTRUCTION = "md5('i' || :a::text || ':' || :w::text || ':' || :e::text)::uuid"
_PERFORMANCE = "md5('p' || :a::text || ':' || :s::text || ':' || :e::text)::uuid"
_SESSION = "md5('s' || :a::text || ':' || :s::text)::uuid"


def _transaction(athletes: int, *statements: str, scope: str, write: bool) -> str:
    scope = scope.replace(":", "' || chr(58) || '")  # pgbench takes ":write" for a variable, even inside quotes
    begin = (
        f"BEGIN;\nSELECT app.act_as({_ATHLETE}, {_ATHLETE}, '{scope}', 'WEB', gen_random_uuid(), {write}, "
        "md5('l' || :a::text)::uuid, '');\n"
    )
    random_row = (
        f"\\set a random(1, {athletes})\n\\set s random(1, {SESSIONS_PER_ATHLETE})\n"
        f"\\set e random(1, {EXERCISES_PER_SESSION})\n\\set w (:s % {WORKOUTS_PER_ATHLETE}) + 1\n"
    )
    return random_row + begin + "".join(statements) + "COMMIT;\n"


def _log_script(sets: int) -> Callable[[int], str]:
    def array(expression: str, type_: str) -> str:
        if sets == 1:
            return f"ARRAY[{expression}]::{type_}[]"
        return f"(SELECT array_agg(({expression})::{type_}) FROM generate_series(1, {sets}))::{type_}[]"

    exercise = f"(SELECT exercise_id FROM exercise_instruction WHERE id = {_INSTRUCTION})"

    def make(athletes: int) -> str:
        nothing = array("NULL", "text")
        context = _fill(
            queries.LOG_CONTEXT, _ATHLETE, _SESSION, f"ARRAY[{_INSTRUCTION}]", "'{}'::uuid[]", array("uuidv7()", "uuid")
        )
        summary = _fill(
            queries.SUMMARIZE,
            _ATHLETE,
            _SESSION,
            f"ARRAY[{_PERFORMANCE}]",
            f"ARRAY[{_INSTRUCTION}]",
            f"ARRAY[{exercise}]",
            array(_PERFORMANCE, "uuid"),
            array("'WORKING'", "text"),
            array("6", "smallint"),
            array("62.5", "numeric"),
            array("'EXTERNAL'", "text"),
            array("NULL", "smallint"),
            "NULL::uuid",
        )
        insert = _fill(
            queries.INSERT_SETS,
            _ATHLETE,
            array("uuidv7()", "uuid"),
            array(_PERFORMANCE, "uuid"),
            array(exercise, "uuid"),
            array("5", "smallint"),
            array("'WORKING'", "text"),
            array("6", "smallint"),
            array("62.5", "numeric"),
            array("'kg'", "text"),
            array("'EXTERNAL'", "text"),
            array("NULL", "smallint"),
            array("NULL", "numeric"),
            array("8", "numeric"),
            array("NULL", "timestamptz"),
            nothing,
            array("NULL", "uuid"),
            nothing,
        )
        return _transaction(athletes, context, summary, insert, scope="training:write", write=True)

    return make


def _page_script(athletes: int) -> str:
    page = _fill(queries.SESSIONS, _ATHLETE, "NULL", "NULL::date", "NULL::date", "NULL", "NULL", "NULL", "NULL", str(PAGE + 1))
    return _transaction(athletes, page, scope="training:read", write=False)


CASES = (
    Case("log a set, one a request", 0.40, 1, _log_requests(1), _log_script(1)),
    Case(f"log sets, {BATCH} a request", 0.60, BATCH, _log_requests(BATCH), _log_script(BATCH)),
    Case(f"a page of {PAGE} nested sessions", 0.55, 1, _page_requests, _page_script),
)
