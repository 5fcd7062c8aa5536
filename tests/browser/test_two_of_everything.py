"""What must not happen twice, or to the wrong one: second taps, two tabs, two devices, two athletes on one device."""

import re

import pytest
from browsing import DESK, App, NewApp
from playwright.async_api import expect
from recording import record_measurements, record_workouts
from test_offline import BENCH, SOON
from test_offline_more import sync_now

from helpers import PASSWORD


async def _goal(app: App, target: str, notes: str = "") -> None:
    dialog = app.page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name=re.compile(r"^Target \(")).fill(target, timeout=SOON)
    await dialog.get_by_label("Notes").fill(notes)


# --- Twice tapped ----------------------------------------------------------------------------------------------------


async def test_a_second_tap_does_nothing_more(app: App) -> None:
    page = app.page
    await page.get_by_role("button", name="Enter", exact=True).click()
    await page.get_by_label("Body weight (kg)", exact=True).fill("80")
    await page.get_by_role("button", name="Save", exact=True).dblclick()
    await expect(page.get_by_text("80 kg, today", exact=False)).to_be_visible()
    await page.goto("/progress/body")
    await page.get_by_role("button", name="Enter a measurement").click()
    await page.get_by_role("textbox", name=re.compile("^Value")).fill("79")
    await page.get_by_role("dialog").get_by_role("button", name="Save").dblclick()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.goto("/progress/goals?metric=body-weight")
    await _goal(app, "75")
    await page.get_by_role("dialog").get_by_role("button", name="Save").dblclick()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.goto("/")
    await page.get_by_role("button", name="Start empty").dblclick()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await page.get_by_role("button", name="Finish", exact=True).click()
    await page.get_by_role("button", name="Save workout").dblclick()
    await expect(page.get_by_role("button", name="Save workout")).to_be_hidden()
    await sync_now(app)
    measured = (await app.on_server("/athletes/me/measurements"))["items"]
    assert sorted(each["measured_value"] for each in measured) == [79, 80]
    assert len((await app.on_server("/athletes/me/goals"))["items"]) == 1
    assert [each["session_status"] for each in await app.sessions()] == ["COMPLETED"]


async def test_a_second_tap_makes_no_second_token_or_feed(app: App) -> None:
    page = app.page
    await page.goto("/settings")
    for fold, name, make in (
        ("API tokens", "Name, such as My script", "Make a token"),
        ("Calendar feeds", "Name, such as My phone", "Make a feed"),
    ):
        await page.locator("summary", has_text=fold).click()
        await page.get_by_label(name).fill("mine")
        await page.get_by_role("button", name=make).dblclick()
        await expect(page.get_by_role("button", name="Revoke mine")).to_have_count(1, timeout=SOON)
        await page.get_by_role("button", name="Revoke mine").click()
        await expect(page.get_by_role("button", name="Revoke mine")).to_have_count(0, timeout=SOON)


async def test_going_back_does_not_open_a_form_that_is_over(app: App) -> None:
    page = app.page
    await page.goto("/progress/goals?metric=body-weight")
    await _goal(app, "75")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await page.get_by_role("link", name=re.compile("^Body Weight")).click()
    await expect(page.get_by_role("button", name="Delete goal")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("link", name=re.compile("^Body Weight"))).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)


# --- Two devices -----------------------------------------------------------------------------------------------------


async def test_two_devices_that_say_their_equipment_first_and_one_insists(app: App, open_app: NewApp) -> None:
    other = await open_app(**DESK)
    await other.sign_in(app.email)
    for device, bar in ((app, "15"), (other, "10")):
        await device.page.goto("/settings")
        await device.page.get_by_text("Plates and dumbbells").click()
        await expect(device.page.get_by_text("You have not said yet")).to_be_visible()
        await device.page.context.set_offline(True)
        await device.page.get_by_label("Bar (kg)", exact=True).fill(bar)
        await device.page.get_by_role("button", name="Save", exact=True).click()
        await expect(device.page.get_by_text("Equipment saved")).to_be_visible()
    await app.page.context.set_offline(False)
    await app.saved()
    await other.page.context.set_offline(False)
    await other.page.goto("/waiting")
    card = other.page.get_by_role("region", name="Plates and dumbbells")
    # Both are told apart by what they say.
    await expect(card.get_by_text("Bar (kg): 10")).to_be_visible(timeout=SOON)
    await expect(card.get_by_text("Bar (kg): 15")).to_be_visible()
    await card.get_by_role("button", name="Keep this one").click()
    await expect(other.page.get_by_text("Everything is saved")).to_be_visible(timeout=SOON)
    assert (await app.on_server("/athletes/me/equipment"))["bar_weight"] == 10


