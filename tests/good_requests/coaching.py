"""Good requests: coaching."""

from good_requests.base import Sent, answered, good
from good_requests.training import done
from helpers import Person, register
from reptrail.coaching.consent import current

SCOPES = ["training:read", "program:assign"]
VERSION = current().consent_version


@good("GET /consents", "GET /consents/current")
async def consent(_owner: Person) -> Sent:
    return Sent()


@good("GET /invitations", "GET /me/invitations", "GET /athletes/{athlete}/grants", "GET /athletes/{athlete}/accesses")
async def a_page(_owner: Person) -> Sent:
    return Sent(query={"limit": "1"})


@good("POST /invitations")
async def invitation_wanted(_owner: Person) -> Sent:
    return Sent(json={"email": "somebody@example.org", "scopes": SCOPES, "message": "Shall we?"})


@good("DELETE /invitations/{code}")
async def invitation_made(owner: Person) -> Sent:
    made = await answered(owner, "POST", "/api/v1/invitations", (await invitation_wanted(owner)).json)
    return Sent({"code": made["id"]})


async def invited(owner: Person) -> str:
    """The code of an invitation by a new coach, for the owner's e-mail address."""
    coach = await register(owner.http, "coach")
    found: str = (await answered(coach, "POST", "/api/v1/invitations", {"email": owner.email, "scopes": SCOPES}))["code"]
    return found


@good("GET /invitations/{code}")
async def invitation_received(owner: Person) -> Sent:
    return Sent({"code": await invited(owner)})


@good("POST /invitations/{code}/accept")
async def invitation_to_accept(owner: Person) -> Sent:
    return Sent({"code": await invited(owner)}, {"scopes": ["training:read"], "consent_version": VERSION})


@good("POST /athletes/{athlete}/grants")
async def grant_wanted(owner: Person) -> Sent:
    coach = await register(owner.http, "coach")
    return Sent(json={"coach_email": coach.email, "scopes": SCOPES, "consent_version": VERSION})


@good("DELETE /athletes/{athlete}/grants/{grant_id}")
async def grant_made(owner: Person) -> Sent:
    made = await answered(owner, "POST", "grants", (await grant_wanted(owner)).json)
    return Sent({"grant_id": made["id"]})


@good("PATCH /athletes/{athlete}/grants/{grant_id}")
async def grant_to_narrow(owner: Person) -> Sent:
    return Sent((await grant_made(owner)).path, {"scopes": ["training:read"]})


async def athlete_of(owner: Person) -> Person:
    """A new athlete who let the owner in."""
    athlete = await register(owner.http, "athlete")
    await answered(athlete, "POST", "grants", {"coach_id": owner.user_id, "scopes": SCOPES, "consent_version": VERSION})
    return athlete


@good("GET /coach/athletes")
async def athletes(owner: Person) -> Sent:
    await athlete_of(owner)
    return Sent(query={"limit": "1"})


@good("DELETE /coach/athletes/{athlete_id}")
async def athlete_to_leave(owner: Person) -> Sent:
    return Sent({"athlete_id": (await athlete_of(owner)).user_id})


@good("GET /athletes/{athlete}/sessions/{session_id}/comments")
async def comments(owner: Person) -> Sent:
    return Sent({"session_id": (await done(owner))["id"]})


@good("POST /athletes/{athlete}/sessions/{session_id}/comments")
async def comment_wanted(owner: Person) -> Sent:
    return Sent((await comments(owner)).path, {"comment_text": "Deeper squats next time."})


@good("DELETE /athletes/{athlete}/sessions/{session_id}/comments/{comment_id}")
async def comment_made(owner: Person) -> Sent:
    sent = await comment_wanted(owner)
    made = await answered(owner, "POST", f"sessions/{sent.path['session_id']}/comments", sent.json)
    return Sent({**sent.path, "comment_id": made["id"]})


@good("PATCH /athletes/{athlete}/sessions/{session_id}/comments/{comment_id}")
async def comment_to_edit(owner: Person) -> Sent:
    return Sent((await comment_made(owner)).path, {"comment_text": "Deeper squats, please."})
