"""Good requests: sync."""

from good_requests.base import Sent, answered, good
from helpers import Person
from reptrail.ids import uuid7


@good("GET /athletes/{athlete}/sync")
async def pull(_owner: Person) -> Sent:
    return Sent(query={"since": "0", "changes": "5000"})


@good("POST /athletes/{athlete}/sync")
async def push(owner: Person) -> Sent:
    weight = {"metric": "body-weight", "measured_value": 81, "unit": "kg"}
    made = await answered(owner, "POST", "measurements", json=weight)
    operation = {"id": str(uuid7()), "table": "user_measurement", "row_id": made["id"], "action": "delete", "base_version": 1}
    return Sent(json={"operations": [operation]})


@good("GET /athletes/{athlete}/sync/catalog", "GET /athletes/{athlete}/sync/first", "GET /athletes/{athlete}/live")
async def reading(_owner: Person) -> Sent:
    return Sent()
