"""The screens of workouts by themselves, for screens.py: none yet, long names, the editor, and the dialog that plans one."""

from collections.abc import Awaitable, Callable

from browsing import PHONE, App
from people import LONG_NAME, herself
from playwright.async_api import expect

Open = Callable[[App], Awaitable[None]]
SOON = 30_000


async def _list(app: App) -> None:
    await app.page.goto("/workouts")
    await expect(app.page.get_by_role("region", name="Built in")).to_be_visible(timeout=SOON)


async def _made(app: App) -> str:
    """A workout of one's own with a long name: its id."""
    me = await herself(app)
    mine = [each for each in (await me.call("GET", "/workouts?mine=true"))["items"] if each["workout_name"] == LONG_NAME]
    if mine:
        return str(mine[0]["id"])
    found = (await me.call("GET", "/exercises?limit=3"))["items"]
    asked = [{"exercise_id": each["id"], "sets": 3, "rest_seconds": 90, "instruction_notes": LONG_NAME} for each in found]
    asked[0] |= {"reps_min": 8, "reps_max": 12, "progression": {"rule": "double", "increment": 2.5, "increment_unit": "kg"}}
    asked[1] |= {"group_number": 1}
    asked[2] |= {"group_number": 1}
    made = await me.call("POST", "/workouts", {"workout_name": LONG_NAME, "description": LONG_NAME, "instructions": asked})
    return str(made["id"])


async def _own(app: App) -> None:
    await app.page.goto(f"/workouts/{await _made(app)}")
    await expect(app.page.get_by_role("link", name="Edit", exact=True)).to_be_visible(timeout=SOON)


async def _plan(app: App) -> None:
    await _own(app)
    await app.page.get_by_role("button", name="Plan it").click()
    await expect(app.page.get_by_role("dialog")).to_be_visible()


async def _built_in(app: App) -> None:
    await _list(app)
    await app.page.get_by_role("link", name="Run Intervals").click()
    await expect(app.page.get_by_role("button", name="Start Run Intervals")).to_be_visible(timeout=SOON)


async def _new(app: App) -> None:
    """One that is being written: what was begun on an earlier visit is there again."""
    await app.page.set_viewport_size(PHONE["viewport"])
    await app.page.goto("/workouts/new")
    await app.page.get_by_label("Name of the workout").fill(LONG_NAME)
    line = app.page.get_by_role("textbox", name="What Squat (Barbell) asks")
    if not await line.count():
        field = app.page.get_by_role("combobox", name="Add an exercise to")
        await field.fill("squat barbell w5@50%, 5@75%, 5+@85% +2.5kg")
        await expect(app.page.get_by_role("option", name="Squat (Barbell)").first).to_be_visible(timeout=SOON)
        await field.press("Enter")
        await expect(line).to_be_visible()


async def _edit(app: App) -> None:
    await app.page.goto(f"/workouts/{await _made(app)}/edit")
    await expect(app.page.get_by_text("Revision 1, as it is saved.")).to_be_visible(timeout=SOON)
    for fold in await app.page.locator("summary").all():
        await fold.click()


async def _foreign(app: App) -> None:
    await _built_in(app)
    await app.page.goto(f"/workouts/{app.page.url.rsplit('/', 1)[1]}/edit")
    await expect(app.page.get_by_role("link", name="Copy and edit")).to_be_visible(timeout=SOON)


async def _from_session(app: App) -> None:
    await app.page.goto("/history")
    await app.page.locator("main a.item").first.click()
    await app.page.get_by_role("link", name="Save as a workout").click()
    await expect(app.page.get_by_text("These are the sets you did")).to_be_visible(timeout=SOON)


async def _unsaved(app: App) -> None:
    """The list with what is not saved yet, and one's own."""
    await _new(app)
    await _made(app)
    await _list(app)
    await expect(app.page.get_by_text("Not saved yet").first).to_be_visible(timeout=SOON)


WORKOUT_SCREENS: dict[str, Open] = {
    "workouts-empty": _list,
    "workout-built-in": _built_in,
    "workout-new": _new,
    "workout": _own,
    "workout-plan": _plan,
    "workout-edit": _edit,
    "workout-foreign": _foreign,
    "workout-from-session": _from_session,
    "workouts": _unsaved,
}
