"""Good requests: progress."""

from good_requests.base import BENCH_PRESS, Sent, good
from good_requests.training import done
from helpers import Person


@good(
    "GET /athletes/{athlete}/progress/summary",
    "GET /athletes/{athlete}/progress/volume",
    "GET /athletes/{athlete}/progress/load",
    "GET /athletes/{athlete}/progress/adherence",
)
async def period(owner: Person) -> Sent:
    await done(owner)
    return Sent(query={"from": "2026-02-01", "to": "2026-03-10"})


@good("GET /athletes/{athlete}/progress/records")
async def records(owner: Person) -> Sent:
    await done(owner)
    return Sent()


@good("GET /athletes/{athlete}/progress/exercises/{exercise_id}")
async def exercise(owner: Person) -> Sent:
    await done(owner)
    return Sent({"exercise_id": BENCH_PRESS}, query={"from": "2026-02-01", "to": "2026-03-10"})


@good("GET /athletes/{athlete}/progress/calendar")
async def calendar(owner: Person) -> Sent:
    await done(owner)
    return Sent(query={"year": "2026"})
