"""Coach and athlete, each in the app on a device of their own."""

from datetime import datetime, timedelta

import pytest
from browsing import DESK, App, NewApp
from people import LONG_NAME, Other, herself, somebody
from playwright.async_api import expect

SOON = 30_000
READ = "See workouts and progress"
ASSIGN = "Assign and plan programs"
BODY = "See body measurements"
ALL = ("training:read", "training:write", "program:assign", "measurements:read")


@pytest.fixture
async def ann(open_app: NewApp) -> App:
    """An athlete, with a phone."""
    made = await open_app()
    await made.register("Ann")
    return made


@pytest.fixture
async def carl(open_app: NewApp) -> App:
    """A coach, at a desk."""
    made = await open_app(**DESK)
    await made.register("Carl")
    return made


async def invited(carl: App, message: str) -> str:
    """Carl invites somebody, for the first time; the code."""
    await carl.page.goto("/coach")
    await carl.page.get_by_role("button", name="Invite an athlete").click()
    dialog = carl.page.get_by_role("dialog", name="Invite an athlete")
    await expect(dialog.get_by_label(READ)).to_be_checked()
    await dialog.get_by_label(BODY).check()
    await dialog.get_by_label("Message (optional)").fill(message)
    await dialog.get_by_role("button", name="Make the invitation").click()
    code = await dialog.get_by_label("Code", exact=True).input_value()
    assert await dialog.get_by_label("Link").input_value() == f"{carl.site.url}/invitation/{code}"
    await dialog.get_by_role("button", name="Close").click()
    await expect(carl.page.get_by_text("waiting", exact=True)).to_be_visible()
    return code


async def consents(ann: App, code: str) -> None:
    """Ann lets Carl in, with less than he asked for."""
    await ann.page.goto("/settings")
    await ann.page.get_by_role("link", name="Sharing").click()
    await expect(ann.page.get_by_role("heading", name="Nobody but you")).to_be_visible()
    await ann.page.get_by_label("I have a code").fill(code.lower().replace("-", " "))
    await ann.page.get_by_role("button", name="Look at it").click()
    await expect(ann.page.get_by_role("heading", name="Carl asks to be let in")).to_be_visible()
    await expect(ann.page.get_by_text("Nothing is shared unless you say so")).to_be_visible()
    await expect(ann.page.get_by_text("You need not consent to use Reptrail")).to_be_visible()
    yes = ann.page.get_by_role("button", name="Let Carl in")
    await expect(yes).to_be_disabled()
    await expect(ann.page.get_by_text("asked for", exact=True)).to_have_count(3)
    await ann.page.get_by_label(READ).check()
    await yes.click()
    await expect(ann.page.get_by_role("heading", name="Carl", exact=True)).to_be_visible()
    (grant,) = (await ann.on_server("/athletes/me/grants"))["items"]
    assert grant["scopes"] == ["training:read"]


async def sees_no_more_than_shared(carl: App) -> None:
    await carl.page.goto("/coach")
    await expect(carl.page.get_by_text("accepted", exact=True)).to_be_visible()
    await carl.page.get_by_role("link", name="Ann").first.click()
    await expect(carl.page.get_by_text("Ann has not let you assign programs.")).to_be_visible()
    await expect(carl.page.get_by_role("button", name="Assign a program")).to_be_hidden()
    await carl.page.get_by_role("link", name="Body", exact=True).click()
    await expect(carl.page.get_by_role("heading", name="Not shared with you")).to_be_visible()


async def widens(ann: App) -> None:
    await ann.page.goto("/sharing")
    await ann.page.get_by_role("button", name="Change what Carl may").click()
    dialog = ann.page.get_by_role("dialog", name="Change what Carl may")
    await dialog.get_by_label(ASSIGN).check()
    await expect(dialog.get_by_text("This is more than before")).to_be_visible()
    await dialog.get_by_role("button", name="I consent, and save").click()
    await expect(dialog).to_be_hidden()
    (grant,) = (await ann.on_server("/athletes/me/grants"))["items"]
    assert grant["scopes"] == ["training:read", "program:assign"]


async def assigns(carl: App) -> None:
    """Carl puts Ann into a program, from today on."""
    await carl.page.get_by_role("link", name="Plan", exact=True).click()
    await carl.reload()
    await carl.page.get_by_role("button", name="Assign a program").click()
    dialog = carl.page.get_by_role("dialog", name="A program for Ann")
    await dialog.get_by_label("Name of the program").fill("five by five")
    await dialog.get_by_role("button", name="Five by Five").first.click()
    await dialog.get_by_label("By the program's own days").check()
    await dialog.get_by_role("button", name="Assign it").click()
    await expect(carl.page.get_by_role("heading", name="Five by Five")).to_be_visible(timeout=SOON)


