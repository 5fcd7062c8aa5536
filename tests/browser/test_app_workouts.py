"""Workouts of one's own: written, begun and trained where there is no signal, planned, made from what was trained."""

from typing import Any

from browsing import DESK, App
from people import herself
from playwright.async_api import Page, expect

from conftest import NewApp

SLOW = 30_000
TIMES = "\u00d7"
SQUAT, BENCH, ROW, PLANK = "Squat (Barbell)", "Bench Press (Barbell)", "Bent Over Row (Barbell)", "Plank"


def _line(page: Page, exercise: str) -> Any:
    return page.get_by_role("textbox", name=f"What {exercise} asks")


async def _add(page: Page, text: str, name: str) -> None:
    """Types an exercise with what it asks, and Enter: it is added."""
    field = page.get_by_role("combobox", name="Add an exercise to")
    await field.fill(text)
    await expect(page.get_by_role("option", name=name).first).to_be_visible(timeout=SLOW)
    await field.press("Enter")
    await expect(_line(page, name)).to_be_visible()


async def _save(page: Page, button: str = "Save") -> None:
    await page.get_by_role("button", name=button, exact=True).click()
    await expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible(timeout=SLOW)


async def _write(app: App, name: str = "Torso") -> str:
    """A workout with two exercises, saved: its id."""
    page = app.page
    await page.goto("/workouts/new")
    await page.get_by_label("Name of the workout").fill(name)
    await _add(page, "bench press barbell 2x5 @60kg r90", BENCH)
    await _add(page, "plank 1x45s", PLANK)
    await _save(page)
    await app.saved()
    return page.url.rsplit("/", 1)[1]


async def _mine(app: App) -> list[dict[str, Any]]:
    """The athlete's own workouts on the server."""
    return [each for each in (await app.on_server("/workouts?limit=200"))["items"] if each["user_id"]]


async def _signal(app: App, *, there: bool) -> None:
    await app.page.context.set_offline(not there)


async def test_one_is_written_by_keyboard_edited_and_taken_back(open_app: NewApp) -> None:
    app = await open_app(**DESK)
    await app.register()
    page, keyboard = app.page, app.page.keyboard
    await page.get_by_role("link", name="Programs", exact=True).click()
    await page.get_by_role("navigation", name="What to train by").get_by_role("link", name="Workouts").click()
    await expect(page.get_by_role("heading", name="No workout of your own yet")).to_be_visible(timeout=SLOW)
    await expect(page.get_by_role("region", name="Built in").get_by_role("listitem")).not_to_have_count(0)
    await page.get_by_role("link", name="Write a workout").click()
    name = page.get_by_label("Name of the workout")
    await name.fill("")
    await keyboard.type("Torso")
    await page.get_by_role("combobox", name="Add an exercise to").focus()
    written = {SQUAT: "squat barbell 3x5 @100kg r3min +2.5kg", ROW: "bent over row 3x8-12 @50kg r90", PLANK: "plank 3x45s"}
    for exercise, text in written.items():
        await keyboard.type(text)
        await expect(page.get_by_role("option", name=exercise).first).to_be_visible(timeout=SLOW)
        await keyboard.press("Enter")
        await expect(_line(page, exercise)).to_be_visible()
    await _line(page, PLANK).focus()
    await keyboard.press("Alt+KeyS")
    await expect(page.get_by_text("Superset 1")).to_have_count(2)
    await keyboard.press("Alt+ArrowUp")
    await expect(page.get_by_role("listitem").filter(has=page.get_by_role("textbox")).nth(1)).to_have_attribute("aria-label", PLANK)
    await keyboard.press("Control+z")
    await keyboard.press("Control+Enter")
    await expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible(timeout=SLOW)
    (made,) = await _mine(app)
    squat, row, plank = made["instructions"]
    assert [each["exercise_name"] for each in (squat, row, plank)] == [SQUAT, ROW, PLANK]
    assert (squat["sets"], squat["weight"], squat["rest_seconds"], squat["progression"]["rule"]) == (3, 100, 180, "linear")
    assert [each["group_number"] for each in (squat, row, plank)] == [None, 1, 1]
    # The next revision, and what is wrong stands at its place.
    await page.get_by_role("link", name="Edit", exact=True).click()
    await expect(page.get_by_text("Revision 1, as it is saved.")).to_be_visible(timeout=SLOW)
    await _line(page, SQUAT).fill("3x5 double +2.5kg")
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.get_by_role("alert")).to_contain_text("Not saved", timeout=SLOW)
    await expect(_line(page, SQUAT)).to_have_attribute("aria-invalid", "true")
    await _line(page, SQUAT).fill("4x5 @100kg")
    await _save(page, "Save changes")
    await expect(page.get_by_text(f"4 {TIMES} 5 · 100 kg")).to_be_visible(timeout=SLOW)
    assert [(each["revision"], each["instructions"][0]["sets"]) for each in await _mine(app)] == [(2, 4)]
    # Archived, and back again.
    await page.get_by_role("button", name="Archive").click()
    await page.get_by_role("button", name="Undo").click()
    mine = page.get_by_role("region", name="Your workouts").get_by_role("link", name="Torso")
    await expect(mine).to_be_visible(timeout=SLOW)
    assert [each["revision"] for each in await _mine(app)] == [2]
    await mine.click()
    await page.get_by_role("button", name="Archive").click()
    await expect(page.get_by_role("heading", name="No workout of your own yet")).to_be_visible(timeout=SLOW)
    assert await _mine(app) == []


