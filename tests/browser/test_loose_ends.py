"""What is not to be lost or left hanging: forms that are left, what two devices say, a slow server."""

import re
from typing import Any

import pytest
from browsing import DESK, App, NewApp
from people import somebody
from playwright.async_api import Locator, Route, expect
from recording import days_ago, record_measurements, record_workouts
from test_offline import BENCH, SOON, X, counted, edit_set, in_conflict, settled

KEPT = "what you typed before is here again"


async def is_kept(app: App, key: str, *, kept: bool = True) -> None:
    """Waits until something is written down on the device under a key that begins so, or nothing is any more."""
    for _ in range(200):
        if any(row["key"].startswith(key) for row in await app.on_device("meta")) is kept:
            return
        await app.page.wait_for_timeout(50)
    pytest.fail(f"{key}: kept is not {kept}")


def form(app: App) -> Locator:
    return app.page.get_by_role("dialog")


# --- Forms that are left before they are saved -----------------------------------------------------------------------


@pytest.mark.parametrize("device", [{}, DESK], ids=["phone", "desk"])
async def test_a_measurement_that_was_being_typed_is_there_again(open_app: NewApp, device: dict[str, Any]) -> None:
    app = await open_app(**device)
    await app.register()
    page = app.page
    await record_measurements(app, "body-weight", [(1, 80)])
    await page.goto("/progress/body")
    enter = page.get_by_role("button", name="Enter a measurement")
    await expect(page.get_by_role("link", name="Body Weight")).to_be_visible(timeout=SOON)
    await enter.click()
    await expect(form(app).get_by_text(KEPT)).to_be_hidden()
    await form(app).get_by_label("Value (kg)", exact=True).fill("81.4")
    await form(app).get_by_label("Notes").fill("after breakfast")
    await page.keyboard.press("Escape")
    await expect(form(app)).to_be_hidden()
    await enter.click()
    await expect(form(app).get_by_label("Notes")).to_have_value("after breakfast")
    await app.reload()
    await enter.click()
    await expect(form(app).get_by_text(KEPT)).to_be_visible()
    await expect(form(app).get_by_label("Value (kg)", exact=True)).to_have_value("81.4")
    await expect(form(app).get_by_label("Notes")).to_have_value("after breakfast")
    await form(app).get_by_role("button", name="Save").click()
    await expect(form(app)).to_be_hidden()
    await is_kept(app, "form:", kept=False)
    await enter.click()
    await expect(form(app).get_by_label("Value (kg)", exact=True)).to_have_value("81.4")
    await expect(form(app).get_by_label("Notes")).to_have_value("")
    await app.saved()
    found = (await app.on_server("/athletes/me/measurements"))["items"]
    assert [(each["measured_value"], each["measurement_notes"]) for each in found] == [(81.4, "after breakfast"), (80, None)]


async def test_what_was_typed_is_given_up_when_that_is_said(app: App) -> None:
    page = app.page
    await record_measurements(app, "body-weight", [(1, 80)])
    await page.goto("/progress/body/body-weight")
    await page.get_by_role("button", name=re.compile("^80 kg")).click(timeout=SOON)
    await page.get_by_role("button", name="Correct", exact=True).click()
    await form(app).get_by_label("Notes").fill("at noon")
    await is_kept(app, "form:measurement:")
    await app.reload()
    # A later value of the same measurement stays: only what was typed is put back.
    (row,) = (await app.on_server("/athletes/me/measurements"))["items"]
    async with app.api() as client:
        changed = await client.patch(f"/athletes/me/measurements/{row['id']}", json={"measured_value": 82, "unit": "kg"})
        assert changed.status_code == 200
    await page.get_by_role("button", name=re.compile("^82 kg")).click(timeout=SOON)
    await page.get_by_role("button", name="Correct", exact=True).click()
    await expect(form(app).get_by_label("Notes")).to_have_value("at noon")
    await expect(form(app).get_by_label("Value (kg)", exact=True)).to_have_value("82")
    await form(app).get_by_role("button", name="Discard").click()
    await expect(form(app).get_by_label("Notes")).to_have_value("")
    await expect(form(app).get_by_text(KEPT)).to_be_hidden()
    await is_kept(app, "form:", kept=False)


