"""Writing programs: by keyboard on a desk, by hand on a phone, over reloads and refusals, and then trained by."""

from typing import Any

from browsing import DESK, App
from people import herself, somebody
from playwright.async_api import FilePayload, Page, expect

from conftest import NewApp

SLOW = 30_000
SQUAT, BENCH, ROW, PLANK = "Squat (Barbell)", "Bench Press (Barbell)", "Bent Over Row (Barbell)", "Plank"
FILE = """format = 1
program_name = "From a file"
days = [["A"], [], []]

[[workouts]]
workout_key = "A"
workout_name = "Squats"
instructions = [{ exercise = "squat-barbell", sets = 3, reps_min = 5, reps_max = 5 }]
"""


def _file(text: str) -> FilePayload:
    return {"name": "program.toml", "mimeType": "application/toml", "buffer": text.encode()}


def _line(page: Page, exercise: str) -> Any:
    return page.get_by_role("textbox", name=f"What {exercise} asks")


async def _desk(open_app: NewApp) -> App:
    app = await open_app(**DESK)
    await app.register()
    return app


async def _add(page: Page, text: str, name: str, *, to: str = "Workout A") -> None:
    """Types an exercise with what it asks, and Enter: it is added."""
    field = page.get_by_role("combobox", name=f"Add an exercise to {to}")
    await field.fill(text)
    await expect(page.get_by_role("option", name=name).first).to_be_visible(timeout=SLOW)
    await field.press("Enter")
    await expect(_line(page, name)).to_be_visible()


async def _begin(app: App, name: str = "Two Days") -> Page:
    await app.page.goto("/programs/new")
    await app.page.get_by_label("Name of the program").fill(name)
    return app.page


async def _tab_to(page: Page, id_: str, *, by: str = "Tab", within: int = 30) -> None:
    """Goes on by keyboard until what has the focus has an id that begins so."""
    for _ in range(within):
        await page.keyboard.press(by)
        if str(await page.evaluate("document.activeElement.id")).startswith(id_):
            return
    raise AssertionError(id_)


async def _publish(page: Page) -> None:
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible(timeout=SLOW)


async def _published(app: App, name: str = "Two Days") -> dict[str, Any]:
    """The athlete's program of this name, as the server has it."""
    (found,) = [each for each in (await app.on_server("/programs?mine=true"))["items"] if each["program_name"] == name]
    whole: dict[str, Any] = await app.on_server(f"/programs/{found['id']}")
    return whole


async def _edited_elsewhere(app: App, program: dict[str, Any], name: str) -> None:
    """Another device publishes a revision with another name."""
    async with app.api() as client:
        asked = ("exercise_id", "sets", "reps_min", "reps_max")
        workouts = [
            {
                "workout_key": each["workout_key"],
                "workout_name": each["workout_name"],
                "instructions": [{name: part[name] for name in asked} for part in each["instructions"]],
            }
            for each in program["workouts"]
        ]
        days = [{"workouts": [part["workout_key"] for part in each["workouts"]]} for each in program["days"]]
        answer = await client.put(f"/programs/{program['id']}", json={"program_name": name, "workouts": workouts, "days": days})
        assert answer.status_code == 200, answer.text