async def test_it_is_begun_and_trained_without_signal_and_all_of_it_arrives(app: App) -> None:
    page = app.page
    workout_id = await _write(app)
    await _signal(app, there=False)
    await app.reload()
    await expect(page.get_by_text(f"2 {TIMES} 5 · 60 kg")).to_be_visible(timeout=SLOW)
    await page.goto("/")
    await page.get_by_role("button", name="Start Torso").click(timeout=SLOW)
    # Targets as they are written; the server's reckoning comes later.
    await expect(page.get_by_label("Weight (kg)", exact=True)).to_have_value("60", timeout=SLOW)
    await expect(page.get_by_label("Reps", exact=True)).to_have_value("5")
    await app.log(5)
    await app.reload()
    await app.log(4)
    await app.finish()
    await page.goto("/workouts")
    await expect(page.get_by_role("link", name="Torso")).to_contain_text("last done", timeout=SLOW)
    await _signal(app, there=True)
    await app.saved()
    (session,) = await app.sessions()
    assert (session["workout_id"], session["workout_revision"], session["session_status"]) == (workout_id, 1, "COMPLETED")
    there = [each for performance in session["performances"] for each in performance["sets"]]
    here = await app.on_device("user_set_performance")
    assert sorted((each["reps"], each["weight"]) for each in there) == sorted((each["reps"], each["weight"]) for each in here)
    assert len(there) == 2
    assert len(await app.on_device("user_workout_session")) == 1
    # The next time there are a reckoning by the server and the last time's sets, side by side.
    await page.get_by_role("button", name="Start Torso").click()
    await expect(page.get_by_role("button", name="Why?")).to_be_visible(timeout=SLOW)
    await expect(page.get_by_role("button", name=f"Take over 60 {TIMES} 4")).to_be_visible(timeout=SLOW)
    # Beside one that is under way none is begun.
    await page.goto("/workouts")
    await expect(page.get_by_text("A workout is under way.")).to_be_visible(timeout=SLOW)
    await expect(page.get_by_role("button", name="Start")).to_have_count(0)


async def test_a_built_in_one_is_begun_without_signal_and_copied_with_it(app: App) -> None:
    page = app.page
    await page.goto("/workouts")
    await page.get_by_label("Name of a workout or an exercise").fill("goblet")
    await expect(page.get_by_role("link", name="Dumbbell Full Body")).to_be_visible(timeout=SLOW)
    await expect(page.get_by_role("link", name="Legs")).to_have_count(0)
    await page.get_by_role("link", name="Dumbbell Full Body").click()
    await page.get_by_role("link", name="Copy and edit").click(timeout=SLOW)
    await expect(page.get_by_label("Name of the workout")).to_have_value("Dumbbell Full Body", timeout=SLOW)
    await page.get_by_label("Name of the workout").fill("My dumbbells")
    await _save(page)
    (mine,) = await _mine(app)
    assert mine["workout_name"] == "My dumbbells"
    await app.saved()
    await _signal(app, there=False)
    await page.goto("/workouts")
    await page.get_by_role("button", name="Start Core").click(timeout=SLOW)
    await expect(page.get_by_role("button", name="Log set")).to_be_visible(timeout=SLOW)
    await _signal(app, there=True)
    await app.saved()
    (session,) = await app.sessions()
    assert session["workout_name"] == "Core"
    assert session["prescriptions"][0]["prescription"]["sets"]


async def test_what_is_written_stays_over_reloads_and_is_saved_when_there_is_signal(app: App) -> None:
    page = app.page
    workout_id = await _write(app)
    await _signal(app, there=False)
    await page.get_by_role("link", name="Edit", exact=True).click()
    await _line(page, BENCH).fill("5x5 @70kg")
    await expect(page.get_by_text("What you wrote is kept on this device")).to_be_visible()
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.get_by_text("Not saved: the server cannot be reached.")).to_be_visible()
    await app.reload()
    await expect(_line(page, BENCH)).to_have_value("5x5 @70kg", timeout=SLOW)
    # The list leads back to it.
    await page.goto("/workouts")
    await expect(page.get_by_text("Not saved yet: Torso")).to_be_visible(timeout=SLOW)
    await page.get_by_role("link", name="Go on").click()
    await expect(_line(page, BENCH)).to_have_value("5x5 @70kg", timeout=SLOW)
    await _signal(app, there=True)
    await _save(page, "Save changes")
    assert [(each["id"], each["revision"], each["instructions"][0]["sets"]) for each in await _mine(app)] == [(workout_id, 2, 5)]
    await page.goto("/workouts")
    await expect(page.get_by_role("link", name="Torso")).to_be_visible(timeout=SLOW)
    await expect(page.get_by_text("Not saved yet")).to_have_count(0)