async def test_a_goal_that_was_being_typed_is_there_again(app: App) -> None:
    page = app.page
    await page.goto("/progress/goals")
    make = page.get_by_role("button", name="Set a goal")
    await make.click()
    await form(app).get_by_label("What was measured").select_option(label="Waist")
    await form(app).get_by_label("Target (cm)", exact=True).fill("85", timeout=SOON)
    await form(app).get_by_label("Notes").fill("by summer")
    await form(app).get_by_label("Target day").fill(str(days_ago(-100)))
    await is_kept(app, "form:goal:")
    await app.reload()
    await make.click()
    await expect(form(app).get_by_label("Notes")).to_have_value("by summer")
    await expect(form(app).get_by_label("What was measured").locator("option:checked")).to_have_text("Waist")
    await expect(form(app).get_by_label("Target (cm)", exact=True)).to_have_value("85")
    await expect(form(app).get_by_label("Target day")).to_have_value(str(days_ago(-100)))
    await form(app).get_by_role("button", name="Save").click()
    await expect(form(app)).to_be_hidden()
    await is_kept(app, "form:", kept=False)
    # A change of it is kept too, and kept apart from a new one.
    await page.get_by_role("link", name=re.compile("^Waist")).click()
    await page.get_by_role("button", name="Change this goal").click()
    await form(app).get_by_label("Notes").fill("by autumn")
    await is_kept(app, "form:goal:")
    await app.reload()
    await page.get_by_role("button", name="Change this goal").click()
    await expect(form(app).get_by_label("Notes")).to_have_value("by autumn")
    await expect(form(app).get_by_label("Target (cm)", exact=True)).to_have_value("85")
    await form(app).get_by_role("button", name="Save").click()
    await expect(page.get_by_text("by autumn")).to_be_visible()
    await app.saved()
    (goal,) = (await app.on_server("/athletes/me/goals"))["items"]
    assert (goal["goal_notes"], goal["target_value"], goal["target_unit"]) == ("by autumn", 85, "cm")


async def test_a_comment_that_was_being_reworded_is_there_again(app: App) -> None:
    (session,) = await record_workouts(app, BENCH, [(1, 1, 7)])
    await app.page.goto(f"/history/{session}")
    await app.page.get_by_role("textbox", name="Write about this workout").fill("my knee", timeout=SOON)
    await app.page.get_by_role("button", name="Send", exact=True).click()
    await app.page.get_by_role("button", name="Change: my knee").click()
    field = app.page.get_by_role("textbox", name="In other words")
    await field.fill("my left knee")
    await is_kept(app, "rewording:")
    await app.reload()
    await expect(field).to_have_value("my left knee", timeout=SOON)
    await app.page.get_by_role("button", name="Save", exact=True).click()
    await expect(app.page.locator("li").get_by_text("my left knee")).to_be_visible()
    await is_kept(app, "rewording:", kept=False)


