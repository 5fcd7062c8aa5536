"""Several devices at once: the outcome is always one that some order of the same requests has, and nothing is half done."""

import asyncio
from collections import Counter
from itertools import permutations
from typing import Any

import httpx
import pytest
from enrollment_model import LIFECYCLE
from enrollment_world import enroll, make_program, ok, read, sessions_of

from helpers import Person, register

ATHLETES = 20
ROUNDS_EACH = 50  # 1,000 in all
TWO_DAYS = [["Push"], ["Pull"]]


def serial(status: str, verbs: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """What requests one after another come to: the last state, and for each its own: "200", or the state it was refused in."""
    answers = {}
    for verb in verbs:
        target = LIFECYCLE[verb].get(status)
        answers[verb] = "200" if target else status
        status = target or status
    return status, answers


def told(response: httpx.Response) -> str:
    if response.status_code == 200:
        return "200"
    document = response.json()
    assert response.status_code == 409, document
    status: str = document["enrollment_status"]
    assert set(document["verbs"]) == {v for v, moves in LIFECYCLE.items() if status in moves and v != "expire"}
    return status


async def at_once(person: Person, enrollment: dict[str, Any], *verbs: str) -> list[httpx.Response]:
    return await asyncio.gather(*(person.post(f"enrollments/{enrollment['id']}/{verb}") for verb in verbs))


async def one_round(person: Person, enrollment: dict[str, Any], verbs: tuple[str, ...]) -> str:
    """Ends a cycle by several verbs at once and begins the next by two at once; returns how it ended."""
    answers = dict(zip(verbs, map(told, await at_once(person, enrollment, *verbs)), strict=True))
    now = await read(person, enrollment)
    assert (now["enrollment_status"], answers) in [serial("ACTIVE", order) for order in permutations(verbs)]
    ended = now["enrollment_status"] not in ("ACTIVE", "PAUSED")
    assert now["session_counts"]["cancelled" if ended else "open"] == 2 == now["session_counts"]["total"]
    assert (now["paused_on"] is not None) == (now["enrollment_status"] == "PAUSED")
    assert (now["actual_completion_date"] is not None) == (now["enrollment_status"] == "COMPLETED")
    if not ended:
        ok(await person.post(f"enrollments/{enrollment['id']}/cancel"))
    again = sorted(map(told, await at_once(person, enrollment, "restart", "restart")))
    assert again == ["200", "ACTIVE"]
    return str(now["enrollment_status"])


@pytest.mark.parametrize("half", [0, 1])
async def test_two_devices_complete_pause_and_cancel_at_once(http: httpx.AsyncClient, half: int) -> None:
    endings: Counter[str] = Counter()

    async def rounds(number: int) -> None:
        person = await register(http)
        enrollment = await enroll(person, TWO_DAYS)
        verbs = ("complete", "pause", "cancel")
        for n in range(ROUNDS_EACH):
            at = (n + number) % 3
            endings[await one_round(person, enrollment, verbs[at:] + verbs[:at])] += 1
        sessions = await sessions_of(person, enrollment)
        places = [(s["program_cycle"], s["program_day"]) for s in sessions]
        assert places == [(cycle, day) for cycle in range(1, ROUNDS_EACH + 2) for day in (1, 2)]
        assert [c["cycle"] for c in (await read(person, enrollment))["cycles"]] == list(range(ROUNDS_EACH, 0, -1))

    for number in range(half, ATHLETES, 2):
        await rounds(number)
    assert endings.keys() >= {"COMPLETED", "CANCELLED"}, endings  # it was a race, and not always the same device's


async def test_two_devices_enroll_at_once(athlete: Person) -> None:
    program = await make_program(athlete, TWO_DAYS)
    answers = await asyncio.gather(*(athlete.post("enrollments", {"program_id": program}) for _ in range(6)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409, 409, 409]
    made = next(a.json() for a in answers if a.status_code == 201)
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["enrollment_id"] == made["id"]
            assert answer.json()["enrollment_status"] == "ACTIVE"
    assert len(await sessions_of(athlete, made)) == 2


async def test_the_last_session_ends_while_another_device_cancels(http: httpx.AsyncClient) -> None:
    seen = set()
    for n in range(20):
        person = await register(http)
        enrollment = await enroll(person, [["Push"]])
        session = enrollment["next_session"]["id"]
        ok(await person.post(f"sessions/{session}/start"))
        acts = [
            person.post(f"sessions/{session}/complete", {"actual_duration_seconds": 60}),
            person.post(f"enrollments/{enrollment['id']}/cancel"),
        ]
        answers = await asyncio.gather(*(acts if n % 2 else reversed(acts)))
        done, cancelled = answers if n % 2 else reversed(answers)
        assert ok(done)["session_status"] == "COMPLETED"
        now = await read(person, enrollment)
        assert now["enrollment_status"] == ("CANCELLED" if told(cancelled) == "200" else "COMPLETED")
        seen.add(now["enrollment_status"])
    assert seen == {"CANCELLED", "COMPLETED"}


async def test_two_devices_accept_an_upgrade_at_once(athlete: Person) -> None:
    from enrollment_world import publish

    enrollment = await enroll(athlete, TWO_DAYS)
    await publish(athlete, enrollment["program_id"], [*TWO_DAYS, ["Legs"], ["Legs"]])
    body = {"program_revision": 2}
    answers = await asyncio.gather(*(athlete.post(f"enrollments/{enrollment['id']}/upgrade", body) for _ in range(4)))
    assert {a.status_code for a in answers} == {200}  # accepting what was accepted changes nothing
    assert [s["program_day"] for s in await sessions_of(athlete, enrollment)] == [1, 2, 3, 4]