async def test_somebody_else_was_faster_and_nothing_is_lost(open_app: NewApp) -> None:
    app = await open_app(**DESK)
    await app.register()
    page = app.page
    workout_id = await _write(app)
    await page.get_by_role("link", name="Edit", exact=True).click()
    await _line(page, BENCH).fill("5x5 @70kg")
    (there,) = await _mine(app)
    asked = [{"exercise_id": there["instructions"][0]["exercise_id"], "sets": 8}]
    await (await herself(app)).call("PUT", f"/workouts/{workout_id}", {"workout_name": "Theirs", "instructions": asked})
    await page.get_by_role("button", name="Save changes").click()
    dialog = page.get_by_role("dialog", name="Changed in the meantime")
    await expect(dialog).to_be_visible(timeout=SLOW)
    await dialog.get_by_role("button", name="Go on from theirs").click()
    await expect(page.get_by_label("Name of the workout")).to_have_value("Theirs")
    await page.get_by_role("button", name="Undo").click()
    await expect(_line(page, BENCH)).to_have_value("5x5 @70kg")
    await _save(page, "Save changes")
    (now,) = await _mine(app)
    assert (now["workout_name"], now["revision"], now["instructions"][0]["sets"]) == ("Torso", 3, 5)


async def test_what_was_trained_becomes_a_workout(app: App) -> None:
    page = app.page
    await app.start_empty()
    await app.add_exercise(BENCH)
    for _ in range(3):
        await app.log(5, 60)
    await app.add_exercise(SQUAT)
    await app.log(8, 80)
    await app.log(6, 80)
    await app.finish()
    # From the summary, or later from History.
    await page.get_by_role("link", name="Save as a workout").click(timeout=SLOW)
    await expect(_line(page, BENCH)).to_have_value("3x5 @60kg r90", timeout=SLOW)
    await page.go_back()
    await page.goto("/history")
    await page.locator("main a.item").first.click()
    await page.get_by_role("link", name="Save as a workout").click(timeout=SLOW)
    await expect(_line(page, SQUAT)).to_have_value("8, 6 @80kg r90", timeout=SLOW)
    await page.get_by_label("Name of the workout").fill("As on Monday")
    await _save(page)
    (made,) = await _mine(app)
    bench, squat = made["instructions"]
    assert (made["workout_name"], bench["sets"], bench["reps_min"], bench["weight"]) == ("As on Monday", 3, 5, 60)
    assert [each["reps_min"] for each in squat["set_targets"]] == [8, 6]
    # What was trained is as it was.
    (session,) = await app.sessions()
    assert session["workout_id"] != made["id"]


async def test_it_is_planned_for_a_day_and_stands_on_today(app: App) -> None:
    page = app.page
    workout_id = await _write(app)
    await _signal(app, there=False)
    await page.get_by_role("button", name="Plan it").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Today").click()
    await dialog.get_by_label("Time").fill("23:55")
    await dialog.get_by_role("button", name="Plan it").click()
    await expect(page.get_by_text("Planned: Torso")).to_be_visible()
    await page.get_by_role("link", name="Today", exact=True).click()
    await expect(page.get_by_role("heading", name="Torso")).to_be_visible(timeout=SLOW)
    await page.goto("/history")
    await page.get_by_role("button", name="Month").click()
    await expect(page.locator(".planned, [class*=planned]").first).to_be_visible(timeout=SLOW)
    await _signal(app, there=True)
    await app.saved()
    (session,) = await app.sessions()
    assert (session["workout_id"], session["session_status"]) == (workout_id, "PLANNED")
    await page.goto("/")
    await page.get_by_role("button", name="Start", exact=True).click(timeout=SLOW)
    await expect(page.get_by_label("Weight (kg)", exact=True)).to_have_value("60", timeout=SLOW)


async def test_another_device_has_it_in_its_newest_revision(open_app: NewApp) -> None:
    first = await open_app()
    await first.register()
    await _write(first)
    second = await open_app(**DESK)
    await second.sign_in(first.email)
    await second.page.goto("/workouts")
    await second.page.get_by_role("link", name="Torso").click(timeout=SLOW)
    await expect(second.page.get_by_text(f"2 {TIMES} 5 · 60 kg")).to_be_visible(timeout=SLOW)
    await second.page.get_by_role("link", name="Edit", exact=True).click()
    await _line(second.page, BENCH).fill("5x5 @70kg")
    await _save(second.page, "Save changes")
    # The first hears of it by itself.
    await expect(first.page.get_by_text(f"5 {TIMES} 5 · 70 kg")).to_be_visible(timeout=SLOW)
