"""Taking everything along, deleting the account, and what a device sees whose account was deleted elsewhere; names of an import."""

import asyncio
import io
import json
import zipfile
from pathlib import Path

import pytest
from browsing import DESK, App, eventually
from playwright.async_api import Download, FilePayload, expect

from conftest import NewApp
from helpers import PASSWORD

SLOW = 60_000
NAMES = """Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE
2024-03-04 18:00:00,"Monday",1h,"My barbell bench press thing",1,60.0,5,0,0,"","",
2024-03-04 18:00:00,"Monday",1h,"Donaudampfschifffahrtsgesellschaftskapitänsübung rückwärts im Sitzen",1,20.0,12,0,0,"","",
"""


async def _open(app: App) -> None:
    await app.page.goto("/settings")
    await app.page.locator("summary", has_text="Your data").click()


async def _delete(app: App) -> None:
    await _open(app)
    await app.page.get_by_role("button", name="Delete my account").click()
    dialog = app.page.get_by_role("dialog", name="Delete the account")
    yes = dialog.get_by_role("button", name="Delete everything")
    await expect(yes).to_be_disabled()
    await dialog.get_by_label("Password").fill("something else")
    await dialog.get_by_label("Type DELETE to confirm").fill("delete")
    await yes.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("is not your password", timeout=SLOW)
    await dialog.get_by_label("Password").fill(PASSWORD)
    await yes.click()
    await expect(app.page.get_by_role("heading", name="This account is deleted")).to_be_visible(timeout=SLOW)


async def _read(download: Download) -> bytes:
    return await asyncio.to_thread(Path(await download.path()).read_bytes)


async def _stores(app: App) -> list[str]:
    found: list[str] = await app.page.evaluate("async () => (await indexedDB.databases()).map((each) => each.name)")
    return [name for name in found if name.startswith("reptrail-")]


async def test_everything_comes_along_and_into_another_account(open_app: NewApp) -> None:
    app = await open_app(**DESK)
    await app.register()
    await app.start_empty()
    await app.add_exercise("Bench Press (Barbell)")
    await app.log(5, 62.5)
    await app.finish()
    await app.page.goto("/settings")
    await app.saved()
    await app.page.locator("summary", has_text="Your data").click()
    async with app.page.expect_download() as saving:
        await app.page.get_by_role("link", name="Download everything").click()
    download = await saving.value
    assert download.suggested_filename.startswith("reptrail-export-20")
    data = await _read(download)
    assert b"62.5" in zipfile.ZipFile(io.BytesIO(data)).read("csv/sets.csv")

    other = await open_app()
    await other.register("Zoë")
    await other.page.goto("/import")
    file: FilePayload = {"name": "reptrail-export.zip", "mimeType": "application/zip", "buffer": data}
    await other.page.get_by_label("Choose a file").set_input_files(file)
    preview = other.page.get_by_role("region", name="What would come in")
    await expect(preview).to_contain_text("A Reptrail file.", timeout=SLOW)
    await preview.get_by_role("button", name="Import it").click()
    await expect(other.page.get_by_text("Imported: 1 workout, 1 set, 0 measurements.", exact=True)).to_be_visible(timeout=SLOW)


async def test_an_account_is_deleted_with_a_receipt(app: App) -> None:
    await _delete(app)
    receipt = app.page.get_by_role("region", name="Receipt")
    await expect(receipt).to_contain_text("rows")
    async with app.page.expect_download() as saving:
        await receipt.get_by_role("button", name="Save the receipt").click()
    kept = json.loads(await _read(await saving.value))
    assert kept["counts"]["app_user"] == 1
    await eventually(lambda: _stores(app), [])
    await app.page.get_by_role("button", name="To the first page").click()
    await expect(app.page.get_by_role("button", name="Sign in")).to_be_visible()
    await app.page.reload()
    await expect(app.page.get_by_role("button", name="Sign in")).to_be_visible()


async def test_a_device_elsewhere_says_so_and_gives_back_what_waited(open_app: NewApp) -> None:
    phone, desk = await open_app(), await open_app(**DESK)
    await phone.register()
    await desk.sign_in(phone.email)
    await phone.page.context.set_offline(True)
    await phone.start_empty()
    await phone.add_exercise("Bench Press (Barbell)")
    await phone.log(7, 71.5)
    await _delete(desk)
    await phone.page.context.set_offline(False)
    await expect(phone.page.get_by_role("heading", name="This account is deleted")).to_be_visible(timeout=SLOW)
    await expect(phone.page.get_by_text("was deleted on another device")).to_be_visible()
    async with phone.page.expect_download() as saving:
        await phone.page.get_by_role("button", name="Save what was not sent").click()
    waited = json.loads(await _read(await saving.value))
    assert [each["fields"]["reps"] for each in waited if each["table"] == "user_set_performance"] == [7]
    await phone.page.get_by_role("button", name="Forget everything on this device").click()
    await expect(phone.page.get_by_role("button", name="Sign in")).to_be_visible()
    await eventually(lambda: _stores(phone), [])


@pytest.mark.parametrize("width", [360, 1280])
async def test_what_a_name_means_is_said_once(open_app: NewApp, width: int) -> None:
    app = await open_app(viewport={"width": width, "height": 800})
    await app.register()
    page = app.page
    await page.goto("/import")
    await page.get_by_label("Weights without a unit are in").select_option("kg")
    file: FilePayload = {"name": "strong.csv", "mimeType": "text/csv", "buffer": NAMES.encode()}
    await page.get_by_label("Choose a file").set_input_files(file)
    names = page.get_by_role("region", name="Names in the file")
    await expect(names.get_by_role("heading")).to_contain_text("2 exercises become your own", timeout=SLOW)
    await expect(names.get_by_role("button", name="My barbell bench press thing is Bench Press (Barbell)")).to_be_visible(
        timeout=SLOW
    )
    await names.get_by_role("button", name="My barbell bench press thing is Bench Press (Barbell)").click()
    await expect(names.get_by_role("heading")).to_contain_text("1 exercise becomes your own", timeout=SLOW)
    await names.get_by_role("button", name="Search what Donau").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name of the exercise").fill("squat barb")
    await dialog.get_by_role("button", name="Squat (Barbell)").first.click()
    await expect(names.get_by_role("heading")).to_have_text("Names in the file", timeout=SLOW)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_role("button", name="Import it").click()
    await expect(page.get_by_text("2 sets, 0 measurements.")).to_be_visible(timeout=SLOW)
    # Asked again, the server knows.
    later = NAMES.replace("2024-03-04", "2024-03-11")
    await page.get_by_label("Choose a file").set_input_files({**file, "buffer": later.encode()})
    preview = page.get_by_role("region", name="What would come in")
    await expect(preview.get_by_role("button", name="Import it")).to_be_visible(timeout=SLOW)
    await expect(names).to_have_count(0)
