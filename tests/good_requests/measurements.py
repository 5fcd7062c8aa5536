"""Good requests: measurements."""

from good_requests.base import Sent, answered, good
from helpers import Person


@good("GET /athletes/{athlete}/measurements")
async def measurements(_owner: Person) -> Sent:
    return Sent(query={"metric": "body-weight", "limit": "1"})


@good("POST /athletes/{athlete}/measurements")
async def measurement_wanted(_owner: Person) -> Sent:
    return Sent(json={"metric": "body-weight", "measured_value": 81.5, "unit": "kg", "measurement_date": "2026-03-01"})


@good("GET /athletes/{athlete}/measurements/{measurement_id}", "DELETE /athletes/{athlete}/measurements/{measurement_id}")
async def one_measurement(owner: Person) -> Sent:
    made = await answered(owner, "POST", "measurements", (await measurement_wanted(owner)).json)
    return Sent({"measurement_id": made["id"]})


@good("PATCH /athletes/{athlete}/measurements/{measurement_id}")
async def measurement_to_edit(owner: Person) -> Sent:
    return Sent((await one_measurement(owner)).path, {"measured_value": 82, "measurement_notes": "after breakfast"})
