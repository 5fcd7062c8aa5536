"""The screens of coaching and sharing, for screens.py: what a coach sees of somebody with a long name, and one's own consents."""

from collections.abc import Awaitable, Callable
from functools import partial

from browsing import App
from people import LONG_NAME, Other, herself, somebody
from playwright.async_api import expect

Open = Callable[[App], Awaitable[None]]
SOON = 30_000
ALL = ("training:read", "training:write", "program:assign", "measurements:read")

# Made once for each visitor: the athlete whom they coach and that one's session.
_worlds: dict[str, tuple[Other, str]] = {}


async def _world(app: App) -> tuple[Other, str]:
    if app.email not in _worlds:
        visitor, athlete = await herself(app), await somebody(app, LONG_NAME)
        session = await athlete.train("bench press barbell", 5, 60)
        weight = {"metric": "body-weight", "measured_value": 81.5, "unit": "kg"}
        await athlete.call("POST", "/athletes/me/measurements", weight)
        await athlete.let_in(app.email, *ALL)
        program = (await visitor.call("GET", "/programs?q=five+by+five"))["items"][0]["id"]
        enrollment = {"program_id": program, "training_time": "18:00", "training_weekdays": [1, 3, 5]}
        await visitor.call("POST", f"/athletes/{athlete.user_id}/enrollments", enrollment)
        await visitor.call("POST", f"/athletes/{athlete.user_id}/sessions/{session}/comments", {"comment_text": "Elbows in."})
        await _shared(app, visitor)
        _worlds[app.email] = athlete, session
    return _worlds[app.email]


async def _shared(app: App, visitor: Other) -> None:
    """One coach who was let in, has looked and spoken; one who was; and one who asks."""
    coach, former, third = await somebody(app, LONG_NAME), await somebody(app, "Former"), await somebody(app, "Third")
    await visitor.let_in(coach.email, *ALL)
    past = await visitor.let_in(former.email, "training:read")
    await visitor.call("DELETE", f"/athletes/me/grants/{past['id']}")
    mine = f"/athletes/{visitor.user_id}/sessions"
    done = next(each for each in (await coach.call("GET", mine))["items"] if each["session_status"] == "COMPLETED")
    await coach.call("POST", f"{mine}/{done['id']}/comments", {"comment_text": "Well done!"})
    await third.call("POST", "/invitations", {"email": app.email, "scopes": ["training:read"], "message": "May I?"})
    await visitor.call("POST", "/invitations", {"scopes": ["training:read"]})


class _Steps:
    """How one comes to a coach's screens; `at` opens an address with all that is folded away in it."""

    def __init__(self, at: Callable[[str], Open]) -> None:
        self.at = at

    async def open_athlete(self, app: App, part: str = "") -> None:
        athlete, _ = await _world(app)
        await self.at(f"/coach/{athlete.user_id}{part}")(app)

    async def open_session(self, app: App) -> None:
        athlete, session = await _world(app)
        await self.at(f"/coach/{athlete.user_id}/sessions/{session}")(app)
        await expect(app.page.get_by_text("Elbows in.")).to_be_visible(timeout=SOON)

    async def open_planned(self, app: App) -> None:
        await self.open_athlete(app)
        await app.page.get_by_role("region", name="Ahead").get_by_role("link").last.click()
        await expect(app.page.get_by_role("columnheader", name="Target").first).to_be_visible(timeout=SOON)
        await expect(app.page.get_by_role("button", name="Move it")).to_be_visible()

    async def open_own_session(self, app: App) -> None:
        await _world(app)
        await app.page.goto("/")
        await app.page.get_by_role("link", name="wrote about").or_(app.page.locator("a.tile")).first.click(timeout=SOON)
        await expect(app.page.get_by_text("Well done!")).to_be_visible(timeout=SOON)

    async def open_dialog(self, app: App, path: str, button: str) -> None:
        athlete, _ = await _world(app)
        await self.at(path.replace("ATHLETE", athlete.user_id))(app)
        await app.page.get_by_role("button", name=button).first.click()
        await expect(app.page.get_by_role("dialog").locator("label").first).to_be_visible(timeout=SOON)

    async def open_made(self, app: App) -> None:
        await self.open_dialog(app, "/coach", "Invite an athlete")
        await app.page.get_by_role("button", name="Make the invitation").click()
        await expect(app.page.get_by_label("Code", exact=True)).to_be_visible()

    async def open_assigning(self, app: App) -> None:
        await self.open_dialog(app, "/coach/ATHLETE", "Assign a program")
        await app.page.get_by_role("dialog").get_by_role("listitem").get_by_role("button").first.click()
        await expect(app.page.get_by_role("button", name="Assign it")).to_be_visible()

    async def open_invitation(self, app: App) -> None:
        await _world(app)
        await self.at("/sharing")(app)
        await app.page.get_by_role("link", name="Third asks to be let in").click()
        await expect(app.page.get_by_role("heading", name="What you consent to")).to_be_visible(timeout=SOON)

    async def open_listed(self, app: App, path: str) -> None:
        await _world(app)
        await self.at(path)(app)


def coach_screens(at: Callable[[str], Open]) -> dict[str, Open]:
    """By name."""
    steps = _Steps(at)
    return {
        "coach-empty": at("/coach"),
        "sharing-empty": at("/sharing"),
        "coach": partial(steps.open_listed, path="/coach"),
        "coach-invite": partial(steps.open_dialog, path="/coach", button="Invite an athlete"),
        "coach-invited": steps.open_made,
        "athlete": steps.open_athlete,
        "athlete-assign": partial(steps.open_dialog, path="/coach/ATHLETE", button="Assign a program"),
        "athlete-assigning": steps.open_assigning,
        "athlete-sessions": partial(steps.open_athlete, part="/sessions"),
        "athlete-session": steps.open_session,
        "athlete-planned": steps.open_planned,
        "athlete-progress": partial(steps.open_athlete, part="/progress"),
        "athlete-body": partial(steps.open_athlete, part="/body"),
        "athlete-gone": at("/coach/01a20274-5c00-7000-8000-00000000000a"),
        "sharing": partial(steps.open_listed, path="/sharing"),
        "sharing-change": partial(steps.open_dialog, path="/sharing", button="Change what"),
        "sharing-new": at("/sharing/new"),
        "invitation": steps.open_invitation,
        "invitation-none": at("/invitation/AAAA-BBBB-CCCC"),
        "session-comments": steps.open_own_session,
    }