async def test_a_program_is_written_by_keyboard_alone(open_app: NewApp) -> None:
    app = await _desk(open_app)
    page, keyboard = app.page, app.page.keyboard
    await page.goto("/programs/new")
    await expect(page.get_by_label("Name of the program")).to_be_visible(timeout=SLOW)
    await _tab_to(page, "program-name")
    await keyboard.type("Two Days")
    await _tab_to(page, "add-")
    # An exercise, then what it asks; from there Enter leads to the next.
    await keyboard.type("squat barbell")
    await expect(page.get_by_role("option", name=SQUAT).first).to_be_visible(timeout=SLOW)
    await keyboard.press("Enter")
    await expect(_line(page, SQUAT)).to_be_focused()
    await keyboard.type("3x5 r3min +2.5kg")
    await keyboard.press("Enter")
    # Both at once.
    for text, name in (("bench press barbell 3x8-12 @60kg r90 +2.5kg", BENCH), ("bent over row 3x8-12 @50kg r90", ROW)):
        await keyboard.type(text)
        await expect(page.get_by_role("option", name=name).first).to_be_visible()
        await keyboard.press("Enter")
        await expect(_line(page, name)).to_be_visible()
    await _tab_to(page, "line-", by="Shift+Tab")
    await expect(_line(page, ROW)).to_be_focused()
    await keyboard.press("Alt+KeyS")
    await expect(page.get_by_text("Superset 1")).to_have_count(2)
    # Up, and where it went the focus went too; undone, and it is back.
    await keyboard.press("Alt+ArrowUp")
    await expect(_line(page, ROW)).to_be_focused()
    await keyboard.press("Control+z")
    await keyboard.press("Alt+KeyC")
    await expect(_line(page, ROW)).to_have_count(2)
    await keyboard.press("Alt+KeyX")
    await expect(_line(page, ROW)).to_have_count(1)
    # A day of the week by the workout's short name.
    await _tab_to(page, "day-")
    await keyboard.press("ArrowRight")
    await keyboard.press("ArrowRight")
    await keyboard.press("a")
    await expect(page.get_by_role("button", name="Day 3: A Workout A")).to_be_focused()
    await keyboard.press("Control+Enter")
    await expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible(timeout=SLOW)

    program = await _published(app)
    (workout,) = program["workouts"]
    squat, bench, row = workout["instructions"]
    assert [each["exercise_name"] for each in (squat, bench, row)] == [SQUAT, BENCH, ROW]
    rule = {"rule": "linear", "increment": 2.5, "increment_unit": "kg", "deload_percent": 10, "deload_after": 3}
    assert (squat["sets"], squat["reps_min"], squat["reps_max"], squat["rest_seconds"], squat["progression"]) == (
        3,
        5,
        5,
        180,
        rule,
    )
    assert (bench["weight"], bench["weight_unit"], bench["progression"]["rule"]) == (60, "kg", "double")
    assert [each["group_number"] for each in (squat, bench, row)] == [None, 1, 1]
    assert [bool(each["workouts"]) for each in program["days"]] == [True, False, True, False, False, False, False]


async def test_it_is_trained_as_written_and_an_edit_is_offered(open_app: NewApp) -> None:
    app = await _desk(open_app)
    page = await _begin(app)
    await _add(page, "bench press barbell 3x5 @60kg r90", BENCH)
    await page.get_by_role("button", name="Repeat week 1").click()
    await _publish(page)
    await page.get_by_role("button", name="Start this program").click()
    await page.get_by_label("By the program's own days").check()
    await page.get_by_role("button", name="Plan my training").click()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible(timeout=SLOW)
    await page.get_by_role("link", name="Today", exact=True).click()
    await page.get_by_role("button", name="Start", exact=True).first.click(timeout=SLOW)
    await expect(page.get_by_label("Weight (kg)", exact=True)).to_have_value("60", timeout=SLOW)
    await expect(page.get_by_label("Reps", exact=True)).to_have_value("5")
    await page.get_by_role("button", name="Log set").click()
    await expect(page.get_by_role("button", name="Edit set")).to_have_count(1)
    await app.finish()
    # Published anew: what changed is said, and the enrollment may follow.
    program = await _published(app)
    await page.goto(f"/programs/{program['id']}/edit")
    await _line(page, BENCH).fill("4x5 @65kg r90")
    await page.get_by_role("button", name="Publish changes").click()
    dialog = page.get_by_role("dialog", name="Revision 2 is published")
    await expect(dialog.get_by_text("4 sets instead of 3, weight 65 instead of 60")).to_be_visible(timeout=SLOW)
    await expect(dialog.get_by_text("You are in revision 1; the latest is revision 2.")).to_be_visible(timeout=SLOW)
    await dialog.get_by_role("button", name="Take revision 2 from the next workout on").click()
    await expect(page.get_by_text("From the next workout on you are in revision 2.")).to_be_visible(timeout=SLOW)
    (enrollment,) = (await app.on_server("/athletes/me/enrollments"))["items"]
    assert (enrollment["program_revision"], enrollment["upgrade_available"]) == (2, False)


async def test_a_draft_stays_over_reloads_and_without_signal(open_app: NewApp) -> None:
    app = await _desk(open_app)
    page = await _begin(app)
    await _add(page, "squat barbell 3x5", SQUAT)
    await _line(page, SQUAT).fill("3x5 heavy")
    await expect(page.get_by_text("“heavy” is not understood")).to_be_visible()
    await expect(page.get_by_text("What you wrote is kept on this device")).to_be_visible()
    await app.kept("3x5 heavy")
    await page.context.set_offline(True)
    await app.reload()
    await expect(page.get_by_label("Name of the program")).to_have_value("Two Days", timeout=SLOW)
    await expect(_line(page, SQUAT)).to_have_value("3x5 heavy")
    # What is not understood is not published, and the place is shown.
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(_line(page, SQUAT)).to_be_focused()
    await _line(page, SQUAT).fill("3x5 @100kg")
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_text("Not published: the server cannot be reached")).to_be_visible()
    await page.context.set_offline(False)
    await _publish(page)
    assert (await _published(app))["workouts"][0]["instructions"][0]["weight"] == 100
    # And with that the draft is gone.
    await page.goto("/programs/new")
    await expect(page.get_by_label("Name of the program")).to_have_value("", timeout=SLOW)


