"""Every screen and dialog of the app, and how one comes to it.

Whatever must hold everywhere (test_accessibility.py) is asked of each of these, so a new screen is one entry here. All are opened
by the same athlete, who has a finished workout, each by itself and in this order: what comes later may see what was done before.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from browsing import App
from coach_screens import coach_screens
from editor_screens import EDITOR_SCREENS
from playwright.async_api import expect
from workout_screens import WORKOUT_SCREENS

Open = Callable[[App], Awaitable[None]]
EXERCISE = "Bench Press (Barbell)"
# A registered athlete's first workouts take a moment on a busy machine.
PATIENCE_MS = 30_000


async def train_once(app: App) -> None:
    """A workout of one set, finished: its summary is on the screen."""
    await app.start_empty()
    await app.add_exercise(EXERCISE)
    await app.log(5, 60)
    await app.finish()


async def loaded(app: App) -> None:
    """Waits until the screen stands: nothing on it says that it is being fetched."""
    await expect(app.page.locator("main h1").first).to_be_visible(timeout=PATIENCE_MS)
    await expect(app.page.get_by_text("Loading …")).to_have_count(0, timeout=PATIENCE_MS)


def at(path: str) -> Open:
    """The screen of an address, with all that is folded away in it opened."""

    async def open_(app: App) -> None:
        await app.page.goto(path)
        await loaded(app)
        for fold in await app.page.locator("summary").all():
            await fold.click()
        await loaded(app)

    return open_


async def _summary(app: App) -> None:
    await app.page.goto("/history")
    await app.page.locator("main a.item").first.click()
    await app.page.wait_for_url("**/history/*")
    await app.page.goto(f"/train/{app.page.url.rsplit('/', 1)[1]}/done")
    await loaded(app)


async def _session(app: App) -> None:
    await app.page.goto("/history")
    await app.page.locator("main a.item").first.click()
    await expect(app.page.get_by_role("heading", name=EXERCISE)).to_be_visible()


async def _program(app: App) -> None:
    await app.page.goto("/programs")
    await app.page.locator("a.program").first.click()
    await expect(app.page.get_by_role("button", name="Start this program")).to_be_visible(timeout=PATIENCE_MS)


async def _enroll(app: App) -> None:
    await _program(app)
    await app.page.get_by_role("button", name="Start this program").click()
    await expect(app.page.get_by_role("dialog")).to_be_visible()


async def _enrolled(app: App) -> None:
    if (await app.on_server("/athletes/me/enrollments"))["items"]:  # a program is joined once
        await app.page.goto("/programs")
    else:
        await _enroll(app)
        await app.page.get_by_role("button", name="Plan my training").click()
    await expect(app.page.get_by_role("button", name="Pause").first).to_be_visible(timeout=PATIENCE_MS)
    await loaded(app)


async def _train(app: App) -> None:
    """The workout that is under way, else a new empty one."""
    await app.page.goto("/")
    await loaded(app)
    going_on = app.page.get_by_role("link", name="Continue")
    begin = app.page.get_by_role("button", name="Start empty")
    await (going_on.or_(begin)).first.click()


async def _empty(app: App) -> None:
    await _train(app)
    await expect(app.page.get_by_role("heading", name="No exercise yet")).to_be_visible()


async def _training(app: App) -> None:
    await _train(app)
    add = app.page.get_by_role("button", name="Add exercise").first
    await expect(add).to_be_visible()
    if await app.page.get_by_role("heading", name="No exercise yet").count():
        await app.add_exercise(EXERCISE)
        await app.log(5, 60)
    await expect(app.page.get_by_role("button", name="Edit set").first).to_be_visible()


def _dialog(name: str) -> Open:
    async def open_(app: App) -> None:
        await _training(app)
        await app.page.get_by_role("button", name=name, exact=True).first.click()
        await expect(app.page.get_by_role("dialog")).to_be_visible()

    return open_


async def _naming(app: App) -> None:
    await _training(app)
    await app.page.get_by_role("heading", level=1).get_by_role("button").click()
    await expect(app.page.get_by_role("dialog")).to_be_visible()


async def _noting(app: App) -> None:
    await _training(app)
    note = app.page.get_by_role("button", name="Notes on this exercise")
    await expect(note).to_be_visible(timeout=PATIENCE_MS)
    await note.click()
    await expect(app.page.get_by_role("textbox", name="Notes on this exercise")).to_be_visible()


async def _making(app: App) -> None:
    await _dialog("Add exercise")(app)
    await app.page.get_by_label("Name of the exercise").fill("Schulterdrücken auf der Schrägbank mit enger Griffhaltung")
    await app.page.get_by_role("button", name="Make").click()
    await expect(app.page.get_by_role("dialog", name="Make an exercise")).to_be_visible()


async def _ahead(app: App) -> list[dict[str, Any]]:
    return [row for row in await app.on_device("user_workout_session") if row["session_status"] == "PLANNED"]


async def _planned(app: App) -> None:
    """A workout of the program that was begun, before it is started."""
    ahead = await _ahead(app)
    if not ahead:  # in a run that leaves out the screen before it
        await _enrolled(app)
        await app.saved()
        ahead = await _ahead(app)
    await app.page.goto(f"/history/{ahead[0]['id']}")
    await expect(app.page.get_by_role("button", name="Skip it")).to_be_visible(timeout=PATIENCE_MS)


async def _exercise(app: App) -> None:
    await app.page.goto("/progress")
    await app.page.get_by_role("link", name=EXERCISE).first.click()
    await expect(app.page.get_by_role("heading", name="Records that stand")).to_be_visible(timeout=PATIENCE_MS)
    for fold in await app.page.locator("summary").all():
        await fold.click()
    await loaded(app)


async def _entry(app: App) -> None:
    await at("/progress/body")(app)
    await app.page.get_by_role("button", name="Enter a measurement").click()
    await expect(app.page.get_by_role("dialog").get_by_label("Value (kg)", exact=True)).to_be_visible()


async def _metric(app: App) -> None:
    """Body weight, once measured, with all there is to it."""
    await at("/progress/body/body-weight")(app)
    if not await app.on_device("user_measurement"):
        await app.page.get_by_role("button", name="Enter one").click()
        await app.page.get_by_role("dialog").get_by_label("Value (kg)", exact=True).fill("80")
        await app.page.get_by_role("button", name="Save").click()
        await expect(app.page.get_by_role("dialog")).to_be_hidden()
        await app.saved()
        await at("/progress/body/body-weight")(app)
    await expect(app.page.get_by_role("button", name="80 kg")).to_be_visible()


async def _measurement(app: App) -> None:
    await _metric(app)
    await app.page.get_by_role("button", name="80 kg").click()
    await expect(app.page.get_by_role("dialog").get_by_text("You entered 80 kg")).to_be_visible(timeout=PATIENCE_MS)


async def _aim(app: App) -> None:
    await app.page.goto("/progress/goals?metric=body-weight")
    await expect(app.page.get_by_role("dialog").get_by_label("Target (kg)", exact=True)).to_be_visible(timeout=PATIENCE_MS)


async def _goal(app: App) -> None:
    await at("/progress/goals")(app)
    goal = app.page.get_by_role("link", name="75 kg by")
    if not await app.on_device("user_goal"):
        await _aim(app)
        await app.page.get_by_label("Target (kg)", exact=True).fill("75")
        await app.page.get_by_role("button", name="Save").click()
        await expect(app.page.get_by_role("dialog")).to_be_hidden()
        await app.saved()
    await goal.click()
    await expect(app.page.get_by_text("No forecast: ")).to_be_visible(timeout=PATIENCE_MS)


async def _leave(app: App) -> None:
    """The question before the account is deleted, which nobody answers here."""
    await app.page.goto("/settings")
    await app.page.locator("summary", has_text="Your data").click()
    await app.page.get_by_role("button", name="Delete my account").click()
    await app.page.get_by_text("Take your data along first").click()


SCREENS: dict[str, Open] = {
    "today": at("/"),
    "history": at("/history"),
    "session": _session,
    "summary": _summary,
    "progress": at("/progress"),
    "progress-exercise": _exercise,
    "records": at("/progress/records"),
    "muscles": at("/progress/muscles"),
    "load": at("/progress/load"),
    "year": at("/progress/year"),
    "body-empty": at("/progress/body"),
    "body-entry": _entry,
    "metric": _metric,
    "measurement": _measurement,
    "body": at("/progress/body"),
    "goals-empty": at("/progress/goals"),
    "goal-form": _aim,
    "goal": _goal,
    "goals": at("/progress/goals"),
    "programs": at("/programs"),
    "program": _program,
    "enroll": _enroll,
    **EDITOR_SCREENS,
    **WORKOUT_SCREENS,
    "import": at("/import"),
    "settings": at("/settings"),
    "delete-account": _leave,
    "waiting": at("/waiting"),
    **coach_screens(at),
    "missing": at("/no-such-page"),
    "training-empty": _empty,
    "training": _training,
    "picker": _dialog("Add exercise"),
    "finish": _dialog("Finish"),
    "naming": _naming,
    "noting": _noting,
    "making": _making,
    "enrolled": _enrolled,
    "planned": _planned,
}
