"""Load in words and the map of the year: their numbers are the server's, by finger and by keyboard, with and without a server."""

import re
from typing import Any

from browsing import DESK, App, NewApp
from playwright.async_api import expect
from recording import days_ago, record_workouts, said

BENCH = "Bench Press (Barbell)"
SOON = 30_000
# Every third day for seven weeks; how hard the last one was, nobody said.
WORKOUTS = [(ago, 1 + ago % 4, 7) for ago in range(49, 1, -3)] + [(1, 2, None)]


async def _table(app: App, name: str) -> list[list[str]]:
    """The table behind a chart, a row a list."""
    chart = app.page.locator("figure", has=app.page.get_by_role("slider", name=f"Along the chart: {name}", exact=True))
    await chart.locator("summary").click()
    rows = chart.locator("tbody tr")
    await expect(rows.first).to_be_visible()
    return [await row.locator("th, td").all_inner_texts() for row in await rows.all()]


async def test_load_says_what_the_server_says(app: App) -> None:
    await record_workouts(app, BENCH, WORKOUTS)
    await app.page.goto("/progress/load")
    told = await app.on_server(f"/athletes/me/progress/load?from={days_ago(83)}")
    await expect(app.page.get_by_text(re.compile("^1 of 17 sessions of this period have no effort rating"))).to_be_visible(
        timeout=SOON
    )
    now = told["days"][-1]
    figures = app.page.locator("dl.now dd.number")
    await expect(figures).to_have_text([said(now["acute"]), said(now["chronic"]), said(now["ratio"], 2)])
    for meaning in told["meanings"].values():
        await expect(app.page.get_by_text(meaning)).to_be_visible()
    rows = await _table(app, "Load by week")
    assert [row[1] for row in rows] == [said(week["load"]) for week in reversed(told["weeks"])]
    ratios = await _table(app, "Ratio")
    assert [row[1] for row in ratios] == [said(day["ratio"], 2) for day in reversed(told["days"]) if day["ratio"] is not None]


async def test_load_before_there_is_any(open_app: NewApp) -> None:
    app = await open_app(**DESK)
    await app.register()
    await app.page.goto("/progress/load")
    await expect(app.page.get_by_role("heading", name="No load to show yet")).to_be_visible(timeout=SOON)
    await record_workouts(app, BENCH, [(2, 1, 6)])
    await app.page.reload()
    await expect(app.page.get_by_text("Load is known for 3 days.")).to_be_visible(timeout=SOON)
    await expect(app.page.get_by_text("needs 28 days of load")).to_be_visible()


async def _totals(app: App) -> dict[str, str]:
    names = await app.page.locator("dl.card dt").all_inner_texts()
    return dict(zip(names, await app.page.locator("dl.card dd").all_inner_texts(), strict=True))


def _sum(days: list[dict[str, Any]], what: str) -> float:
    return sum(float(day[what]) for day in days)


async def test_the_year_is_gone_through_by_keyboard(open_app: NewApp) -> None:
    app = await open_app(**DESK)
    await app.register()
    ids = await record_workouts(
        app, BENCH, [(ago, sets, effort) for ago, sets, effort in WORKOUTS if days_ago(ago).year == days_ago(0).year]
    )
    await app.page.goto("/progress/year")
    await app.saved()
    days = (await app.on_server("/athletes/me/progress/calendar"))["days"]
    grid = app.page.get_by_role("grid")
    await expect(grid).to_be_visible(timeout=SOON)
    await expect(grid).to_have_attribute("aria-label", f"The days of {days_ago(0).year}: {len(days)} with training")
    if days:  # on New Year's Day there is none yet, and no sum of it
        totals = await _totals(app)
        assert totals["Workouts"] == said(_sum(days, "sessions"))
        assert totals["Sets"] == said(_sum(days, "sets"))
        assert totals["Volume"] == f"{said(_sum(days, 'volume'))} kg"
    # Yesterday is a step up from today, or over the edge of the week before.
    await grid.focus()
    await grid.press("ArrowUp")
    on = days_ago(1)
    if on.year == days_ago(0).year:
        cell = app.page.locator(f"#on-{on}")
        await expect(grid).to_have_attribute("aria-activedescendant", f"on-{on}")
        await expect(cell).to_have_attribute("aria-label", re.compile(f"{on.day} .*: 1 workout, 2 sets, 600 kg, 1 h 0 min"))
        await expect(cell).to_have_attribute("aria-selected", "true")
        await expect(app.page.get_by_role("link", name="Day 1", exact=True)).to_be_visible()
        await grid.press("Enter")
        await app.page.wait_for_url(f"**/history?day={on}")
        await expect(app.page.locator(f"a[href='/history/{ids[-1]}']")).to_be_visible()
        await app.page.go_back()
    await grid.press("Home")
    await expect(grid).to_have_attribute("aria-activedescendant", f"on-{days_ago(0).year}-01-01")


async def test_a_day_of_the_year_is_tapped_with_and_without_a_server(app: App) -> None:
    ids = await record_workouts(app, BENCH, [(1, 3, 7), (0, 1, 7)])
    await app.page.goto("/progress/year")
    today = app.page.locator(f"#on-{days_ago(0)}")
    await expect(today).to_have_attribute("aria-label", re.compile("1 workout"), timeout=SOON)
    await app.saved()
    await app.page.locator("summary", has_text="Show as table").first.click()
    await expect(app.page.locator("tbody tr").first.locator("td").first).to_have_text("1")
    app.site.kill()
    try:
        await app.reload()
        await expect(app.page.get_by_text("The server cannot be reached").first).to_be_visible(timeout=SOON)
        await expect(today).to_have_attribute("aria-label", re.compile("1 workout"))
        if days_ago(1).year == days_ago(0).year:
            await app.page.locator(f"#on-{days_ago(1)}").click()
            await app.page.get_by_role("link", name="Day 1", exact=True).click()
            await app.page.wait_for_url(f"**/history/{ids[0]}")
            await expect(app.page.get_by_role("heading", name=BENCH)).to_be_visible()
    finally:
        app.site.start()


async def test_adherence_in_words(app: App) -> None:
    await app.page.goto("/programs")
    await app.page.locator("a.program").first.click()
    await app.page.get_by_role("button", name="Start this program").click()
    await app.page.get_by_role("button", name="Plan my training").click()
    await expect(app.page.get_by_role("button", name="Pause")).to_be_visible(timeout=SOON)
    [planned] = (await app.on_server("/athletes/me/sessions?status=PLANNED&limit=1"))["items"][:1]
    await app.page.goto("/progress/year")
    # What is still to come says nothing yet.
    told = await app.on_server(f"/athletes/me/progress/adherence?from={days_ago(0).year}-01-01")
    assert told["total"]["done"] == 0
    assert planned["session_status"] == "PLANNED"
    await expect(app.page.get_by_text("Nothing was planned in this year.")).to_be_visible(timeout=SOON)