async def test_what_the_server_refuses_is_shown_at_its_place(open_app: NewApp) -> None:
    app = await _desk(open_app)
    page = await _begin(app, "")
    await _add(page, "squat barbell 3x5", SQUAT)
    await _add(page, "bench press barbell 3x8-12", BENCH)
    # The rule needs a range, and here is none.
    await _line(page, SQUAT).fill("3x5 double +2.5kg")
    await page.get_by_role("button", name="Add a workout").click()
    await page.get_by_role("button", name="Publish", exact=True).click()
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Not published", timeout=SLOW)
    await expect(_line(page, SQUAT)).to_have_attribute("aria-invalid", "true")
    row = page.get_by_role("listitem", name=SQUAT)
    await expect(row).to_contain_text("the rule double needs a range")
    await expect(page.get_by_role("region", name="Workout B")).to_contain_text("It has no exercise yet.")
    # Mended, it is no longer wrong; the rest still is.
    await _line(page, SQUAT).fill("3x5 +2.5kg")
    await expect(row).not_to_contain_text("needs a range")
    await page.get_by_role("button", name="Remove Workout B").click()
    await page.get_by_label("Name of the program").fill("Two Days")
    await _publish(page)
    assert len((await _published(app))["workouts"]) == 1


async def test_an_edit_that_somebody_else_was_faster_with_loses_nothing(open_app: NewApp) -> None:
    app = await _desk(open_app)
    page = await _begin(app)
    await _add(page, "squat barbell 3x5", SQUAT)
    await _publish(page)
    program = await _published(app)
    await page.get_by_role("link", name="Edit", exact=True).click()
    await _line(page, SQUAT).fill("5x5")
    await _edited_elsewhere(app, program, "Theirs")
    await page.get_by_role("button", name="Publish changes").click()
    dialog = page.get_by_role("dialog", name="Changed in the meantime")
    await expect(dialog).to_be_visible(timeout=SLOW)
    # Theirs, and with undo one's own again.
    await dialog.get_by_role("button", name="Go on from theirs").click()
    await expect(page.get_by_label("Name of the program")).to_have_value("Theirs")
    await expect(_line(page, SQUAT)).to_have_value("3x5")
    await page.get_by_role("button", name="Undo").click()
    await expect(_line(page, SQUAT)).to_have_value("5x5")
    await page.get_by_role("button", name="Publish changes").click()
    await expect(page.get_by_role("dialog", name="Revision 3 is published")).to_be_visible(timeout=SLOW)
    assert (await _published(app))["workouts"][0]["instructions"][0]["sets"] == 5


