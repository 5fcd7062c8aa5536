"""Goals over HTTP: set, read, edited, deleted, restored; and what their state follows from."""

from datetime import timedelta
from uuid import uuid4

import pytest
from goal_world import SQUAT, days_before, lift, set_goal, today_of, weigh

from good_requests import answered
from helpers import Person, pointers, problem, register
from reptrail.ids import uuid7


async def test_a_goal_is_kept_as_entered_and_stands_as_the_data_say(athlete: Person) -> None:
    today = await today_of(athlete)
    begin, middle, now = days_before(today, 40, 20, 1)
    await weigh(athlete, [(begin, 85), (middle, 82), (now, 80)])
    made = await set_goal(athlete, target_value=171.961, target_unit="lb", start_date=str(begin), goal_notes="for the meet")
    assert (made["target_value"], made["target_unit"], made["metric"], made["name"]) == (
        171.961,
        "lb",
        "body-weight",
        "Body Weight",
    )
    assert (made["state"], made["direction"], made["reached_on"], made["last_day"]) == ("OPEN", "DOWN", None, str(now))
    assert made["start_value"] == pytest.approx(85 / 0.45359237)
    assert made["current_value"] == pytest.approx(80 / 0.45359237)
    assert made["progress"] == pytest.approx((85 - 80) / (85 - 171.961 * 0.45359237))
    assert made == await answered(athlete, "GET", f"goals/{made['id']}")


async def test_to_stay_where_one_is_is_not_met_once_one_is_not(athlete: Person) -> None:
    today = await today_of(athlete)
    begin, now = days_before(today, 30, 1)
    await weigh(athlete, [(begin, 80)])
    goal = await set_goal(athlete, start_date=str(begin), target_value=80)
    assert (goal["state"], goal["direction"], goal["progress"]) == ("REACHED", "UP", 1)
    await weigh(athlete, [(now, 70)])
    assert (await answered(athlete, "GET", f"goals/{goal['id']}"))["progress"] == 0


async def test_no_way_done_is_plain_zero(athlete: Person) -> None:
    today = await today_of(athlete)
    await weigh(athlete, [(today, 80)])
    response = await athlete.get(f"goals/{(await set_goal(athlete, target_value=75))['id']}")
    assert '"progress":0.0' in response.text


async def test_a_goal_begins_today_unless_told(athlete: Person) -> None:
    today = await today_of(athlete)
    assert (await set_goal(athlete))["start_date"] == str(today)
    assert (await set_goal(athlete))["direction"] is None


async def test_reached_is_what_the_data_say_and_follows_every_edit(athlete: Person) -> None:
    today = await today_of(athlete)
    begin, middle, now = days_before(today, 30, 15, 1)
    await weigh(athlete, [(begin, 85), (now, 81)])
    goal = f"goals/{(await set_goal(athlete, start_date=str(begin), target_value=79.5))['id']}"

    async def reached() -> tuple[str, str | None]:
        found = await answered(athlete, "GET", goal)
        return found["state"], found["reached_on"]

    assert await reached() == ("OPEN", None)
    body = {"metric": "body-weight", "measured_value": 79.5, "unit": "kg", "measurement_date": str(middle)}
    light = await answered(athlete, "POST", "measurements", body)
    assert await reached() == ("REACHED", str(middle))
    await answered(athlete, "PATCH", f"measurements/{light['id']}", {"measured_value": 79.6})
    assert await reached() == ("OPEN", None)
    # A day counts with the mean of its values.
    await answered(athlete, "POST", "measurements", {**body, "measured_value": 79.3})
    assert await reached() == ("REACHED", str(middle))
    await answered(athlete, "DELETE", f"measurements/{light['id']}")
    assert await reached() == ("REACHED", str(middle))
    await answered(athlete, "PATCH", goal, {"target_value": 79})
    assert await reached() == ("OPEN", None)
    # A target date that is over is the past; reaching it later still counts, with its day.
    await answered(athlete, "PATCH", goal, {"target_date": str(today - timedelta(days=2))})
    assert await reached() == ("PAST", None)
    await weigh(athlete, [(now, 70)])
    assert await reached() == ("REACHED", str(now))


