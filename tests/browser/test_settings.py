"""What only the server knows, from the app: programs, imports, equipment, tokens, devices, feeds."""

import httpx
from browsing import App, eventually
from playwright.async_api import FilePayload, expect

from conftest import NewApp
from helpers import PASSWORD

SLOW = 30_000
STRONG = """Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE
2024-03-04 18:00:00,"Monday",1h,"Bench Press (Barbell)",1,60.0,5,0,0,"","",
2024-03-04 18:00:00,"Monday",1h,"Bench Press (Barbell)",2,62.5,5,0,0,"","",8
2024-03-04 18:00:00,"Monday",1h,"Wobbly Press",1,20.0,ten,0,0,"","",
2024-03-06 18:00:00,"Wednesday",1h,"Wobbly Press",1,20.0,12,0,0,"","",
"""
FILE: FilePayload = {"name": "strong.csv", "mimeType": "text/csv", "buffer": STRONG.encode()}


async def _open(app: App, fold: str) -> None:
    await app.page.goto("/settings")
    await app.page.locator("summary", has_text=fold).click()


async def _get(address: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=30) as client:
        return await client.get(address)


async def _sessions(app: App) -> int:
    return len(await app.on_device("user_workout_session"))


async def test_a_file_is_looked_at_then_imported_then_undone(app: App) -> None:
    page = app.page
    await page.get_by_role("link", name="Import my history").click()
    await page.get_by_label("Weights without a unit are in").select_option("kg")
    await page.get_by_label("Choose a file").set_input_files(FILE)
    preview = page.get_by_role("region", name="What would come in")
    await expect(preview).to_contain_text("A Strong file. Nothing is kept yet.")
    await expect(preview.locator("dl")).to_contain_text("new of 2")
    await expect(preview).to_contain_text("1 exercise becomes your own")
    await expect(preview).to_contain_text("Line 4,")
    await preview.get_by_text("1 exercise becomes your own").click()
    await expect(preview.get_by_text("Wobbly Press", exact=True)).to_be_visible()
    assert (await app.on_server("/athletes/me/sessions"))["items"] == []

    await preview.get_by_role("button", name="Import it").click()
    await expect(page.get_by_text("Imported: 2 workouts, 3 sets, 0 measurements.")).to_be_visible(timeout=SLOW)
    await page.get_by_role("link", name="History", exact=True).click()
    await expect(page.get_by_text("Wednesday").first).to_be_visible(timeout=SLOW)

    await page.goto("/import")
    await page.get_by_role("button", name="Undo the import of strong.csv").click()
    await page.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    await expect(page.get_by_text("undone", exact=True)).to_be_visible(timeout=SLOW)
    assert (await app.on_server("/athletes/me/sessions"))["items"] == []


