"""How many statements sync sends, beside begin and commit: a rise fails."""

import httpx
import pytest
from phone import Phone

from good_requests.base import BENCH_PRESS
from helpers import Person
from reptrail.db.pool import Transaction


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that a transaction is asked for."""
    sent: list[str] = []
    for name in ("rows", "row", "value", "json", "execute"):
        original = getattr(Transaction, name)

        def counting(self: Transaction, sql: str, *args: object, original: object = original) -> object:
            sent.append(sql)
            return original(self, sql, *args)  # type: ignore[operator]

        monkeypatch.setattr(Transaction, name, counting)
    return sent


def sets(phone: Phone, session: str, count: int) -> None:
    for _ in range(count):
        fields = {"user_workout_session_id": session, "exercise_id": BENCH_PRESS, "reps": 5}
        phone.do("user_set_performance", "insert", fields=fields)


async def made(phone: Phone) -> str:
    times = {"started_at": "2026-03-02T17:00:00Z", "completed_at": "2026-03-02T18:00:00Z"}
    operation = phone.do("user_workout_session", "insert", fields={"session_status": "COMPLETED", **times})
    await phone.sync()
    session: str = operation["row_id"]
    return session


async def test_a_pull_is_one_statement(phone: Phone, statements: list[str]) -> None:
    await made(phone)
    statements.clear()
    assert (await phone.person.get("sync")).is_success
    assert len(statements) == 1
    assert (await phone.person.get("sync/catalog")).is_success
    assert len(statements) == 2
    assert (await phone.person.get("sync/first")).is_success
    assert len(statements) == 3


@pytest.mark.parametrize("count", [2, 200])
async def test_a_push_of_sets_is_as_many_statements_however_many_they_are(phone: Phone, statements: list[str], count: int) -> None:
    session = await made(phone)
    sets(phone, session, count)
    statements.clear()
    await phone.push()
    # Applied before, scopes; present, three of logging; remember, rows, head.
    assert len(statements) == 9


async def test_one_wrong_set_among_many_is_found_by_halves(phone: Phone, statements: list[str]) -> None:
    session = await made(phone)
    sets(phone, session, 128)
    phone.outbox[77]["fields"]["reps"] = None
    phone.outbox[77]["fields"]["duration_seconds"] = 30_000
    phone.outbox[78]["fields"]["duration_seconds"] = 30_000
    statements.clear()
    results = await phone.push()
    assert [r["id"] for r in results if r["status"] != "APPLIED"] == [results[78]["id"]]
    assert len(statements) < 100


async def test_a_broken_database_refuses_the_push_whole(athlete: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no operation's fault is not written down as a refusal."""
    phone = Phone(athlete)
    session = await made(phone)
    sets(phone, session, 2)
    original = Transaction.rows

    async def broken(self: Transaction, sql: str, *args: object) -> object:
        if "INSERT INTO user_set_performance" in sql:
            await original(self, "SELECT pg_terminate_backend(pg_backend_pid())")
        return await original(self, sql, *args)

    monkeypatch.setattr(Transaction, "rows", broken)
    response: httpx.Response = await athlete.post("sync", {"operations": phone.outbox})
    assert response.status_code == 503
    monkeypatch.undo()
    assert [r["status"] for r in await phone.push()] == ["APPLIED"] * 2
