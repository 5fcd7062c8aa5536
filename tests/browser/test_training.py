"""The training screen: what is prescribed, one tap a set, and nothing lost."""

import asyncio
import re
from typing import Any

from browsing import App
from playwright.async_api import Locator, expect

SLOW = 30_000
BENCH = "Bench Press (Barbell)"
ROW = "Bent Over Row (Barbell)"
X = "\N{MULTIPLICATION SIGN}"


class Api:
    """The same athlete over the API, as another device would be."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        async with self.app.api() as client:
            answer = await client.post(path, json=body)
            assert answer.is_success, answer.text
            return answer.json()

    async def exercise(self, name: str) -> str:
        found = await self.app.on_server(f"/exercises?q={name}")
        return str(next(each["id"] for each in found["items"] if each["exercise_name"] == name))

    async def enroll(self, *instructions: dict[str, Any]) -> None:
        """Into a program of one workout, due today."""
        workout = {"workout_key": "A", "workout_name": "Push and pull", "instructions": list(instructions)}
        program = await self.post("/programs", {"program_name": "Test", "workouts": [workout], "days": [{"workouts": ["A"]}]})
        await self.post("/athletes/me/enrollments", {"program_id": program["id"]})


def card(app: App, name: str) -> Locator:
    return app.page.get_by_role("region", name=name)


def log_button(app: App) -> Locator:
    return app.page.get_by_role("button", name="Log set")


async def sent(app: App) -> None:
    """Waits until nothing waits on the device."""
    for _ in range(400):
        if not await app.on_device("outbox"):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("something still waits on the device")


async def drafted(app: App, **values: object) -> None:
    """Waits until the device has kept what was typed."""
    for _ in range(400):
        drafts = [row["value"]["values"] for row in await app.on_device("meta") if row["key"].startswith("draft:")]
        if any(draft.items() >= values.items() for draft in drafts):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("what was typed is not kept")


async def server_sets(app: App) -> list[tuple[Any, ...]]:
    await sent(app)
    return [(t["reps"], t["weight"], t["weight_unit"]) for s in await app.sessions() for p in s["performances"] for t in p["sets"]]


async def start_planned(app: App, *instructions: dict[str, Any]) -> None:
    await Api(app).enroll(*instructions)
    await app.page.reload()
    await app.page.get_by_role("button", name="Start", exact=True).click(timeout=SLOW)
    await expect(app.page.get_by_role("heading", name="Push and pull")).to_be_visible(timeout=SLOW)


async def test_a_prescribed_workout_is_logged_with_one_tap_a_set(app: App) -> None:
    bench = await Api(app).exercise(BENCH)
    rule = {"rule": "linear", "increment": 2.5, "increment_unit": "kg"}
    asked = {"sets": 2, "reps_min": 5, "reps_max": 5, "weight": 60, "weight_unit": "kg", "rest_seconds": 90}
    await start_planned(app, {"exercise_id": bench, **asked, "progression": rule})
    await expect(app.page.get_by_role("button", name="Why?")).to_be_visible(timeout=SLOW)
    await app.page.get_by_role("button", name="Why?").click()
    await expect(app.page.get_by_label("Weight (kg)", exact=True)).to_have_value("60")
    await log_button(app).click()
    await expect(app.page.get_by_role("timer", name="Rest")).to_contain_text("1:")
    await log_button(app).click()
    await expect(app.page.get_by_text("All 2 sets done")).to_be_visible()
    assert await server_sets(app) == [(5, 60, "kg"), (5, 60, "kg")]
    await app.page.get_by_role("button", name="Finish workout").click()
    await app.page.get_by_role("button", name="Save workout").click()
    await expect(app.page.get_by_role("heading", name="Well done")).to_be_visible()
    await sent(app)
    assert [s["session_status"] for s in await app.sessions() if s["performances"]] == ["COMPLETED"]


async def test_a_superset_goes_round_by_itself_and_rests_after_the_round(app: App) -> None:
    api = Api(app)
    plan = {"sets": 2, "reps_min": 8, "reps_max": 8, "group_number": 1, "weight": 40, "weight_unit": "kg", "rest_seconds": 60}
    await start_planned(app, {"exercise_id": await api.exercise(BENCH), **plan}, {"exercise_id": await api.exercise(ROW), **plan})
    for place, name in enumerate([BENCH, ROW, BENCH, ROW]):
        await expect(app.page.get_by_role("heading", name=name)).to_be_visible()
        await expect(app.page.get_by_role("timer", name="Rest")).to_have_count(1 if place == 2 else 0)
        await log_button(app).click()
    await expect(app.page.get_by_role("button", name="Finish workout")).to_be_visible()
    await sent(app)
    performances = (await app.sessions())[0]["performances"]
    assert [len(each["sets"]) for each in performances] == [2, 2]


async def test_an_impatient_thumb_logs_no_exercise_with_the_weight_of_another(app: App) -> None:
    api = Api(app)
    plan = {"sets": 3, "reps_min": 8, "reps_max": 8, "group_number": 1, "weight_unit": "kg"}
    bench = {"exercise_id": await api.exercise(BENCH), "weight": 40, **plan}
    await start_planned(app, bench, {"exercise_id": await api.exercise(ROW), "weight": 70, **plan})
    await expect(log_button(app)).to_be_enabled()
    await app.page.evaluate(
        """async () => {
            const all = () => [...document.querySelectorAll('footer .primary')];
            const log = () => all().find((each) => each.textContent.includes('Log set'));
            for (let began = performance.now(); log() && performance.now() - began < 30000; ) {
                log().click();
                await new Promise((done) => setTimeout(done));
            }
        }"""
    )
    await sent(app)
    (session,) = [each for each in await app.sessions() if each["performances"]]
    weights = {each["exercise_name"]: [row["weight"] for row in each["sets"]] for each in session["performances"]}
    assert weights == {BENCH: [40, 40, 40], ROW: [70, 70, 70]}


async def test_undo_edit_and_delete(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.log(5, 70)
    await app.page.get_by_role("button", name="Undo 70 kg").click()
    await expect(app.page.get_by_role("button", name="Edit set")).to_have_count(1)
    await expect(app.page.get_by_label("Weight (kg)", exact=True)).to_have_value("70")
    await app.page.get_by_role("button", name="Edit set 1").click()
    await app.page.get_by_label("Reps", exact=True).fill("6")
    await app.page.get_by_role("button", name="Save set").click()
    await expect(app.page.get_by_role("button", name=f"Edit set 1: 60 {X} 6")).to_be_visible()
    await app.log(3, 80)
    await app.page.get_by_role("button", name="Edit set 2").click()
    await app.page.get_by_role("button", name="Delete set").click()
    await expect(app.page.get_by_role("button", name="Edit set")).to_have_count(1)
    await app.page.get_by_role("button", name="Undo").last.click()
    await expect(app.page.get_by_role("button", name="Edit set")).to_have_count(2)
    assert sorted(await server_sets(app)) == [(3, 80, "kg"), (6, 60, "kg")]


async def test_a_swapped_and_a_removed_exercise(app: App) -> None:
    await start_planned(app, {"exercise_id": await Api(app).exercise(BENCH), "sets": 3, "reps_min": 5, "reps_max": 5})
    await app.page.get_by_role("button", name="Swap this exercise").click()
    dialog = app.page.get_by_role("dialog", name="Swap for another exercise")
    await dialog.get_by_label("Name of the exercise").fill("push up")
    await dialog.get_by_role("button", name="Push Up").first.click()
    await expect(app.page.get_by_role("heading", name=BENCH)).to_be_hidden()
    await app.page.reload()
    await expect(app.page.get_by_role("heading", name="Push Up")).to_be_visible()
    await app.log(12)
    await app.add_exercise("Plank")
    await app.page.get_by_role("button", name="Remove this exercise").click()
    await expect(app.page.get_by_role("heading", name="Plank")).to_be_hidden()
    assert await server_sets(app) == [(12, None, None)]


async def test_pounds_on_one_exercise_are_remembered(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.page.get_by_label("Weight (kg)", exact=True).fill("60")
    await app.page.get_by_role("button", name="Switch to lb").click()
    await expect(app.page.get_by_label("Weight (lb)", exact=True)).to_have_value("130")
    await app.page.get_by_role("button", name="More: Weight (lb)").click()
    await app.page.get_by_label("Reps", exact=True).fill("5")
    await log_button(app).click()
    await expect(app.page.get_by_role("button", name=f"Edit set 1: 135 {X} 5")).to_be_visible()
    await app.page.reload()
    await expect(app.page.get_by_label("Weight (lb)", exact=True)).to_have_value("135")
    assert await server_sets(app) == [(5, 135, "lb")]


async def test_half_typed_values_and_the_rest_survive_a_reload(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.page.get_by_label("Weight (kg)", exact=True).fill("62.5")
    await app.page.get_by_role("button", name="RPE").click()
    await app.page.get_by_role("button", name="8.5", exact=True).click()
    await drafted(app, rpe=8.5)
    await app.page.reload()
    await expect(app.page.get_by_label("Weight (kg)", exact=True)).to_have_value("62.5")
    await expect(app.page.get_by_role("button", name="RPE 8.5")).to_be_visible()
    await expect(app.page.get_by_role("timer", name="Rest")).to_be_visible()
    await app.page.get_by_role("button", name="15 seconds more").click()
    await log_button(app).click()
    # Two minutes are usual, and 15 seconds more were wished for.
    await expect(app.page.get_by_role("timer", name="Rest")).to_contain_text(re.compile(r"2:(1\d|0[1-9])"))
    await sent(app)
    [session] = await app.sessions()
    assert [(t["weight"], t["rpe"]) for p in session["performances"] for t in p["sets"]] == [(60, None), (62.5, 8.5)]


async def test_the_stopwatch_goes_on_over_a_reload(app: App) -> None:
    await app.start_empty()
    await app.add_exercise("Plank")
    await app.page.get_by_role("button", name="Start", exact=True).click()
    await expect(app.page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    await drafted(app, reps=8)
    await app.page.reload()
    await expect(app.page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    await log_button(app).click()
    await sent(app)
    [session] = await app.sessions()
    [seconds] = [t["duration_seconds"] for p in session["performances"] for t in p["sets"]]
    assert 1 <= seconds < 60


async def test_records_are_said_when_they_are_broken(app: App) -> None:
    for weight in (60, 65):
        await app.start_empty()
        await app.add_exercise(BENCH)
        await app.log(5, weight)
        await app.page.get_by_role("button", name="Finish", exact=True).click()
        await app.page.get_by_label("How hard was it?").fill("8")
        await app.page.get_by_role("button", name="Save workout").click()
        await app.page.get_by_role("link", name="Back to Today").click()
    await app.page.go_back()
    await expect(app.page.get_by_role("heading", name="2 new records")).to_be_visible()
    await expect(app.page.get_by_text("before: 60 kg")).to_be_visible()
    await sent(app)
    assert [s["effort_rating"] for s in await app.sessions()] == [8, 8]


async def test_last_time_is_taken_over_with_a_tap_and_the_list_shows_all(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.log(4, 65)
    await app.finish()
    await app.page.get_by_role("link", name="Back to Today").click()
    await app.start_empty()
    await app.add_exercise(ROW)
    await app.add_exercise(BENCH)
    await expect(app.page.get_by_label("Weight (kg)", exact=True)).to_have_value("60")
    await app.page.get_by_role("button", name=f"Take over 65 {X} 4").click()
    await expect(app.page.get_by_label("Weight (kg)", exact=True)).to_have_value("65")
    await app.page.get_by_role("button", name="All in a list").click()
    await expect(card(app, ROW)).to_be_visible()
    await expect(card(app, BENCH)).to_be_visible()
    await card(app, ROW).get_by_role("button", name=ROW).click()
    await expect(card(app, ROW).get_by_label("Reps", exact=True)).to_be_visible()
    await expect(app.page.get_by_role("button", name="Edit set")).to_have_count(0)
