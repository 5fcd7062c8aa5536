"""What the tests of pushing share: rows to push, and what came of it."""

from typing import Any

from phone import Phone, Row

from good_requests.base import BENCH_PRESS

SESSION, SET, MEASUREMENT = "user_workout_session", "user_set_performance", "user_measurement"
PERFORMANCE, INSTRUCTION = "user_exercise_performance", "exercise_instruction"
AT = "2026-03-02T17:00:00Z"
RECORDED = {"session_status": "COMPLETED", "started_at": AT, "completed_at": "2026-03-02T18:00:00Z"}
WEIGHT = {"metric": "body-weight", "measured_value": 81.5, "unit": "kg", "measurement_date": "2026-03-01"}


def bench(session: str, reps: int = 5, **fields: Any) -> Row:
    common = {"user_workout_session_id": session, "exercise_id": BENCH_PRESS, "weight": 80, "weight_unit": "kg"}
    return {**common, "reps": reps, **fields}


def statuses(results: list[Row]) -> list[str]:
    return [result["status"] for result in results]


def slug(result: Row) -> str:
    kind: str = result["problem"]["type"]
    return kind.rpartition(":")[2]


async def trained(phone: Phone, sets: int = 1) -> tuple[str, list[str]]:
    """A session recorded from the phone, and its sets."""
    session = phone.do(SESSION, "insert", fields=RECORDED)["row_id"]
    made = [phone.do(SET, "insert", fields=bench(session))["row_id"] for _ in range(sets)]
    assert set(statuses(await phone.sync())) == {"APPLIED"}
    return session, made


async def weighed(phone: Phone) -> str:
    row_id: str = phone.do(MEASUREMENT, "insert", fields=WEIGHT)["row_id"]
    assert statuses(await phone.sync()) == ["APPLIED"]
    return row_id