async def trains(ann: App) -> None:
    """Ann begins what is due, and stands before her first set."""
    await ann.page.goto("/")
    await expect(ann.page.get_by_text("Due today")).to_be_visible(timeout=SOON)
    await ann.page.get_by_role("button", name="Start", exact=True).first.click()
    await expect(ann.page.get_by_role("button", name="Log set")).to_be_visible()


async def sees_a_set_live(carl: App, ann: App) -> None:
    await carl.page.get_by_role("link", name="Workouts", exact=True).click()
    await expect(carl.page.get_by_text("training now")).to_be_visible(timeout=SOON)
    await carl.page.get_by_role("listitem").get_by_role("link").first.click()
    await expect(carl.page.get_by_role("columnheader", name="Target").first).to_be_visible()
    await ann.log(4, 42.5)
    await expect(carl.page.get_by_text("42.5 kg \N{MULTIPLICATION SIGN} 4")).to_be_visible()


async def talk(carl: App, ann: App) -> None:
    await carl.page.get_by_label("Write about this workout").fill("Elbows in.")
    await carl.page.get_by_role("button", name="Send").click()
    await expect(carl.page.get_by_text("Elbows in.")).to_be_visible()
    await ann.finish()
    await ann.page.goto("/")
    await ann.page.get_by_role("link", name="wrote about").click(timeout=SOON)
    await expect(ann.page.get_by_text("Elbows in.")).to_be_visible()
    await expect(ann.page.get_by_text("Carl", exact=True)).to_be_visible()
    await ann.page.context.set_offline(True)
    await ann.page.get_by_label("Answer").fill("They were!")
    await ann.page.get_by_role("button", name="Send").click()
    await expect(ann.page.get_by_text("on this device")).to_be_visible()
    await ann.reload()
    await expect(ann.page.get_by_text("They were!")).to_be_visible()
    await ann.page.context.set_offline(False)
    await expect(carl.page.get_by_text("They were!")).to_be_visible(timeout=SOON)
    await ann.saved()
    await ann.page.goto("/")
    await expect(ann.page.get_by_role("link", name="Last workout")).to_be_visible()
    await expect(ann.page.get_by_role("link", name="wrote about")).to_be_hidden()


async def revokes(ann: App, carl: App) -> None:
    await ann.page.goto("/sharing")
    looked = ann.page.get_by_role("listitem").filter(has_text="workouts and comments")
    await expect(looked).to_contain_text("wrote 1 time")
    await expect(ann.page.get_by_role("listitem").filter(has_text="programs joined")).to_contain_text("wrote 1 time")
    await ann.page.get_by_role("button", name="Revoke the consent to Carl").click()
    await ann.page.get_by_role("button", name="Revoke it now").click()
    await expect(ann.page.get_by_role("heading", name="Nobody but you")).to_be_visible()
    await ann.page.get_by_text("Earlier consents").click()
    await expect(ann.page.get_by_text("revoked").first).to_be_visible()
    await expect(carl.page.get_by_role("heading", name="Not among your athletes")).to_be_visible(timeout=SOON)
    await expect(carl.page.get_by_text("They were!")).to_be_hidden()
    await carl.page.goto("/coach")
    await expect(carl.page.get_by_role("heading", name="You coach nobody yet")).to_be_visible()


async def test_an_athlete_and_a_coach(ann: App, carl: App) -> None:
    """Invited, let in with less, a program assigned, trained while the coach looks on, talked about, taken back."""
    await consents(ann, await invited(carl, "Hi Ann, let us begin."))
    await sees_no_more_than_shared(carl)
    await widens(ann)
    await assigns(carl)
    await trains(ann)
    await sees_a_set_live(carl, ann)
    await talk(carl, ann)
    await revokes(ann, carl)
    await expect(carl.page.get_by_role("navigation").get_by_role("link", name="Coach")).to_be_visible()
    await expect(ann.page.get_by_role("navigation").get_by_role("link", name="Coach")).to_be_hidden()


