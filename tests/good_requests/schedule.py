"""Good requests: the calendar and its feeds."""

from good_requests.base import V1, Sent, answered, good
from helpers import Person


@good("GET /athletes/{athlete}/calendar")
async def some_days(_owner: Person) -> Sent:
    return Sent(query={"from": "2026-05-01", "to": "2026-05-31"})


@good("GET /me/calendar-feeds")
async def feeds(_owner: Person) -> Sent:
    return Sent()


@good("POST /me/calendar-feeds")
async def feed_wanted(_owner: Person) -> Sent:
    return Sent(json={"feed_name": "phone"})


@good("DELETE /me/calendar-feeds/{feed_id}")
async def feed_to_revoke(owner: Person) -> Sent:
    made = await answered(owner, "POST", f"{V1}/me/calendar-feeds", {"feed_name": "phone"})
    return Sent({"feed_id": made["id"]})


@good("GET /calendar/{file_name}")
async def feed_to_read(owner: Person) -> Sent:
    made = await answered(owner, "POST", f"{V1}/me/calendar-feeds", {"feed_name": "phone"})
    return Sent({"file_name": made["feed_path"].rpartition("/")[2]})
