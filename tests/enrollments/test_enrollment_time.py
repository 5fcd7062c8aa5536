"""Dates are the athlete's own: at both ends of the earth, on days when clocks change, and when they move."""

from datetime import datetime

import pytest
from enrollment_world import V1, Clock, MakePerson, enroll, expire, make_program, ok, read, sessions_of, times_of

from helpers import Person
from reptrail.http.edge import Services

A, REST = ["A"], list[str]()
# At this instant it is the 11th in Kiritimati and the 9th in Pago Pago.
BETWEEN = "2026-03-10T10:30:00+00:00"


@pytest.fixture
async def both(person: MakePerson) -> tuple[Person, Person]:
    return await person("Pacific/Kiritimati"), await person("Pacific/Pago_Pago")


async def test_today_is_where_the_athlete_is(both: tuple[Person, Person], moved_clock: Clock) -> None:
    moved_clock.now = datetime.fromisoformat(BETWEEN)
    kiritimati, pago_pago = [await enroll(athlete, [A, REST, A], training_time="18:00") for athlete in both]
    assert (kiritimati["start_date"], pago_pago["start_date"]) == ("2026-03-11", "2026-03-09")
    assert (kiritimati["target_completion_date"], pago_pago["target_completion_date"]) == ("2026-03-13", "2026-03-11")
    assert await times_of(both[0], kiritimati) == ["2026-03-11T04:00:00+00:00", "2026-03-13T04:00:00+00:00"]
    assert await times_of(both[1], pago_pago) == ["2026-03-10T05:00:00+00:00", "2026-03-12T05:00:00+00:00"]


async def test_a_session_is_missed_once_its_day_is_over_there(both: tuple[Person, Person], moved_clock: Clock) -> None:
    for athlete, zone in zip(both, ("Pacific/Kiritimati", "Pacific/Pago_Pago"), strict=True):
        moved_clock.set("2026-03-10", zone)
        enrollment = await enroll(athlete, [A, A])
        for at, missed in (("23:59", 0), ("00:00", 1)):
            moved_clock.set("2026-03-10" if missed == 0 else "2026-03-11", zone, at)
            assert (await read(athlete, enrollment))["session_counts"]["missed"] == missed


async def test_it_expires_when_the_grace_is_over_there(both: tuple[Person, Person], services: Services, moved_clock: Clock) -> None:
    for athlete, zone in zip(both, ("Pacific/Kiritimati", "Pacific/Pago_Pago"), strict=True):
        moved_clock.set("2026-03-10", zone)
        enrollment = await enroll(athlete, [A, A])
        assert enrollment["target_completion_date"] == "2026-03-11"
        moved_clock.set("2026-03-25", zone, "23:59")
        assert await expire(services, athlete) == 0
        assert (await read(athlete, enrollment))["enrollment_status"] == "ACTIVE"
        moved_clock.set("2026-03-26", zone, "00:00")
        assert await expire(services, athlete) == 1
        assert (await read(athlete, enrollment))["enrollment_status"] == "EXPIRED"


async def test_a_pause_lasts_the_days_it_lasts_there(both: tuple[Person, Person], moved_clock: Clock) -> None:
    for athlete, zone in zip(both, ("Pacific/Kiritimati", "Pacific/Pago_Pago"), strict=True):
        moved_clock.set("2026-03-10", zone, "23:30")
        enrollment = await enroll(athlete, [A, A], training_time="06:00")
        before = [datetime.fromisoformat(at or "") for at in await times_of(athlete, enrollment)]
        ok(await athlete.post(f"enrollments/{enrollment['id']}/pause"))
        moved_clock.forward(hours=1)
        ok(await athlete.post(f"enrollments/{enrollment['id']}/resume"))
        after = [datetime.fromisoformat(at or "") for at in await times_of(athlete, enrollment)]
        assert [(b - a).days for a, b in zip(before, after, strict=True)] == [1, 1]
        assert (await read(athlete, enrollment))["target_completion_date"] == "2026-03-12"


