"""Measurements and goals: entered without a server and counted once there; their numbers are the server's."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from browsing import DESK, App, NewApp
from playwright.async_api import Locator, expect
from recording import days_ago, record_measurements, record_workouts, said

SOON = 30_000
MINUS = "\N{MINUS SIGN}"
# Five weeks on the way down, a little up and down by the day.
WEIGHTS = [(ago, round(80 + ago * 0.05 + (0.3 if ago % 2 else -0.2), 2)) for ago in range(35, -1, -1)]


@asynccontextmanager
async def without_server(app: App) -> AsyncIterator[None]:
    """What is done while the server is down; then it is there again and has everything."""
    app.site.kill()
    try:
        yield
    finally:
        app.site.start()
    await app.reload()
    await app.saved()


async def _enter(
    app: App, value: str, metric: str | None = None, unit: str | None = None, opener: str = "Enter a measurement"
) -> Locator:
    await app.page.get_by_role("button", name=opener).click()
    dialog = app.page.get_by_role("dialog")
    if metric:
        await dialog.get_by_label("What was measured").select_option(label=metric)
    field = dialog.get_by_role("textbox", name=re.compile(r"^Value"))
    await expect(field).to_be_visible()
    if unit:
        await dialog.get_by_role("radio", name=unit, exact=True).check(force=True)
        await expect(dialog.get_by_label(f"Value ({unit})", exact=True)).to_be_visible()
    await field.fill(value)
    return dialog


async def _save(dialog: Locator) -> None:
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()


async def _measurements(app: App) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await app.on_server("/athletes/me/measurements?limit=200"))["items"]
    return items


async def test_measurements_are_entered_without_a_server(app: App) -> None:
    await app.page.goto("/progress/body")
    await expect(app.page.get_by_role("heading", name="Nothing measured yet")).to_be_visible(timeout=SOON)
    async with without_server(app):
        await _save(await _enter(app, "81.5", "Body Weight"))
        weight = app.page.get_by_role("link", name=re.compile("^Body Weight"))
        await expect(weight).to_contain_text("81.5 kg")
        await expect(weight).to_contain_text("on this device")
        await _save(await _enter(app, "34", "Waist", "in"))
        await expect(app.page.get_by_role("link", name=re.compile("^Waist"))).to_contain_text("34 in")
        await app.reload()
        await expect(weight).to_contain_text("81.5 kg")
    there = await _measurements(app)
    assert sorted((each["metric"], each["measured_value"], each["unit"]) for each in there) == [
        ("body-weight", 81.5, "kg"),
        ("waist", 34, "[in_i]"),
    ]
    here = await app.on_device("user_measurement")
    assert sorted((each["id"], each["version"]) for each in here) == sorted((each["id"], each["version"]) for each in there)


async def test_a_measurement_is_corrected_deleted_and_brought_back(open_app: NewApp) -> None:
    app = await open_app(**DESK)
    await app.register()
    await record_measurements(app, "body-weight", [(1, 80)])
    await app.page.goto("/progress/body/body-weight")
    await expect(app.page.get_by_role("heading", name="Body Weight", level=1)).to_be_visible(timeout=SOON)
    # Nobody weighs this: it is asked about, and kept where it is right.
    dialog = await _enter(app, "8", opener="Enter one")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("8 kg is unusual")
    await dialog.get_by_role("textbox", name="Value (kg)").fill("82")
    await dialog.get_by_role("button", name="It is right, save it").click()
    await expect(dialog).to_be_hidden()
    entry = app.page.get_by_role("button", name=re.compile("^82 kg"))
    await entry.click()
    await app.page.get_by_role("button", name="Correct", exact=True).click()
    dialog = app.page.get_by_role("dialog", name="Correct: Body Weight")
    await dialog.get_by_label("Notes").fill("after lunch")
    await _save(dialog)
    entry = app.page.get_by_role("button", name=re.compile("^82 kg after lunch"))
    await app.page.get_by_role("button", name="Undo").last.click()
    await expect(entry).to_be_hidden()
    await app.page.get_by_role("button", name=re.compile("^82 kg")).click()
    await app.page.get_by_role("button", name="Correct", exact=True).click()
    await app.page.get_by_role("dialog").get_by_label("Notes").fill("after lunch")
    await _save(app.page.get_by_role("dialog"))
    await app.saved()
    await entry.click()
    dialog = app.page.get_by_role("dialog")
    await expect(dialog.get_by_text("You entered 82 kg")).to_be_visible(timeout=SOON)
    await expect(dialog.get_by_text("You changed Notes").first).to_be_visible()
    await dialog.get_by_role("button", name="Go back to: entered 82 kg").click()
    await expect(dialog.get_by_text("after lunch")).to_be_hidden(timeout=SOON)
    entry = app.page.get_by_role("button", name=re.compile("^82 kg"))
    await dialog.get_by_role("button", name="Delete").click()
    await expect(entry).to_be_hidden()
    await app.page.get_by_role("button", name="Undo").last.click()
    await expect(entry).to_be_visible()
    await app.saved()
    assert sorted(each["measured_value"] for each in await _measurements(app)) == [80, 82]
    await entry.click()
    await app.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(entry).to_be_hidden()
    await expect(app.page.get_by_role("button", name="Undo")).to_have_count(0, timeout=SOON)
    await app.saved()
    assert [each["measured_value"] for each in await _measurements(app)] == [80]


async def test_a_series_is_the_servers_in_the_unit_that_is_chosen(app: App) -> None:
    await record_measurements(app, "body-weight", WEIGHTS)
    await app.page.goto("/progress/body/body-weight")
    for name, code in (("kg", "kg"), ("lb", "%5Blb_av%5D")):
        await app.page.get_by_role("radio", name=name, exact=True).check(force=True, timeout=SOON)
        told = await app.on_server(f"/athletes/me/progress/measurements/body-weight?from={days_ago(83)}&unit={code}")
        facts = app.page.locator("dl dd")
        await expect(facts.first).to_have_text(f"{said(told['points'][-1]['trend'], 2)} {name}", timeout=SOON)
        await expect(facts.nth(1)).to_have_text(f"down {said(-told['rate_per_week'], 2)} {name} a week")
        await expect(facts.last).to_have_text(f"{MINUS}{said(-told['change_since_start'], 2)} {name}")
    chart = app.page.get_by_role("slider", name="Along the chart: Body Weight")
    await chart.press("Home")
    first = told["points"][0]
    await expect(chart).to_have_attribute(
        "aria-valuetext", re.compile(rf"Measured \(lb\) {said(first['value'], 2)}.*, Trend {said(first['trend'], 2)}")
    )


async def test_body_composition_names_its_methods(app: App) -> None:
    await record_measurements(app, "body-weight", [(0, 80)])
    await record_measurements(app, "height", [(0, 180)], "cm")
    await record_measurements(app, "body-fat", [(0, 20)], "%")
    await app.page.goto("/progress/body")
    lean = app.page.locator("details", has=app.page.locator("summary", has_text="Lean mass"))
    await expect(lean.locator("strong")).to_have_text("64 kg", timeout=SOON)
    await expect(app.page.locator("summary", has_text="Body mass index").locator("strong")).to_have_text("24.7 kg/m²")
    await lean.locator("summary").click()
    await expect(lean.get_by_text("Method: weight x (1 - body fat)")).to_be_visible()
    await expect(lean.get_by_role("link", name="Body Fat")).to_be_visible()
    await expect(app.page.get_by_text("formula for women: not measured: Waist, Hip, Neck")).to_be_visible()
    await app.page.get_by_label("Formula for circumferences").select_option(label="For men")
    await expect(app.page.get_by_text("formula for women")).to_be_hidden()


async def _goals(app: App) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await app.on_server("/athletes/me/goals"))["items"]
    return items


async def test_goals_are_set_changed_and_deleted_without_a_server(app: App) -> None:
    await record_measurements(app, "body-weight", WEIGHTS)
    await app.page.goto("/progress/body/body-weight")
    await expect(app.page.get_by_role("button", name=re.compile(f"^{said(WEIGHTS[-1][1], 2)} kg"))).to_be_visible(timeout=SOON)
    by = days_ago(0) + timedelta(weeks=12)
    goal = app.page.get_by_role("link", name=re.compile("^Body Weight"))
    async with without_server(app):
        await app.page.get_by_role("link", name="Set a goal").click()
        dialog = app.page.get_by_role("dialog", name="Set a goal")
        await expect(dialog.get_by_text(f"Now: {said(WEIGHTS[-1][1], 2)} kg")).to_be_visible()
        await dialog.get_by_label("Target (kg)", exact=True).fill("78")
        await _save(dialog)
        await expect(goal).to_contain_text("78 kg by")
        await expect(goal).to_contain_text("on this device")
        await goal.click()
        await app.page.get_by_role("button", name="Change this goal").click()
        dialog = app.page.get_by_role("dialog")
        await dialog.get_by_label("Target (kg)", exact=True).fill("77.5")
        await dialog.get_by_label("Notes").fill("no hurry")
        await _save(dialog)
        await expect(app.page.get_by_text("How it stands comes from the server")).to_be_visible()
    [there] = await _goals(app)
    assert (there["metric"], float(there["target_value"]), there["target_date"], there["goal_notes"]) == (
        "body-weight",
        77.5,
        str(by),
        "no hurry",
    )
    assert [each["id"] for each in await app.on_device("user_goal")] == [there["id"]]
    await expect(app.page.get_by_text(f"{said(there['current_value'], 1)} kg now")).to_be_visible(timeout=SOON)
    await app.page.get_by_role("button", name="Delete goal").click()
    await app.page.get_by_role("button", name="Undo").last.click()
    await expect(goal).to_be_visible()
    await app.saved()
    assert len(await _goals(app)) == 1
    await goal.click()
    await app.page.get_by_role("button", name="Delete goal").click()
    await expect(app.page.get_by_role("heading", name="No goals yet")).to_be_visible()
    await expect(app.page.get_by_role("button", name="Undo")).to_have_count(0, timeout=SOON)
    await app.saved()
    assert await _goals(app) == []


async def test_a_forecast_is_the_servers(open_app: NewApp) -> None:
    app = await open_app(**DESK)
    await app.register()
    await record_measurements(app, "body-weight", WEIGHTS)
    await app.page.goto("/progress/goals?metric=body-weight")
    dialog = app.page.get_by_role("dialog", name="Set a goal")
    await dialog.get_by_label("Target (kg)", exact=True).fill("79.6", timeout=SOON)
    await _save(dialog)
    await app.saved()
    [goal] = await _goals(app)
    told = await app.on_server(f"/athletes/me/progress/forecast?goal_id={goal['id']}")
    await app.page.get_by_role("link", name=re.compile("^Body Weight")).click()
    chance = told["chance"]
    percent = "> 99 %" if chance > 0.99 else "< 1 %" if chance < 0.01 else f"{said(chance * 100, 0)} %"
    await expect(app.page.locator("strong.big")).to_have_text(percent, timeout=SOON)
    last = told["points"][-1]
    chart = app.page.get_by_role("slider", name=re.compile("^Along the chart: Body Weight"))
    await chart.press("End")
    await expect(chart).to_have_attribute(
        "aria-valuetext",
        re.compile(f"Forecast {said(last['value'], 1)}, 80 % range {said(last['low'], 1)}.{said(last['high'], 1)}, Target 79.6"),
    )
    expected = told["at_date"]
    await expect(app.page.get_by_text(re.compile(f"^Expected on .*: {said(expected['value'], 1)} kg"))).to_be_visible()


async def test_a_goal_for_a_lift(app: App) -> None:
    exercise = "Bench Press (Barbell)"
    await record_workouts(app, exercise, [(3, 1, 7)])
    await app.page.goto("/progress/goals")
    await app.page.get_by_role("button", name="Set a goal").click(timeout=SOON)
    dialog = app.page.get_by_role("dialog", name="Set a goal")
    await dialog.get_by_role("radio", name="A lift").check(force=True)
    await dialog.get_by_label("Exercise").select_option(label=exercise)
    await dialog.get_by_label("Target (kg)", exact=True).fill("100")
    await _save(dialog)
    await app.saved()
    [goal] = await _goals(app)
    assert (goal["name"], float(goal["target_value"])) == (exercise, 100)
    card = app.page.get_by_role("link", name=re.compile("^Bench Press"))
    await expect(card).to_contain_text(f"{said(goal['current_value'], 1)} kg now", timeout=SOON)
    await card.click()
    await expect(app.page.get_by_text(re.compile("^No forecast: a forecast needs values of at least"))).to_be_visible(timeout=SOON)
