"""Planning a whole program is one statement, however long it is, and quick."""

from dataclasses import replace
from typing import Any

from enrollment_world import Counting, enroll, make_program, ok, read, sessions_of, train

from helpers import Person

WEEK = [["A"], [], ["B"], [], ["C"], ["D"], []]
WEEKS = 104
# bench/planning.py measures it (under 0.1 s); here the machine runs other tests too, and only a plan gone wrong may fail.
MAX_SECONDS = 1.0


async def test_two_years_take_one_statement_and_no_time(athlete: Person, counting: Counting) -> None:
    program = await make_program(athlete, WEEK * WEEKS)
    counted = replace(athlete, http=counting.http)
    body: dict[str, Any] = {"program_id": program, "training_weekdays": [1, 3, 5, 6]}
    made = ok(await athlete.post("enrollments", body), 201)
    assert made["session_counts"]["total"] == 4 * WEEKS
    ok(await athlete.post(f"enrollments/{made['id']}/cancel"))
    seconds = []
    for _ in range(3):
        counting.clear()
        ok(await counted.post(f"enrollments/{made['id']}/restart"))
        assert len([s for s in counting.counted() if "INSERT INTO user_workout_session" in s]) == 1
        seconds.append(sum(took for sql, took in counting.timed if "INSERT INTO user_workout_session" in sql))
        ok(await athlete.post(f"enrollments/{made['id']}/cancel"))
    assert min(seconds) < MAX_SECONDS, seconds


async def test_statements_do_not_grow_with_the_program(athlete: Person, counting: Counting) -> None:
    counted = replace(athlete, http=counting.http)
    found = {}
    for weeks in (1, 1, 20):  # the first time the driver asks for the types of the parameters
        program = await make_program(athlete, WEEK * weeks)
        counting.clear()
        made = ok(await counted.post("enrollments", {"program_id": program}), 201)
        found["enroll", weeks] = len(counting.counted())
        for verb, body in (("pause", None), ("resume", None), ("cancel", None), ("restart", None)):
            counting.clear()
            ok(await counted.post(f"enrollments/{made['id']}/{verb}", body))
            found[verb, weeks] = len(counting.counted())
        for path in ("enrollments", f"enrollments/{made['id']}"):
            counting.clear()
            ok(await counted.get(path))
            assert len(counting.counted()) == 1
    for (verb, weeks), statements in found.items():
        assert statements == found[verb, 1], (verb, weeks)
        assert statements <= 8, found


async def test_a_session_of_no_program_pays_nothing(athlete: Person, counting: Counting) -> None:
    """The others: tests/training/test_statement_counts.py. Here, what moving the enrollment on costs a session of one."""
    counted = replace(athlete, http=counting.http)
    enrollment = await enroll(athlete, [["A"], ["A", "B"], ["B"]])
    costs = []
    for session in (await sessions_of(athlete, enrollment))[:3]:
        ok(await athlete.post(f"sessions/{session['id']}/start"))
        counting.clear()
        ok(await counted.post(f"sessions/{session['id']}/complete"))
        costs.append(len(counting.counted()))
    assert costs == [5, 4, 5]  # where the enrollment stands, and, if its day is another now, the door
    await train(athlete, (await sessions_of(athlete, enrollment))[3])
    assert (await read(athlete, enrollment))["enrollment_status"] == "COMPLETED"