async def test_a_file_without_a_unit_is_asked_for_it_and_read_again(app: App) -> None:
    page = app.page
    await page.goto("/import")
    await page.get_by_label("Choose a file").set_input_files(FILE)
    alert = page.get_by_role("alert")
    await expect(alert).to_have_text(
        "The file does not say whether its weights are kg or lb. Choose the unit you logged in above, and it is read again."
    )
    await expect(page.get_by_label("Weights without a unit are in")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Weights without a unit are in").select_option("lb")
    await expect(page.get_by_role("region", name="What would come in")).to_contain_text("A Strong file. Nothing is kept yet.")
    await expect(alert).to_have_count(0)


async def test_a_screen_that_is_left_asks_for_nothing_of_the_next(app: App) -> None:
    page = app.page
    await page.goto("/programs")
    await page.locator("a.program").first.click()
    await expect(page.get_by_role("button", name="Start this program")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for screen in ("Today", "History", "Programs"):
        tab = page.get_by_role("navigation", name="Main").get_by_role("link", name=screen, exact=True)
        await tab.click()
        await expect(tab).to_have_attribute("aria-current", "page")
        await page.wait_for_load_state("networkidle")
    await expect(page.locator("a.program").first).to_be_visible()
    assert [each for each in asked if "%7B" in each or "undefined" in each] == []


async def test_a_file_that_is_no_export_is_refused_in_words(app: App) -> None:
    await app.page.goto("/import")
    file: FilePayload = {"name": "cats.csv", "mimeType": "text/csv", "buffer": b"cat,lives\nTom,9\n"}
    await app.page.get_by_label("Choose a file").set_input_files(file)
    await expect(app.page.get_by_role("alert")).to_be_visible()
    await expect(app.page.get_by_role("button", name="Import it")).to_have_count(0)


async def test_a_program_is_read_joined_paused_and_left(app: App) -> None:
    page = app.page
    await page.get_by_role("link", name="Choose a program").click()
    await page.get_by_label("Name of the program").fill("five by five")
    await page.get_by_role("link", name="Five by Five").first.click()
    await expect(page.get_by_role("heading", name="Day by day")).to_be_visible()
    await expect(page.get_by_text("Squat (Barbell)").first).to_be_visible()
    await page.get_by_role("button", name="Start this program").click()
    dialog = page.get_by_role("dialog")
    for name in ("Monday", "Wednesday", "Friday"):
        await dialog.get_by_label(name).uncheck()
    for name in ("Tuesday", "Thursday", "Saturday"):
        await dialog.get_by_label(name).check()
    await dialog.get_by_label("Time of day").fill("06:30")
    await dialog.get_by_role("button", name="Plan my training").click()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible(timeout=SLOW)

    (enrollment,) = (await app.on_server("/athletes/me/enrollments"))["items"]
    assert enrollment["training_weekdays"] == [2, 4, 6]
    assert enrollment["training_time"] == "06:30"
    # The whole plan comes to the device, where it is read without a server.
    await expect(page.get_by_text("The schedule ahead")).to_be_visible(timeout=SLOW)
    await eventually(lambda: _sessions(app), enrollment["session_counts"]["total"])

    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_text("paused", exact=True)).to_be_visible(timeout=SLOW)
    await page.get_by_role("button", name="Resume").click()
    await expect(page.get_by_text("under way", exact=True)).to_be_visible(timeout=SLOW)
    await page.get_by_role("button", name="Leave", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Leave", exact=True).click()
    await expect(page.get_by_text("left", exact=True)).to_be_visible(timeout=SLOW)
    (enrollment,) = (await app.on_server("/athletes/me/enrollments"))["items"]
    assert enrollment["enrollment_status"] == "CANCELLED"
    # Where it is read, too, it is not joined a second time, but begun again.
    await page.get_by_role("link", name="Five by Five").first.click()
    await expect(page.get_by_role("heading", name="Joined")).to_be_visible(timeout=SLOW)
    await expect(page.get_by_role("button", name="Start this program")).to_have_count(0)
    await page.get_by_role("button", name="Start again").click()
    await expect(page.get_by_text("under way", exact=True)).to_be_visible(timeout=SLOW)


async def test_equipment_is_said_and_comes_to_the_device(app: App) -> None:
    await _open(app, "Plates and dumbbells")
    page = app.page
    await expect(page.get_by_text("You have not said yet")).to_be_visible()
    plates = page.get_by_role("group", name="Plates, in pairs")
    await plates.get_by_label("25 kg", exact=True).uncheck()
    await plates.get_by_label("Another weight for Plates, in pairs").fill("0,75")
    await plates.get_by_role("button", name="Add to Plates, in pairs").click()
    await page.get_by_label("Bar (kg)", exact=True).fill("15")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Equipment saved")).to_be_visible()
    await app.saved()
    said = await app.on_server("/athletes/me/equipment")
    assert (said["bar_weight"], said["plates"]) == (15, [20, 15, 10, 5, 2.5, 1.25, 0.75])
    await expect(page.get_by_text("You have not said yet")).to_have_count(0)


async def test_a_token_is_shown_once_works_and_is_revoked(app: App) -> None:
    await _open(app, "API tokens")
    page = app.page
    await page.get_by_label("Name, such as My script").fill("my scale")
    await page.get_by_label("write measurements").check()
    await expect(page.get_by_label("read measurements")).to_be_checked()
    await page.get_by_role("button", name="Make a token").click()
    secret = await page.get_by_label("Your new token").input_value()

    async def ask(path: str) -> int:
        async with httpx.AsyncClient(base_url=f"{app.site.url}/api/v1", headers={"Authorization": f"Bearer {secret}"}) as client:
            return (await client.get(path)).status_code

    assert [await ask("/athletes/me/measurements"), await ask("/me")] == [200, 403]
    await page.get_by_role("button", name="I have it").click()
    await expect(page.get_by_label("Your new token")).to_have_count(0)
    assert secret not in await page.content()
    await page.get_by_role("button", name="Revoke my scale").click()
    await expect(page.get_by_role("button", name="Revoke my scale")).to_have_count(0)
    assert await ask("/athletes/me/measurements") == 401


async def test_another_device_is_signed_out(app: App) -> None:
    async with httpx.AsyncClient(base_url=f"{app.site.url}/api/v1", headers={"user-agent": "curl/8"}) as client:
        entered = (await client.post("/auth/login", json={"email": app.email, "password": PASSWORD})).json()
        headers = {"Authorization": f"Bearer {entered['access_token']}"}
        await _open(app, "Devices")
        await expect(app.page.get_by_text("this one")).to_be_visible()
        await app.page.get_by_role("button", name="Sign out: curl").click()
        await expect(app.page.get_by_role("button", name="Sign out: curl")).to_have_count(0)
        assert (await client.get("/me", headers=headers)).status_code == 401
    await app.page.goto("/history")
    await app.saved()


async def test_a_calendar_reads_a_feed_until_it_is_revoked(app: App) -> None:
    await _open(app, "Calendar feeds")
    page = app.page
    await page.get_by_label("Name, such as My phone").fill("phone")
    await page.get_by_role("button", name="Make a feed").click()
    address = await page.get_by_label("The address of your calendar feed").input_value()
    assert (await _get(address)).text.startswith("BEGIN:VCALENDAR")
    await page.get_by_role("button", name="Revoke phone").click()
    await expect(page.get_by_role("button", name="Revoke phone")).to_have_count(0)
    assert (await _get(address)).status_code == 404


async def test_without_a_server_they_say_so_and_the_rest_works(app: App) -> None:
    await app.page.context.set_offline(True)
    page = app.page
    await page.get_by_role("link", name="Settings", exact=True).click()
    for fold in ("Plates and dumbbells", "Devices", "API tokens"):
        await page.locator("summary", has_text=fold).click()
    # What can be loaded is the device's own; who is signed in and what tokens there are only the server knows.
    await expect(page.get_by_text("This needs the server")).to_have_count(2)
    await expect(page.get_by_text("You have not said yet")).to_be_visible()
    await page.get_by_label("Appearance").select_option("dark")
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    await app.page.context.set_offline(False)
    await page.get_by_role("button", name="Try again").first.click()
    await expect(page.get_by_text("This needs the server")).to_have_count(1)


async def test_units_and_zone_are_changed_on_the_server(app: App) -> None:
    await app.page.goto("/settings")
    await app.page.get_by_label("Weights in").select_option("lb")
    await app.page.get_by_label("Time zone").select_option("Asia/Tokyo")

    async def told() -> tuple[str, str]:
        me = await app.on_server("/me")
        return me["weight_unit"], me["time_zone"]

    await eventually(told, ("lb", "Asia/Tokyo"))
    await app.page.goto("/")
    await app.saved()


async def test_a_server_without_demonstration_offers_none(open_app: NewApp) -> None:
    app = await open_app()
    assert (await _get(f"{app.site.url}/api/instance")).json() == {"registration": "open", "demonstration": None}
    await app.page.goto("/")
    await expect(app.page.get_by_role("button", name="Make an account")).to_be_visible()
    await expect(app.page.get_by_role("button", name="Look around")).to_have_count(0)