async def test_who_is_asked_by_e_mail_finds_it_on_the_first_screen(ann: App, carl: App) -> None:
    coach = await herself(carl)
    asked = {"email": ann.email, "scopes": ["training:read", "measurements:read"]}
    await coach.call("POST", "/invitations", asked)
    await coach.call("POST", "/invitations", {**asked, "message": "As we said."})
    await ann.page.goto("/")
    await ann.page.get_by_role("link", name="Carl asks to be let in").first.click(timeout=SOON)
    await expect(ann.page.get_by_text("As we said.")).to_be_visible()
    await ann.page.get_by_role("button", name="Tick what is asked for").click()
    await ann.page.get_by_label("It ends").select_option("90 days")
    await ann.page.get_by_role("button", name="Let Carl in").click()
    await expect(ann.page.get_by_role("heading", name="Carl", exact=True)).to_be_visible()
    (grant,) = (await ann.on_server("/athletes/me/grants"))["items"]
    assert grant["scopes"] == ["training:read", "measurements:read"]
    assert grant["expires_at"] is not None
    # The other one still waits; its coach takes it back.
    await expect(ann.page.get_by_role("link", name="Carl asks to be let in")).to_have_count(1)
    await carl.page.goto("/coach")
    await carl.page.get_by_role("button", name=f"Revoke the invitation: {ann.email}").click()
    await expect(carl.page.get_by_text("revoked", exact=True)).to_be_visible()
    await ann.reload()
    await expect(ann.page.get_by_role("heading", name="Carl", exact=True)).to_be_visible()
    await expect(ann.page.get_by_role("link", name="Carl asks to be let in")).to_have_count(0)


async def test_a_code_that_is_none_says_so(ann: App) -> None:
    await ann.page.goto("/invitation/AAAA-BBBB-CCCC")
    await expect(ann.page.get_by_role("heading", name="No such invitation")).to_be_visible()


async def test_less_is_shared_and_somebody_let_in_without_a_code(ann: App, carl: App) -> None:
    await ann.page.goto("/sharing")
    await ann.page.get_by_role("link", name="Let somebody in without a code").click()
    await ann.page.get_by_label("E-mail address of their account").fill(carl.email)
    await ann.page.get_by_label(ASSIGN).check()
    await expect(ann.page.get_by_label(READ)).to_be_disabled()
    await ann.page.get_by_role("button", name="Let ").click()
    await ann.page.get_by_role("button", name="Change what Carl may").click()
    dialog = ann.page.get_by_role("dialog")
    await dialog.get_by_label(ASSIGN).uncheck()
    await expect(dialog.get_by_text("This is more than before")).to_be_hidden()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    (grant,) = (await ann.on_server("/athletes/me/grants"))["items"]
    assert grant["scopes"] == ["training:read"]


async def coached(coach: App, name: str) -> tuple[Other, str]:
    """Somebody who shares all with a coach, and has trained once."""
    athlete = await somebody(coach, name)
    session = await athlete.train("bench press barbell", 5, 60)
    await athlete.call("POST", "/athletes/me/measurements", {"metric": "body-weight", "measured_value": 81.5, "unit": "kg"})
    await athlete.let_in(coach.email, *ALL)
    return athlete, session


async def test_a_coach_on_a_phone_without_signal(ann: App) -> None:
    athlete, _ = await coached(ann, LONG_NAME)
    await ann.page.goto("/settings")
    await ann.page.get_by_role("link", name="Coach").click()
    await ann.page.get_by_role("link", name=LONG_NAME).click()
    for part, shown in (
        ("Workouts", "Monday"),
        ("Progress", "Four weeks in numbers"),
        ("Body", "81.5 kg"),
        ("Plan", "Last four weeks"),
    ):
        await ann.page.get_by_role("navigation", name="Parts of").get_by_role("link", name=part).click()
        await expect(ann.page.get_by_text(shown).first).to_be_visible()
    await ann.page.context.set_offline(True)
    await ann.page.get_by_role("navigation", name="Parts of").get_by_role("link", name="Workouts").click()
    await expect(ann.page.get_by_text("This needs the server").first).to_be_visible()
    await ann.page.context.set_offline(False)
    await ann.page.get_by_role("button", name="Try again").first.click()
    await expect(ann.page.get_by_text("Monday")).to_be_visible()
    # Nothing of somebody else's is kept on the device.
    assert await ann.on_device("user_workout_session") == []
    assert await ann.on_device("user_measurement") == []
    assert athlete.user_id not in str(await ann.on_device("other")) + str(await ann.on_device("reports"))


