"""Good requests: the ledger."""

from good_requests.base import Sent, answered, good
from helpers import Person


@good("GET /athletes/{athlete}/changes")
async def changes(_owner: Person) -> Sent:
    return Sent(query={"since": "0"})


@good("GET /athletes/{athlete}/history/{table}/{row_id}")
async def row_history(owner: Person) -> Sent:
    made = await answered(owner, "POST", "sessions", json={})
    return Sent({"table": "user_workout_session", "row_id": made["id"]}, query={"with": "parts"})


@good("POST /athletes/{athlete}/restore")
async def restore(owner: Person) -> Sent:
    made = await answered(owner, "POST", "sessions", json={})
    assert (await owner.delete(f"sessions/{made['id']}")).is_success
    return Sent(json={"table": "user_workout_session", "id": made["id"]})


@good("GET /athletes/{athlete}/deleted-sessions")
async def deleted_sessions(owner: Person) -> Sent:
    made = await answered(owner, "POST", "sessions", json={})
    assert (await owner.delete(f"sessions/{made['id']}")).is_success
    return Sent(query={"limit": "5"})
