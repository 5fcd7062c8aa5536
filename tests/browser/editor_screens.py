"""The screens of the program editor, for screens.py: a long name, all there is to an exercise, what is refused, and its dialogs."""

from collections.abc import Awaitable, Callable

from browsing import PHONE, App
from people import LONG_NAME, Other, herself
from playwright.async_api import expect

Open = Callable[[App], Awaitable[None]]
SOON = 30_000


async def _add(app: App, text: str, name: str) -> None:
    page = app.page
    if await page.get_by_role("textbox", name=f"What {name} asks").count():
        return
    field = page.get_by_role("combobox", name="Add an exercise to").first
    await field.fill(text)
    await expect(page.get_by_role("option", name=name).first).to_be_visible(timeout=SOON)
    await field.press("Enter")
    await expect(page.get_by_role("textbox", name=f"What {name} asks")).to_be_visible()


async def _new(app: App) -> None:
    """A program that is being written: what was begun on an earlier visit is there again."""
    await app.page.set_viewport_size(PHONE["viewport"])
    await app.page.goto("/programs/new")
    await app.page.get_by_label("Name of the program").fill(LONG_NAME)
    await app.page.get_by_label("Name of the workout").first.fill(LONG_NAME)
    await _add(app, "squat barbell w5@50%, 5@75%, 5+@85% +2.5kg", "Squat (Barbell)")
    await _add(app, "bench press barbell 3x8-12 @60kg g1 r90", "Bench Press (Barbell)")
    await _add(app, "plank 3x45s g1", "Plank")


async def _details(app: App) -> None:
    await _new(app)
    await app.page.get_by_role("button", name="Details of Squat (Barbell)").click()
    for fold in await app.page.locator("summary").all():
        if await fold.is_visible():
            await fold.click()


async def _refused(app: App) -> None:
    await _new(app)
    await app.page.get_by_role("textbox", name="What Plank asks").fill("3x45s heavy")
    await app.page.get_by_role("button", name="Publish", exact=True).click()
    await expect(app.page.get_by_role("alert")).to_be_visible(timeout=SOON)


async def _days(app: App) -> None:
    await _new(app)
    await app.page.get_by_role("button", name="Days", exact=True).click()
    if not await app.page.get_by_role("heading", name="Week 2").count():
        await app.page.get_by_role("button", name="Repeat week 1").click()


async def _day(app: App) -> None:
    await _days(app)
    await app.page.get_by_role("button", name="Day 1:").click()
    await expect(app.page.get_by_role("dialog", name="Day 1")).to_be_visible()


async def _search(app: App) -> None:
    await _new(app)
    await app.page.get_by_role("combobox", name="Add an exercise to").first.fill("pre")
    await expect(app.page.get_by_role("option").first).to_be_visible(timeout=SOON)
    # What is half under the head of the page is no smaller for that.
    await app.page.evaluate("scrollTo(0, 0)")


async def _make(app: App) -> None:
    await _new(app)
    await app.page.get_by_role("combobox", name="Add an exercise to").first.fill(LONG_NAME)
    await app.page.get_by_role("option", name="Not there?").click()
    await expect(app.page.get_by_role("dialog", name="Make an exercise")).to_be_visible()


async def _preview(app: App) -> None:
    await _new(app)
    await app.page.get_by_role("button", name="As readers will see it").click()
    await expect(app.page.get_by_role("dialog")).to_be_visible()


async def _built_in(me: Other) -> str:
    found = (await me.call("GET", "/programs?q=five by five"))["items"]
    return str(next(each["id"] for each in found if each["user_id"] is None))


async def _copied(app: App) -> str:
    """A program of one's own, a copy: its id."""
    me = await herself(app)
    return str((await me.call("POST", f"/programs/{await _built_in(me)}/copy"))["id"])


async def _own(app: App) -> None:
    await app.page.goto(f"/programs/{await _copied(app)}")
    await expect(app.page.get_by_role("link", name="Edit", exact=True)).to_be_visible(timeout=SOON)


async def _begin_edit(app: App) -> str:
    program_id = await _copied(app)
    await app.page.set_viewport_size(PHONE["viewport"])
    await app.page.goto(f"/programs/{program_id}/edit")
    await app.page.get_by_label("Name of the program").fill(LONG_NAME)
    return program_id


async def _edit(app: App) -> None:
    await _begin_edit(app)


async def _published(app: App) -> None:
    program_id = await _begin_edit(app)
    await (await herself(app)).call("POST", "/athletes/me/enrollments", {"program_id": program_id})
    await app.page.get_by_role("button", name="Publish changes").click()
    await expect(app.page.get_by_role("button", name="Take revision 2")).to_be_visible(timeout=SOON)


async def _conflict(app: App) -> None:
    program_id, me = await _begin_edit(app), await herself(app)
    body = {
        "workouts": [{"workout_key": "A", "workout_name": "A", "instructions": [{"exercise_id": await _an_exercise(app)}]}],
        "days": [{"workouts": ["A"]}],
    }
    await me.call("PUT", f"/programs/{program_id}", {"program_name": "Theirs", **body})
    await app.page.get_by_role("button", name="Publish changes").click()
    await expect(app.page.get_by_role("dialog", name="Changed in the meantime")).to_be_visible(timeout=SOON)
    for fold in await app.page.locator("dialog summary").all():
        await fold.click()


async def _an_exercise(app: App) -> str:
    return str((await (await herself(app)).call("GET", "/exercises?limit=1"))["items"][0]["id"])


async def _foreign(app: App) -> None:
    await app.page.goto(f"/programs/{await _built_in(await herself(app))}/edit")
    await expect(app.page.get_by_role("button", name="Copy and edit")).to_be_visible(timeout=SOON)


EDITOR_SCREENS: dict[str, Open] = {
    "editor-new": _new,
    "editor-details": _details,
    "editor-refused": _refused,
    "editor-days": _days,
    "editor-day": _day,
    "editor-search": _search,
    "editor-make": _make,
    "editor-preview": _preview,
    "program-own": _own,
    "editor": _edit,
    "editor-published": _published,
    "editor-conflict": _conflict,
    "editor-foreign": _foreign,
}