async def test_what_is_said_at_the_end_of_a_workout_is_there_again(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    finish = app.page.get_by_role("button", name="Finish", exact=True)
    await finish.click()
    await form(app).get_by_role("slider").first.fill("8")
    await form(app).get_by_label("Notes").fill("felt heavy")
    await is_kept(app, "finish:")
    await app.page.keyboard.press("Escape")
    await expect(form(app)).to_be_hidden()
    await app.reload()
    await finish.click()
    await expect(form(app).get_by_label("Notes")).to_have_value("felt heavy")
    await expect(form(app).get_by_role("slider").first).to_have_value("8")
    await form(app).get_by_role("button", name="Save workout").click()
    await expect(app.page.get_by_role("button", name="Save workout")).to_be_hidden()
    await app.page.goto("/")
    await app.saved()
    (session,) = await app.sessions()
    assert (session["effort_rating"], session["session_notes"]) == (8, "felt heavy")


async def test_corrections_of_a_workout_that_were_being_typed_are_there_again(app: App) -> None:
    (session,) = await record_workouts(app, BENCH, [(1, 1, 7)])
    page = app.page
    await page.goto(f"/history/{session}")
    for button, label, typed in (("Edit set 1", "Notes", "paused"), ("Edit times", "Notes", "tired")):
        press = page.get_by_role("button", name=re.compile(f"^{button}"))
        await press.first.click(timeout=SOON)
        await form(app).get_by_label(label).fill(typed)
        await is_kept(app, "form:")
        await app.reload()
        await press.first.click(timeout=SOON)
        await expect(form(app).get_by_label(label)).to_have_value(typed)
        await form(app).get_by_role("button", name=re.compile("^Save")).click()
        await expect(form(app)).to_be_hidden()
        await is_kept(app, "form:", kept=False)
    await app.saved()
    stands = await app.on_server(f"/athletes/me/sessions/{session}")
    assert (stands["session_notes"], stands["performances"][0]["sets"][0]["notes"]) == ("tired", "paused")


async def test_a_weight_that_was_being_typed_is_there_again(app: App) -> None:
    page = app.page
    await page.get_by_role("button", name="Enter", exact=True).click()
    await page.get_by_label("Body weight (kg)", exact=True).fill("81.4")
    await is_kept(app, "form:weight")
    await app.reload()
    await expect(page.get_by_label("Body weight (kg)", exact=True)).to_have_value("81.4")
    await page.get_by_role("button", name="Cancel", exact=True).click()
    await is_kept(app, "form:", kept=False)
    await app.reload()
    await expect(page.get_by_role("button", name="Enter", exact=True)).to_be_visible()
    await expect(page.get_by_label("Body weight (kg)", exact=True)).to_be_hidden()


async def test_what_a_coach_is_typing_is_there_again(open_app: NewApp) -> None:
    carl = await open_app(**DESK)
    await carl.register("Carl")
    ann = await somebody(carl, "Ann")
    await ann.let_in(carl.email, "training:read")
    session = await ann.train("Bench+Press+(Barbell)", 5, 60)
    await carl.page.goto(f"/coach/{ann.user_id}/sessions/{session}")
    field = carl.page.get_by_role("textbox", name="Write about this workout")
    await field.fill("deeper next time", timeout=SOON)
    await is_kept(carl, "saying:")
    await carl.reload()
    await expect(field).to_have_value("deeper next time", timeout=SOON)
    await carl.page.get_by_role("button", name="Send", exact=True).click()
    await expect(carl.page.locator("li").get_by_text("deeper next time")).to_be_visible()
    await is_kept(carl, "saying:", kept=False)
    said = await ann.call("GET", f"/athletes/me/sessions/{session}/comments")
    assert [each["comment_text"] for each in said["items"]] == ["deeper next time"]


# --- Two devices, and one of them says more --------------------------------------------------------------------------


async def test_a_conflict_is_about_what_this_device_said_last(app: App, open_app: NewApp) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.finish()
    await app.saved()
    [session] = await app.sessions()
    other = await open_app()
    await other.sign_in(app.email)
    for device in (app, other):
        await device.page.goto(f"/history/{session['id']}")
    await in_conflict(app, other, 6, 7)
    await other.page.go_back()
    await edit_set(other, 8)
    await other.page.goto("/waiting")
    card = other.page.get_by_role("region", name=f"{BENCH}: 60 kg {X} 8")
    await expect(card.get_by_text(f"{BENCH}: 60 kg {X} 6")).to_be_visible(timeout=SOON)
    await expect(other.page.get_by_text("Changed on two devices")).to_have_count(1)
    # Nothing of it was sent before the athlete decided.
    assert counted(await app.sessions()) == [("COMPLETED", [(6, 60)])]
    await card.get_by_role("button", name="Keep this one").click()
    assert await settled(other) == [("COMPLETED", [(8, 60)])]


# --- A day in the history --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("device", [{}, DESK], ids=["phone", "desk"])
async def test_an_address_leads_to_a_day(open_app: NewApp, device: dict[str, Any]) -> None:
    app = await open_app(**device)
    await app.register()
    page = app.page
    await record_workouts(app, BENCH, [(70, 1, 7), (0, 1, 7)])
    on = days_ago(70)
    await page.goto(f"/history?day={on}")
    await expect(page.get_by_role("heading", name=f"{on:%B %Y}")).to_be_visible()
    await page.get_by_role("link", name="Day 70").click(timeout=SOON)
    await page.wait_for_url("**/history/*")
    await page.go_back()
    await expect(page.get_by_role("link", name="Day 70")).to_be_visible()
    # Another day of the month stands in the address, and is there again after a reload.
    other = on.replace(day=2 if on.day != 2 else 3)
    await page.get_by_role("button", name=re.compile(rf"^\w+ {other.day} {other:%B}")).click()
    await expect(page.get_by_text("No workout on this day.")).to_be_visible()
    await expect(page.get_by_text("comes in by an import")).to_be_visible()
    await app.reload()
    assert page.url.endswith(f"/history?day={other}")
    await expect(page.get_by_role("heading", name=f"{on:%B %Y}")).to_be_visible()
    await expect(page.get_by_text("No workout on this day.")).to_be_visible()
    # An address that asks for no day is the history as it was.
    await page.goto("/history?day=2026-02-31")
    await expect(page.get_by_role("link", name="Day 70")).to_be_visible(timeout=SOON)
    await expect(page.get_by_role("button", name="List", exact=True)).to_have_attribute("aria-pressed", "true")


async def test_a_day_of_the_year_leads_to_the_history_and_back(app: App) -> None:
    page = app.page
    await record_workouts(app, BENCH, [(0, 1, 7)])
    today = days_ago(0)
    await page.goto("/progress/year")
    cell = page.locator(f"#on-{today.replace(day=1, month=1)}")
    await expect(page.locator(f"#on-{today}")).to_have_attribute("aria-label", re.compile("1 workout"), timeout=SOON)
    await cell.click()
    await page.get_by_role("link", name="See it in the history").click()
    await expect(page.get_by_role("heading", name=f"January {today.year}")).to_be_visible()
    await page.go_back()
    await expect(cell).to_have_attribute("aria-selected", "true", timeout=SOON)
    await expect(page.get_by_role("link", name="See it in the history")).to_be_visible()


async def test_a_session_says_when_it_stands_in_the_history(app: App) -> None:
    (made,) = await record_workouts(app, BENCH, [(3, 1, 7)])
    whole = await app.on_server(f"/athletes/me/sessions/{made}")
    (line,) = (await app.on_server("/athletes/me/sessions"))["items"]
    assert whole["history_at"] == line["history_at"] == whole["started_at"]


# --- A server that is slow -------------------------------------------------------------------------------------------


async def _never(_: Route) -> None:
    """No answer, ever."""


async def test_a_draft_of_a_program_waits_for_no_server(open_app: NewApp) -> None:
    app = await open_app(**DESK)
    await app.register()
    page = app.page
    await page.goto("/programs")
    builtin = (await app.on_server("/programs?limit=1"))["items"][0]["id"]
    async with app.api() as client:
        copied = await client.post(f"/programs/{builtin}/copy", json={})
        assert copied.status_code == 201, copied.text
        program = copied.json()["id"]
    await page.goto(f"/programs/{program}/edit")
    name = page.get_by_label("Name of the program")
    await name.fill("Half written", timeout=SOON)
    await expect(page.get_by_text("What you wrote is kept on this device")).to_be_visible()
    await page.route(f"**/programs/{program}", _never)
    await app.reload()
    await expect(name).to_have_value("Half written", timeout=SOON)


async def test_a_screen_says_that_the_server_is_slow_and_asks_again(app: App) -> None:
    page = app.page
    asked: list[str] = []

    async def slow(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            await route.continue_()

    await page.route("**/api/v1/programs?**", slow)
    await page.goto("/programs")
    await expect(page.get_by_text("The server is slow to answer")).to_be_visible(timeout=SOON)
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator("a[href^='/programs/']").nth(1)).to_be_visible(timeout=SOON)
    await expect(page.get_by_text("The server is slow to answer")).to_have_count(0)
    assert len(asked) == 2


# --- What is said at the foot of the screen --------------------------------------------------------------------------

# What a screen reader says: a message that comes into a place which is listened to.
LISTEN = """() => {
    window.heard = [];
    const inside = (node) => [...(node.matches('.toast') ? [node] : []), ...node.querySelectorAll('.toast')];
    const toasts = (node) => (node.nodeType === 1 ? inside(node) : []);
    new MutationObserver((all) => {
        for (const each of all.flatMap(({ addedNodes }) => [...addedNodes].flatMap(toasts)))
            if (each.closest('[aria-live]').getAttribute('aria-live') !== 'off') window.heard.push(each.textContent);
    }).observe(document.body, { subtree: true, childList: true });
}"""


async def test_a_message_lies_above_a_dialog_and_is_said_once(app: App) -> None:
    page = app.page
    await record_measurements(app, "body-weight", [(1, 80)])
    await page.goto("/progress/body/body-weight")
    await page.get_by_role("button", name=re.compile("^80 kg")).click(timeout=SOON)
    await page.get_by_role("button", name="Correct", exact=True).click()
    await page.evaluate(LISTEN)
    await form(app).get_by_label("Notes").fill("at noon")
    await form(app).get_by_role("button", name="Save").click()
    await expect(page.locator(".toast")).to_be_visible()
    await page.get_by_role("button", name=re.compile("^80 kg")).click()
    undo = form(app).get_by_role("button", name="Undo")
    await expect(undo).to_be_visible()
    # What lies under the middle of the button is the button, and nothing of the dialog.
    assert await undo.evaluate(
        """(each) => {
            const { left, top, width, height } = each.getBoundingClientRect();
            return document.elementFromPoint(left + width / 2, top + height / 2) === each;
        }"""
    )
    heard = await page.evaluate("window.heard")
    assert len(heard) == 1, heard
    await undo.click()
    await expect(form(app).get_by_text("at noon", exact=True)).to_be_hidden()