async def test_a_program_is_copied_and_edited_on_a_phone(app: App) -> None:
    page = app.page
    await page.goto("/programs")
    await page.get_by_role("link", name="Five by Five").first.click(timeout=SLOW)
    await page.get_by_role("button", name="Copy and edit").click(timeout=SLOW)
    await expect(page.get_by_text("Revision 1, as it is published.")).to_be_visible(timeout=SLOW)
    # The first workout is open, the others are folded; by its buttons an exercise goes down, and with fields it asks more.
    names = page.get_by_role("listitem").filter(has=page.get_by_role("textbox", name="What "))
    first = await names.first.get_attribute("aria-label")
    await page.get_by_role("button", name=f"Move down: {first}").click()
    await expect(names.nth(1)).to_have_attribute("aria-label", str(first))
    await page.get_by_role("button", name=f"Details of {first}").click()
    await page.get_by_role("spinbutton", name="Sets", exact=True).fill("4")
    await page.get_by_label("Notes").first.fill("Slowly.")
    # A day at a time.
    await page.get_by_role("button", name="Days", exact=True).click()
    await page.get_by_role("button", name="Day 2: Rest").click()
    day = page.get_by_role("dialog", name="Day 2")
    await day.get_by_role("checkbox").first.check()
    await day.get_by_role("button", name="Next day").click()
    await expect(page.get_by_role("dialog", name="Day 3")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="As readers will see it").click()
    await expect(page.get_by_role("dialog").get_by_text("Slowly.")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Publish changes").click()
    await expect(page.get_by_role("dialog", name="Revision 2 is published")).to_be_visible(timeout=SLOW)
    (listed,) = (await app.on_server("/programs?mine=true"))["items"]
    program = await app.on_server(f"/programs/{listed['id']}")
    moved = program["workouts"][0]["instructions"][1]
    assert (moved["exercise_name"], moved["sets"], moved["instruction_notes"]) == (first, 4, "Slowly.")
    assert len(program["days"][1]["workouts"]) == 1


async def test_an_exercise_that_is_not_there_is_made(open_app: NewApp) -> None:
    app = await _desk(open_app)
    page = await _begin(app)
    field = page.get_by_role("combobox", name="Add an exercise to Workout A")
    await field.fill("Wobbly Press 3x12")
    await page.get_by_role("option", name="Not there? Make “Wobbly Press”").click()
    dialog = page.get_by_role("dialog", name="Make an exercise")
    await dialog.get_by_label("Done with").select_option("BAND")
    await dialog.get_by_role("button", name="Make it").click()
    await expect(_line(page, "Wobbly Press")).to_have_value("3x12", timeout=SLOW)
    await _publish(page)
    (asked,) = (await _published(app))["workouts"][0]["instructions"]
    assert (asked["exercise_name"], asked["sets"], asked["reps_min"]) == ("Wobbly Press", 3, 12)


async def test_a_coach_tailors_the_copy_of_an_athlete(open_app: NewApp) -> None:
    app = await _desk(open_app)
    page = app.page
    athlete = await somebody(app, "Ben")
    await athlete.let_in(app.email, "training:read", "program:assign")
    coach = await herself(app)
    (built_in,) = (await coach.call("GET", "/programs?q=Five by Five&limit=1"))["items"]
    program = await coach.call("POST", f"/programs/{built_in['id']}/copy")
    made = await coach.call("POST", f"/athletes/{athlete.user_id}/enrollments", {"program_id": program["id"]})
    await page.goto(f"/programs/{made['program_id']}/edit?athlete={athlete.user_id}")
    await expect(_line(page, SQUAT).first).to_have_value("5x5 r3min +2.5kg", timeout=SLOW)
    await _line(page, SQUAT).first.fill("3x5 r3min +2.5kg")
    await page.get_by_role("button", name="Publish changes").click()
    dialog = page.get_by_role("dialog", name="Revision 2 is published")
    await expect(dialog.get_by_text("The athlete is offered revision 2")).to_be_visible(timeout=SLOW)
    (enrollment,) = (await athlete.call("GET", "/athletes/me/enrollments"))["items"]
    assert (enrollment["program_revision"], enrollment["upgrade_available"]) == (1, True)
    # The athlete's, not the coach's: without the athlete it is only to be copied.
    await page.goto(f"/programs/{made['program_id']}/edit")
    await expect(page.get_by_role("button", name="Publish changes")).to_have_count(0)


async def test_files_come_in_and_go_out(open_app: NewApp) -> None:
    app = await _desk(open_app)
    page = app.page
    await page.goto("/programs")
    await page.get_by_label("From a file").set_input_files(_file(FILE.replace("squat-barbell", "no-such-thing")))
    await expect(page.get_by_role("alert")).to_contain_text("/workouts/0/instructions/0/exercise", timeout=SLOW)
    await page.get_by_label("From a file").set_input_files(_file(FILE))
    await expect(page.get_by_role("heading", name="From a file", level=1)).to_be_visible(timeout=SLOW)
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Save as a file").click()
    download = await waiting.value
    assert download.suggested_filename == "From a file.toml"
    text = (await download.path()).read_text(encoding="utf-8")
    assert 'exercise = "squat-barbell"' in text
    await page.get_by_role("button", name="Archive").click()
    await page.get_by_role("dialog").get_by_role("button", name="Archive").click()
    await expect(page.get_by_text("Archived: From a file")).to_be_visible(timeout=SLOW)
    assert (await app.on_server("/programs?mine=true"))["items"] == []


async def test_what_is_dragged_lands_where_it_is_let_go(open_app: NewApp) -> None:
    app = await _desk(open_app)
    page = await _begin(app)
    await _add(page, "squat barbell 3x5", SQUAT)
    await _add(page, "bench press barbell 3x5", BENCH)
    rows = page.get_by_role("listitem").filter(has=page.get_by_role("textbox", name="What "))
    await rows.nth(1).locator(".grip").drag_to(rows.nth(0))
    await expect(rows.nth(0)).to_have_attribute("aria-label", BENCH)
    workout = page.get_by_role("region", name="Workout A")
    await workout.locator(".head .grip").drag_to(page.get_by_role("button", name="Day 4: Rest"))
    await expect(page.get_by_role("button", name="Day 4: A Workout A")).to_be_visible()
    # Undone, and both are as they were.
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_role("button", name="Undo").click()
    await expect(rows.nth(0)).to_have_attribute("aria-label", SQUAT)
    await expect(page.get_by_role("button", name="Day 4: Rest")).to_be_visible()