async def test_notes_of_a_goal_written_on_two_devices_are_both_shown(app: App, open_app: NewApp) -> None:
    await app.page.goto("/progress/goals?metric=body-weight")
    await _goal(app, "75")
    await app.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(app.page.get_by_role("dialog")).to_be_hidden()
    await app.saved()
    other = await open_app(**DESK)
    await other.sign_in(app.email)
    for device, notes in ((app, "by summer"), (other, "no hurry")):
        await device.page.goto("/progress/goals")
        await device.page.get_by_role("link", name=re.compile("^Body Weight")).click()
        await device.page.context.set_offline(True)
        await device.page.get_by_role("button", name="Change this goal").click()
        await _goal(device, "75", notes)
        await device.page.get_by_role("dialog").get_by_role("button", name="Save").click()
        await expect(device.page.get_by_text(notes)).to_be_visible()
    await app.page.context.set_offline(False)
    await app.saved()
    await other.page.context.set_offline(False)
    await other.page.get_by_role("link", name="Sync: 1 needs you").click(timeout=SOON)
    await expect(other.page.get_by_text("Notes: no hurry")).to_be_visible()
    await expect(other.page.get_by_text("Notes: by summer")).to_be_visible()
    await other.page.get_by_role("button", name="Keep the other").click()
    await expect(other.page.get_by_text("Everything is saved")).to_be_visible(timeout=SOON)
    assert [each["goal_notes"] for each in (await app.on_server("/athletes/me/goals"))["items"]] == ["by summer"]


@pytest.mark.parametrize("kept", ["this one", "the other"])
async def test_a_note_that_two_devices_wrote_first(app: App, open_app: NewApp, kept: str) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.saved()
    other = await open_app(**DESK)
    await other.sign_in(app.email)
    await other.page.goto(app.page.url)
    for device, note in ((app, "elbows in"), (other, "feet flat")):
        await expect(device.page.get_by_role("heading", name=BENCH)).to_be_visible(timeout=SOON)
        await device.page.context.set_offline(True)
        await device.page.get_by_role("button", name="Notes on this exercise").click()
        await device.page.get_by_role("textbox", name="Notes on this exercise").fill(note)
        await device.page.get_by_role("textbox", name="Notes on this exercise").blur()
        await expect(device.page.get_by_text(note)).to_be_visible()
    training = app.page.url
    await app.page.context.set_offline(False)
    await app.page.goto("/")
    await app.saved()
    await other.page.context.set_offline(False)
    await other.page.goto("/waiting")
    await other.page.get_by_role("button", name=f"Keep {kept}").click(timeout=SOON)
    await expect(other.page.get_by_text("Everything is saved")).to_be_visible(timeout=SOON)
    stands = "feet flat" if kept == "this one" else "elbows in"
    (session,) = await app.sessions()
    assert [each["performance_notes"] for each in session["performances"]] == [stands]
    await other.page.goto(training)
    await expect(other.page.get_by_text(stands)).to_be_visible(timeout=SOON)
    assert [(each["id"], each["version"]) for each in await other.on_device("user_exercise_performance")] == [
        (each["id"], each["version"]) for each in session["performances"]
    ]


# --- Two tabs --------------------------------------------------------------------------------------------------------


async def test_two_tabs_do_not_write_one_program(open_app: NewApp) -> None:
    app = await open_app(**DESK)
    await app.register()
    await app.page.goto("/programs/new")
    await app.page.get_by_label("Name of the program").fill("First tab")
    await expect(app.page.get_by_text("What you wrote is kept on this device")).to_be_visible()
    await app.kept("First tab")
    tab = App(await app.page.context.new_page(), app.site, app.email)
    await tab.page.goto("/programs/new")
    await expect(tab.page.get_by_text("open in another tab")).to_be_visible(timeout=SOON)
    await tab.page.get_by_role("button", name="Go on here").click()
    await expect(tab.page.get_by_label("Name of the program")).to_have_value("First tab")
    await expect(app.page.get_by_text("open in another tab")).to_be_visible(timeout=SOON)
    await tab.page.get_by_label("Name of the program").fill("Second tab")
    await expect(tab.page.get_by_text("What you wrote is kept on this device")).to_be_visible()
    await tab.kept("Second tab")
    await tab.page.close()
    await app.page.get_by_role("button", name="Go on here").click()
    await expect(app.page.get_by_label("Name of the program")).to_have_value("Second tab")
    await app.reload()
    await expect(app.page.get_by_label("Name of the program")).to_have_value("Second tab", timeout=SOON)
    assert tab.errors == []


# --- Two athletes ----------------------------------------------------------------------------------------------------


async def test_nothing_of_who_was_here_before_is_left_for_the_next(app: App) -> None:
    await record_measurements(app, "body-weight", [(1, 80)])
    page = app.page
    await page.goto("/progress/body")
    await page.get_by_label("Formula for circumferences").select_option(label="For women")
    await page.goto("/progress/body/body-weight")
    await page.get_by_role("radio", name="lb", exact=True).check(force=True, timeout=SOON)
    await page.goto("/progress/goals?metric=body-weight")
    await _goal(app, "160")
    await page.goto("/settings")
    await page.get_by_label("Appearance").select_option("dark")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Sign out and forget").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert await page.evaluate("Object.keys(localStorage)") == ["theme"]
    await page.get_by_role("button", name="Make an account").click()
    await page.get_by_label("Name").fill("Bea")
    await page.get_by_label("E-mail address").fill(f"bea-{app.email}")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Register").click()
    await expect(page.get_by_role("heading", name="Hello, Bea")).to_be_visible(timeout=SOON)