async def test_what_was_before_the_start_does_not_reach_a_goal(athlete: Person) -> None:
    old, begin = days_before(await today_of(athlete), 50, 10)
    await weigh(athlete, [(old, 75), (begin, 85)])
    made = await set_goal(athlete, start_date=str(begin), target_value=80)
    assert (made["state"], made["start_value"], made["direction"]) == ("OPEN", 85, "DOWN")


async def test_a_start_without_a_value_is_the_last_before_it_else_the_first_after(athlete: Person) -> None:
    before, begin, after = days_before(await today_of(athlete), 300, 20, 5)
    made = await set_goal(athlete, start_date=str(begin), target_value=90)
    assert (made["start_value"], made["state"]) == (None, "OPEN")
    await weigh(athlete, [(after, 84)])
    found = await answered(athlete, "GET", f"goals/{made['id']}")
    assert (found["start_value"], found["direction"]) == (84, "UP")
    await weigh(athlete, [(before, 92)])
    found = await answered(athlete, "GET", f"goals/{made['id']}")
    assert (found["start_value"], found["direction"], found["reached_on"]) == (92, "DOWN", str(after))


async def test_a_lifts_goal_is_of_the_best_e1rm_and_counts_as_records_do(athlete: Person) -> None:
    today = await today_of(athlete)
    old, heavy, light = days_before(today, 40, 25, 3)
    await lift(athlete, old, {"weight": 200, "kind": "WARMUP"}, {"weight": 100})
    await lift(athlete, heavy, {"weight": 120})
    await lift(athlete, light, {"weight": 100}, {"weight": 300, "load": "ASSISTED"})
    made = await set_goal(athlete, exercise_id=SQUAT, target_value=150, start_date=str(old))
    # Epley: 120 kg for 5 are 140 kg; the light day since does not make anybody weaker.
    assert (made["start_value"], made["current_value"]) == (pytest.approx(100 * 35 / 30, abs=0.001), 140)
    assert (made["state"], made["name"]) == ("OPEN", "Squat (Barbell)")
    session = await lift(athlete, today, {"weight": 150, "reps": 1, "rpe": 10})
    assert (await answered(athlete, "GET", f"goals/{made['id']}"))["reached_on"] == str(today)
    await answered(athlete, "DELETE", f"sessions/{session['id']}")
    assert (await answered(athlete, "GET", f"goals/{made['id']}"))["state"] == "OPEN"


async def test_a_goal_sent_twice_is_one(athlete: Person) -> None:
    id_ = str(uuid7())
    first = await set_goal(athlete, id=id_)
    assert await set_goal(athlete, id=id_) == first
    other = await athlete.post("goals", {**_wanted(), "id": id_, "target_value": 77})
    assert problem(other, 409, "id-taken")["current"]["id"] == id_
    await answered(athlete, "DELETE", f"goals/{id_}")
    problem(await athlete.post("goals", {**_wanted(), "id": id_}), 409, "id-taken")


def _wanted() -> dict[str, object]:
    return {"metric": "body-weight", "target_value": 78, "target_unit": "kg", "target_date": "2030-01-01"}


async def test_an_id_of_another_athlete_is_taken(athlete: Person, stranger: Person) -> None:
    made = await set_goal(athlete)
    problem(await stranger.post("goals", {**_wanted(), "id": made["id"]}), 409, "id-taken")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"metric": "no-such-metric"}, {"/metric"}),
        ({"metric": None, "exercise_id": str(uuid4())}, {"/exercise_id"}),
        ({"metric": None}, {"/metric"}),
        ({"exercise_id": SQUAT}, {"/metric"}),
        ({"target_unit": "cm"}, {"/target_unit"}),
        ({"metric": None, "exercise_id": SQUAT, "target_unit": "[lb_av]"}, {"/target_unit"}),
        ({"target_value": 0}, {"/target_value"}),
        ({"target_value": -5}, {"/target_value"}),
        ({"start_date": "2030-01-02"}, {"/target_date"}),
        ({"start_date": "2029-01-02"}, {"/start_date"}),
    ],
    ids=lambda value: "-".join(sorted(value)) if isinstance(value, set) else None,
)
async def test_what_cannot_be_is_refused(athlete: Person, fields: dict[str, object], wrong: set[str]) -> None:
    body = {name: value for name, value in {**_wanted(), **fields}.items() if value is not None}
    assert pointers(problem(await athlete.post("goals", body), 422, "invalid")) == wrong