async def test_words_are_changed_and_taken_back(carl: App) -> None:
    athlete, session = await coached(carl, "Bo")
    await carl.page.goto(f"/coach/{athlete.user_id}/sessions/{session}")
    await carl.page.get_by_label("Write about this workout").fill("Elbows out.")
    await carl.page.get_by_role("button", name="Send").click()
    await carl.page.get_by_role("button", name="Change: Elbows out.").click()
    await carl.page.get_by_label("In other words").fill("Elbows in.")
    await carl.page.get_by_role("button", name="Save").click()
    await expect(carl.page.get_by_text("Elbows in.")).to_be_visible()
    path = f"/athletes/me/sessions/{session}/comments"
    (said,) = (await athlete.call("GET", path))["items"]
    assert said["comment_text"] == "Elbows in."
    # An answer comes by itself.
    await athlete.call("POST", path, {"comment_text": "Both of them?"})
    await expect(carl.page.get_by_text("Both of them?")).to_be_visible(timeout=SOON)
    await expect(carl.page.get_by_role("button", name="Delete: Both of them?")).to_be_hidden()
    await carl.page.get_by_role("button", name="Delete: Elbows in.").click()
    await carl.page.get_by_role("button", name="Delete it").click()
    await expect(carl.page.get_by_text("Elbows in.")).to_be_hidden()
    assert [each["comment_text"] for each in (await athlete.call("GET", path))["items"]] == ["Both of them?"]


async def test_a_program_of_the_coachs_own_becomes_a_copy_to_tailor(carl: App) -> None:
    athlete, _ = await coached(carl, "Bo")
    coach = await herself(carl)
    builtin = next(each for each in (await coach.call("GET", "/programs"))["items"] if each["program_name"] == "Five by Five")
    own = await coach.call("POST", f"/programs/{builtin['id']}/copy", {})
    await coach.call("POST", f"/athletes/{athlete.user_id}/enrollments", {"program_id": own["id"], "training_time": "18:00"})
    await carl.page.goto(f"/coach/{athlete.user_id}")
    await carl.page.get_by_role("link", name="Tailor it").click()
    await expect(carl.page.get_by_label("Name of the program")).to_have_value("Five by Five", timeout=SOON)
    await carl.page.go_back()
    await carl.page.get_by_role("button", name="Pause").click()
    await expect(carl.page.get_by_text("paused", exact=True).first).to_be_visible()
    await carl.page.get_by_role("button", name="Resume").click()
    await carl.page.get_by_role("button", name="End it").click()
    await carl.page.get_by_role("dialog").get_by_role("button", name="End it").click()
    await expect(carl.page.get_by_text("left", exact=True).first).to_be_visible()


async def test_a_planned_workout_is_looked_at_and_moved(carl: App) -> None:
    athlete, _ = await coached(carl, "Bo")
    coach = await herself(carl)
    program = (await coach.call("GET", "/programs?q=five+by+five"))["items"][0]["id"]
    body = {"program_id": program, "training_time": "18:00", "training_weekdays": [1, 3, 5]}
    enrolled = await coach.call("POST", f"/athletes/{athlete.user_id}/enrollments", body)
    await carl.page.goto(f"/coach/{athlete.user_id}/sessions/{enrolled['next_session']['id']}")
    await expect(carl.page.get_by_role("columnheader", name="Target").first).to_be_visible(timeout=SOON)
    before = datetime.fromisoformat(enrolled["next_session"]["scheduled_at"])
    later = before + timedelta(days=1)
    await carl.page.get_by_label("Another day").fill(later.date().isoformat())
    await carl.page.get_by_label("and all that follow in its program").check()
    await carl.page.get_by_role("button", name="Move it").click()
    await expect(carl.page.get_by_text("Moved.")).to_be_visible()
    found = await athlete.call("GET", f"/athletes/me/enrollments/{enrolled['id']}")
    assert datetime.fromisoformat(found["next_session"]["scheduled_at"]).date() == later.date()


async def test_a_coach_ends_it(carl: App) -> None:
    athlete, _ = await coached(carl, "Bo")
    await carl.page.goto(f"/coach/{athlete.user_id}")
    await carl.page.get_by_role("button", name="Stop coaching").click()
    await carl.page.get_by_role("dialog").get_by_role("button", name="Stop coaching").click()
    await expect(carl.page.get_by_role("heading", name="You coach nobody yet")).to_be_visible()
    (grant,) = (await athlete.call("GET", "/athletes/me/grants"))["items"]
    assert grant["grant_state"] == "REVOKED"