async def test_the_wall_clock_holds_when_clocks_change(person: MakePerson, moved_clock: Clock) -> None:
    berlin, new_york = await person("Europe/Berlin"), await person("America/New_York")
    moved_clock.set("2026-03-28", "Europe/Berlin")
    enrollment = await enroll(berlin, [A, A, A], training_time="18:00")
    assert await times_of(berlin, enrollment) == [f"2026-03-{at}:00:00+00:00" for at in ("28T17", "29T16", "30T16")]
    moved_clock.set("2026-10-31", "America/New_York")
    enrollment = await enroll(new_york, [A, A], training_time="07:30")
    assert await times_of(new_york, enrollment) == ["2026-10-31T11:30:00+00:00", "2026-11-01T12:30:00+00:00"]
    # Across the change and back: the time of day stays.
    ok(await new_york.post(f"enrollments/{enrollment['id']}/pause"))
    moved_clock.set("2026-11-03", "America/New_York")
    ok(await new_york.post(f"enrollments/{enrollment['id']}/resume"))
    assert await times_of(new_york, enrollment) == ["2026-11-03T12:30:00+00:00", "2026-11-04T12:30:00+00:00"]


async def test_a_time_that_a_clock_change_skips_moves(person: MakePerson, moved_clock: Clock) -> None:
    berlin = await person("Europe/Berlin")
    moved_clock.set("2026-03-28", "Europe/Berlin")
    enrollment = await enroll(berlin, [A, A, A], training_time="02:30")
    assert await times_of(berlin, enrollment) == [
        "2026-03-28T01:30:00+00:00",
        "2026-03-29T01:30:00+00:00",  # 03:30: that night has no 02:30
        "2026-03-30T00:30:00+00:00",
    ]


async def test_a_day_without_training_time_twice_is_still_one_day(person: MakePerson, moved_clock: Clock) -> None:
    berlin = await person("Europe/Berlin")
    moved_clock.set("2026-10-25", "Europe/Berlin", "02:30")  # shown twice that night
    enrollment = await enroll(berlin, [A, A], training_time="02:30")
    assert [at and at[:10] for at in await times_of(berlin, enrollment)] == ["2026-10-25", "2026-10-26"]
    assert (await read(berlin, enrollment))["session_counts"]["missed"] == 0


async def test_who_moves_keeps_the_times_on_the_wall(person: MakePerson, moved_clock: Clock) -> None:
    athlete = await person("Europe/Berlin")
    moved_clock.set("2026-03-10", "Europe/Berlin")
    enrollment = await enroll(athlete, [A, A, A, A], start_date="2026-03-09", training_time="18:00")
    sessions = await sessions_of(athlete, enrollment)
    ok(await athlete.post(f"sessions/{sessions[2]['id']}/skip"))
    by_hand = ok(await athlete.post("sessions", {"scheduled_at": "2026-03-20T17:00:00Z"}), 201)
    for zone, hour in (("Pacific/Kiritimati", "04"), ("Pacific/Pago_Pago", "05")):
        ok(await athlete.patch(f"{V1}/me", {"time_zone": zone}))
        ok(await athlete.patch(f"{V1}/me", {"display_name": "Ann"}))  # which moves nothing
        times = await times_of(athlete, enrollment)
        day = "10" if zone.endswith("Kiritimati") else "11"
        # The one missed in Berlin and the one skipped stay the instants they were.
        assert times[0] == "2026-03-09T17:00:00+00:00"
        assert times[2] == "2026-03-11T17:00:00+00:00"
        if zone.endswith("Kiritimati"):
            assert (times[1], times[3]) == (f"2026-03-{day}T{hour}:00:00+00:00", "2026-03-12T04:00:00+00:00")
        else:
            # In Kiritimati it was the 11th already: what was planned for the 10th was missed there, and stays.
            assert (times[1], times[3]) == ("2026-03-10T04:00:00+00:00", "2026-03-13T05:00:00+00:00")
    assert ok(await athlete.get(f"sessions/{by_hand['id']}"))["scheduled_at"] == "2026-03-21T05:00:00+00:00"
    ok(await athlete.patch(f"{V1}/me", {"time_zone": "Europe/Berlin"}))
    assert (await times_of(athlete, enrollment))[3] == "2026-03-12T17:00:00+00:00"


async def test_a_start_is_counted_from_today_there(person: MakePerson, moved_clock: Clock) -> None:
    athlete = await person("Pacific/Kiritimati")
    moved_clock.now = datetime.fromisoformat(BETWEEN)
    program = await make_program(athlete, [A])
    for start, good in (("2026-02-08", False), ("2027-03-13", False), ("2026-02-09", True)):
        response = await athlete.post("enrollments", {"program_id": program, "start_date": start})
        assert (response.status_code == 201) == good, response.text