async def test_an_edit_keeps_the_days_in_order_and_the_unit_right(athlete: Person) -> None:
    made = await set_goal(athlete, start_date="2026-03-01")
    goal = f"goals/{made['id']}"
    assert pointers(problem(await athlete.patch(goal, {"target_date": "2026-02-01"}), 422, "invalid")) == {"/target_date"}
    assert pointers(problem(await athlete.patch(goal, {"target_unit": "%"}), 422, "invalid")) == {"/target_unit"}
    assert pointers(problem(await athlete.patch(goal, {"metric": "waist"}), 422, "invalid")) == {"/metric"}
    edited = await answered(athlete, "PATCH", goal, {"target_unit": "lb", "target_value": 170, "goal_notes": "x"})
    assert (edited["target_value"], edited["target_unit"], edited["goal_notes"], edited["version"]) == (170, "lb", "x", 2)
    assert (await answered(athlete, "PATCH", goal, {"goal_notes": None}))["goal_notes"] is None


async def test_a_goal_that_has_moved_on_is_not_overwritten(athlete: Person) -> None:
    made = await set_goal(athlete)
    goal = f"goals/{made['id']}"
    edited = await answered(athlete, "PATCH", goal, {"target_value": 77}, headers={"If-Match": '"1"'})
    for method in ("PATCH", "DELETE"):
        stale = await athlete.call(method, goal, {"target_value": 76} if method == "PATCH" else None, headers={"If-Match": '"1"'})
        assert problem(stale, 412, "precondition-failed")["current"] == edited


async def test_a_deleted_goal_is_gone_and_comes_back(athlete: Person) -> None:
    made = await set_goal(athlete)
    goal = f"goals/{made['id']}"
    await answered(athlete, "DELETE", goal)
    problem(await athlete.get(goal), 404, "not-found")
    assert (await answered(athlete, "GET", "goals"))["items"] == []
    await answered(athlete, "POST", "restore", {"table": "user_goal", "id": made["id"]})
    back = await answered(athlete, "GET", goal)
    assert {**back, "version": 1, "updated_at": made["updated_at"], "updated_by": None} == made
    history = await answered(athlete, "GET", f"history/user_goal/{made['id']}")
    assert [change["action"] for change in history["items"]] == ["INSERT", "UPDATE", "UPDATE"]


async def test_goals_come_page_by_page_the_nearest_date_first(athlete: Person) -> None:
    dates = ["2031-05-01", "2029-01-01", "2030-01-01", "2029-01-01", "2032-01-01"]
    for number, day in enumerate(dates):
        await set_goal(athlete, target_date=day, target_value=70 + number)
    found, cursor = [], None
    while True:
        page = await answered(athlete, "GET", "goals", params={"limit": "2", **({"cursor": cursor} if cursor else {})})
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [goal["target_date"] for goal in found] == sorted(dates)
    assert len({goal["id"] for goal in found}) == 5


async def test_today_is_the_athletes(athlete: Person) -> None:
    people = [await register(athlete.http, "far", time_zone=zone) for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")]
    east, west = [await today_of(person) for person in people]
    assert (east - west).days == 1
    for person, today in zip(people, (east, west), strict=True):
        assert (await set_goal(person))["start_date"] == str(today)
        assert (await set_goal(person, start_date="2026-01-01", target_date=str(today)))["state"] == "OPEN"
        over = await set_goal(person, start_date="2026-01-01", target_date=str(today - timedelta(days=1)))
        assert over["state"] == "PAST"
