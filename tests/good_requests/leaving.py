"""Good requests: the export, and the end of an account."""

from good_requests.base import Sent, good
from helpers import PASSWORD, Person, register


@good("GET /athletes/{athlete}/export")
async def export(_owner: Person) -> Sent:
    return Sent()


@good("DELETE /athletes/{athlete}")
async def somebodys_account(owner: Person) -> Sent:
    """Of an account made for the purpose."""
    leaving = await register(owner.http, "leaving")
    return Sent(json={"password": PASSWORD, "confirmation": "DELETE"}, token=leaving.access_token)