async def test_a_deleted_account_is_forgotten_by_all_tabs(app: App) -> None:
    tab = App(await app.page.context.new_page(), app.site, app.email)
    await tab.page.goto("/")
    await tab.saved()
    async with app.api() as client:
        sure = {"password": PASSWORD, "confirmation": "DELETE"}
        assert (await client.request("DELETE", "/athletes/me", json=sure)).status_code == 200
    for page in (app.page, tab.page):
        await page.bring_to_front()
        await page.goto("/")
        await expect(page.get_by_text("was deleted on another device")).to_be_visible(timeout=SOON)
    await app.page.get_by_role("button", name="Forget everything on this device").click()
    for page in (app.page, tab.page):
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=SOON)
    await app.register("Bea")
    await expect(tab.page.get_by_role("heading", name="Hello, Bea")).to_be_visible(timeout=SOON)
    assert tab.errors == []


# --- While something lies above --------------------------------------------------------------------------------------


async def test_what_is_said_while_a_dialog_is_open_is_seen(app: App) -> None:
    await record_measurements(app, "body-weight", [(1, 80)])
    page = app.page
    await page.goto("/progress/body/body-weight")
    await page.get_by_role("button", name=re.compile("^80 kg")).click(timeout=SOON)
    await page.get_by_role("button", name="Correct", exact=True).click()
    await page.get_by_role("dialog").get_by_label("Notes").fill("at noon")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(page.locator(".toast")).to_be_visible()
    await page.get_by_role("button", name=re.compile("^80 kg")).click()
    undo = page.get_by_role("dialog").get_by_role("button", name="Undo")
    await undo.click()
    await expect(page.get_by_role("dialog").get_by_text("at noon", exact=True)).to_be_hidden()


async def test_a_note_that_is_being_typed_survives_a_reload(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.saved()
    await app.page.get_by_role("button", name="Notes on this exercise").click()
    field = app.page.get_by_label("Notes on this exercise").and_(app.page.get_by_role("textbox"))
    await field.fill("elbows in")
    await app.kept("elbows in")
    await app.reload()
    await expect(field).to_have_value("elbows in", timeout=SOON)
    await field.blur()
    await expect(app.page.get_by_text("elbows in")).to_be_visible()
    await app.reload()
    await expect(app.page.get_by_text("elbows in")).to_be_visible(timeout=SOON)
    await expect(field).to_have_count(0)


async def test_an_answer_that_is_being_typed_survives_a_reload(app: App) -> None:
    (session,) = await record_workouts(app, BENCH, [(1, 1, 7)])
    await app.page.goto(f"/history/{session}")
    field = app.page.get_by_role("textbox", name="Write about this workout")
    await field.fill("my knee, again", timeout=SOON)
    await app.kept("my knee, again")
    await app.reload()
    await expect(field).to_have_value("my knee, again", timeout=SOON)
    await app.page.get_by_role("button", name="Send", exact=True).click()
    await expect(app.page.locator("li").get_by_text("my knee, again")).to_be_visible()
    await app.reload()
    await expect(app.page.locator("li").get_by_text("my knee, again")).to_be_visible(timeout=SOON)
    await expect(app.page.get_by_role("textbox", name="Answer")).to_have_value("")


async def test_the_rest_stands_in_one_line_on_a_small_phone(open_app: NewApp) -> None:
    app = await open_app(viewport={"width": 360, "height": 740})
    await app.register()
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    more = app.page.get_by_role("button", name="15 seconds more")
    await more.evaluate("(each) => { for (let taps = 0; taps < 40; taps++) each.click(); }")
    timer = app.page.get_by_role("timer")
    await expect(timer).to_contain_text(re.compile(r"1\d:\d\d"))
    assert await timer.evaluate("(each) => each.querySelector('.time').scrollWidth <= each.querySelector('.time').clientWidth")
    box = await timer.locator(".time").bounding_box()
    assert box is not None
    assert box["height"] < 36


async def test_a_made_exercise_counts_for_its_muscles(app: App) -> None:
    await app.start_empty()
    await app.page.get_by_role("button", name="Add exercise").first.click()
    await app.page.get_by_role("dialog").get_by_label("Name of the exercise").fill("Wobbly Press")
    await app.page.get_by_role("dialog").get_by_role("button", name="Make").click()
    making = app.page.get_by_role("dialog", name="Make an exercise")
    await making.get_by_label("Works above all").select_option(label="Chest")
    await making.locator("summary").click()
    await making.get_by_role("checkbox", name="Triceps").check(force=True)
    await making.get_by_role("button", name="Make it").click()
    await app.log(8, 40)
    await app.finish()
    await app.page.goto("/")
    await app.saved()
    (made,) = (await app.on_server("/exercises?q=Wobbly+Press&limit=1"))["items"]
    assert (made["primary_muscles"], made["secondary_muscles"]) == (["CHEST"], ["TRICEPS"])
