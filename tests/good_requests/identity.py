"""Good requests: identity."""

from typing import Any
from uuid import uuid4

from good_requests.base import V1, Sent, answered, good
from helpers import PASSWORD, Person


async def another_login(owner: Person) -> dict[str, Any]:
    found: dict[str, Any] = await answered(owner, "POST", f"{V1}/auth/login", {"email": owner.email, "password": PASSWORD})
    return found


@good("GET /me", "GET /me/tokens", "GET /me/logins")
async def nothing(_owner: Person) -> Sent:
    return Sent()


@good("POST /auth/register")
async def somebody_new(_owner: Person) -> Sent:
    return Sent(json={"email": f"{uuid4().hex}@example.org", "password": PASSWORD, "display_name": "Ann"})


@good("POST /auth/login")
async def email_and_password(owner: Person) -> Sent:
    return Sent(json={"email": owner.email, "password": PASSWORD})


@good("POST /auth/refresh")
async def refresh_token(owner: Person) -> Sent:
    return Sent(json={"refresh_token": (await another_login(owner))["refresh_token"]})


@good("POST /auth/renew")
async def login_to_renew(owner: Person) -> Sent:
    return Sent(token=(await another_login(owner))["access_token"])


@good("POST /auth/logout")
async def login_to_end(owner: Person) -> Sent:
    return Sent(token=(await another_login(owner))["access_token"])


@good("PATCH /me")
async def another_name(_owner: Person) -> Sent:
    return Sent(json={"display_name": "Ben"})


@good("POST /me/tokens")
async def token_wanted(_owner: Person) -> Sent:
    return Sent(json={"name": "phone", "scopes": ["training:read"]})


@good("DELETE /me/tokens/{token_id}")
async def token_to_revoke(owner: Person) -> Sent:
    made = await answered(owner, "POST", f"{V1}/me/tokens", {"name": "phone", "scopes": ["training:read"]})
    return Sent({"token_id": made["id"]})


@good("DELETE /me/logins/{login_id}")
async def other_login(owner: Person) -> Sent:
    await another_login(owner)
    logins = (await answered(owner, "GET", f"{V1}/me/logins"))["items"]
    return Sent({"login_id": next(login["id"] for login in logins if not login["is_current"])})
