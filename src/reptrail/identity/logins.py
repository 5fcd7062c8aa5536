"""What can be done with logins: opened, refreshed, renewed, ended. Who somebody is has been shown before (actions.py)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.errors import Problem, not_found
from reptrail.http.edge import Services
from reptrail.identity import queries, rules
from reptrail.ids import uuid7


@dataclass(frozen=True)
class Device:
    """From where somebody logs in; shown to them in the list of their logins."""

    user_agent: str
    address: str


@dataclass(frozen=True)
class Tokens:
    """A fresh pair for one login, and the user it is for (their JSON)."""

    user: bytes
    user_id: UUID
    login_id: UUID
    access_token: str
    refresh_token: str
    expires_in_seconds: int


async def open_login(tx: Transaction, services: Services, user_id: UUID, device: Device) -> Tokens:
    """A new login of a user who has shown who they are."""
    login_id = uuid7()
    agent = device.user_agent.replace("\x00", "")[: rules.MAX_USER_AGENT_CHARACTERS]
    await tx.execute(queries.INSERT_LOGIN, login_id, user_id, agent, device.address, _login_expiry(services))
    return await _tokens(tx, services, user_id, login_id, 1)


async def refresh(tx: Transaction, services: Services, token: str, key: str | None = None) -> Tokens | Problem:
    """A new pair for a refresh token, which is thereby used up; `tx` is the system's with no athlete.

    Refresh tokens rotate: each belongs to a generation of its login, and using it moves the login on to the next. One
    of an older generation has been used before, so somebody has a copy: the login ends, and with it the newest tokens
    (RFC 9700, section 4.14.2). But a phone whose connection broke before the answer came has only the old one: if it sent
    an Idempotency-Key with the refresh that was lost and sends the same one again within REFRESH_GRACE_SECONDS, it gets the
    token of the generation in force once more. A thief does not know the key.

    Returns:
        The tokens, or refresh-token-refused, to be answered after the commit: the end of the login is kept.
    """
    refused = Problem("refresh-token-refused")
    known = rules.read_refresh_token(services.authenticator.sign, token)
    if known is None:
        return refused
    login_id, generation = known
    moved = await tx.row(queries.ROTATE_LOGIN, login_id, generation, _login_expiry(services), key)
    if moved is not None:
        return await _tokens(tx, services, moved["user_id"], login_id, moved["generation"])
    login = await tx.row(queries.LOGIN, login_id, rules.REFRESH_GRACE_SECONDS, key)
    # A generation still to come is authentic where the database was restored from a backup: it is nobody's reuse.
    if login is None or not login["in_force"] or generation > login["generation"]:
        return refused
    if generation == login["generation"] - 1 and login["same_refresh"]:
        return await _tokens(tx, services, login["user_id"], login_id, login["generation"])
    await tx.execute(queries.END_LOGIN, login["user_id"], login_id, rules.EndReason.REUSE)
    return refused


def _login_expiry(services: Services) -> datetime:
    return clock.now() + timedelta(days=services.settings.refresh_token_days)


async def _tokens(tx: Transaction, services: Services, user_id: UUID, login_id: UUID, generation: int) -> Tokens:
    user = await tx.row(queries.USER, user_id)
    if user is None:
        raise not_found()
    seconds = services.settings.access_token_seconds
    access = services.authenticator.issue(user_id, login_id, seconds)
    refresh_token = rules.compose_refresh_token(services.authenticator.sign, login_id, generation)
    return Tokens(user["document"].encode(), user_id, login_id, access, refresh_token, seconds)


async def renew(tx: Transaction, services: Services, login_id: UUID) -> None:
    """Lets one of the user's logins last as long as a new one would: a browser's, whose cookie is made anew with it.

    Raises:
        Problem: not-found.
    """
    if not await tx.execute(queries.RENEW_LOGIN, tx.athlete, login_id, _login_expiry(services)):
        raise not_found()


async def end_login(tx: Transaction, login_id: UUID, reason: rules.EndReason) -> None:
    """Ends one of the user's logins; its tokens stop working with the next request.

    Raises:
        Problem: not-found.
    """
    if not await tx.execute(queries.END_LOGIN, tx.athlete, login_id, reason):
        raise not_found()
