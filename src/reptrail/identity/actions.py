"""What can be done with users, logins and tokens: one function a verb, each within the caller's transaction."""

import asyncio
import math
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.enrollments.actions import keep_wall_clock
from reptrail.errors import Problem, invalid, not_found
from reptrail.http.actor import SECRET_BYTES, compose_api_token, secret_hash
from reptrail.http.edge import Services
from reptrail.http.preconditions import changed
from reptrail.identity import queries, rules
from reptrail.identity.logins import Device, Tokens, open_login
from reptrail.ids import uuid7


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """Who is to have an account. `id` is None unless the client chose it."""

    email: str
    password: str
    display_name: str
    time_zone: str = "UTC"
    weight_unit: str = "kg"
    id: UUID | None = None


@dataclass(frozen=True)
class KnownUser:
    """A user as the command line needs them: whose rows, and in what zone and unit their files are."""

    id: UUID
    time_zone: str
    weight_unit: str


@dataclass(frozen=True)
class Document:
    """A row as JSON that PostgreSQL built, and its version."""

    body: bytes
    version: int


def _hasher() -> PasswordHasher:
    return PasswordHasher(rules.ARGON2_ITERATIONS, rules.ARGON2_MEMORY_KIB, rules.ARGON2_LANES)


async def _hash(password: str) -> str:
    # In a thread: it keeps a core busy for 20 to 50 ms, and argon2 releases the interpreter's lock meanwhile.
    return await asyncio.to_thread(_hasher().hash, rules.normal_password(password))


@lru_cache(maxsize=1)
def _hash_of_nobody(_cost: tuple[int, int, int]) -> str:
    return _hasher().hash(secrets.token_urlsafe())


def _matches(kept: str | None, password: str) -> bool:
    """Whether a password fits a hash. For an account that is not there (None) it takes just as long to say no."""
    cost = (rules.ARGON2_ITERATIONS, rules.ARGON2_MEMORY_KIB, rules.ARGON2_LANES)
    try:
        _hasher().verify(kept or _hash_of_nobody(cost), rules.normal_password(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


# --- Failed logins are counted -----------------------------------------------------------------------------------
# No lock is held while a password is hashed. So guesses made at once may all be hashed, but each failure is counted
# under its row's lock before it is answered, and whoever comes after the last one allowed, with a wrong password or
# the right one, learns nothing but "too many": as if they had come one after another.


@dataclass(frozen=True)
class _Counters:
    account: str
    address: str

    def limits(self) -> tuple[tuple[str, int], ...]:
        return (self.account, rules.MAX_FAILURES_PER_ACCOUNT), (self.address, rules.MAX_FAILURES_PER_ADDRESS)


@dataclass(frozen=True)
class _Guesses:
    guesser: str

    def limits(self) -> tuple[tuple[str, int], ...]:
        return ((self.guesser, rules.MAX_FAILURES_PER_ACCOUNT),)


def _too_many(window_started_at: datetime) -> Problem:
    wait = window_started_at + rules.ATTEMPT_WINDOW - clock.now()
    seconds = max(1, math.ceil(wait.total_seconds()))
    return Problem("too-many-attempts", headers={"Retry-After": str(seconds)})


async def _blocked(tx: Transaction, counters: _Counters | _Guesses) -> Problem | None:
    cutoff = clock.now() - rules.ATTEMPT_WINDOW
    limits = dict(counters.limits())
    for row in await tx.rows(queries.FAILURES, list(limits), cutoff):
        if row["failures"] >= limits[row["attempt_key"]]:
            return _too_many(row["window_started_at"])
    return None


async def _count_failure(tx: Transaction, counters: _Counters | _Guesses) -> Problem:
    now = clock.now()
    problem = Problem("wrong-credentials")
    # The account's first, always: two who count the same rows then wait for each other, and never in a circle.
    for key, limit in counters.limits():
        row = await tx.row(queries.COUNT_FAILURE, key, now, now - rules.ATTEMPT_WINDOW)
        if row is not None and row["failures"] > limit:
            problem = _too_many(row["window_started_at"])
    await tx.execute(queries.FORGET_FAILURES, now - rules.ATTEMPT_WINDOW)
    return problem


async def _refusal(tx: Transaction, account: asyncpg.Record | None, email: str, password: str, address: str) -> Problem | None:
    """Why a password is not taken, None if it is right. The caller returns the problem, so that the count is kept."""
    # By the account's own spelling of its address, else variants in upper and lower case would each have a counter.
    counters = _Counters(rules.account_key(account["email"] if account else email), rules.address_key(address))
    blocked = await _blocked(tx, counters)
    if blocked is not None:
        return blocked
    kept = None if account is None else account["password_hash"]
    if not await asyncio.to_thread(_matches, kept, password):
        return await _count_failure(tx, counters)
    blocked = await _blocked(tx, counters)
    if blocked is None:
        await tx.execute(queries.CLEAR_FAILURES, counters.account)
    return blocked


async def too_many_guesses(tx: Transaction, user_id: UUID) -> Problem | None:
    """too-many-attempts, if a user has guessed at codes and addresses as often as is allowed; `tx` sees the system's rows."""
    return await _blocked(tx, _Guesses(rules.guess_key(user_id)))


async def count_guess(tx: Transaction, user_id: UUID) -> None:
    """Counts a user's wrong guess; what it is answered with must not roll the count back. `tx` sees the system's rows."""
    await _count_failure(tx, _Guesses(rules.guess_key(user_id)))


# --- Users ---------------------------------------------------------------------------------------------------------


async def create_user(tx: Transaction, new: NewUser, *, registration_open: bool = True, may_administer: bool = True) -> UUID:
    """A new account; `tx` is the system's with no athlete, and acts for the new user from here on.

    The first user of an instance that may becomes its administrator. Where registration is closed nobody registers over
    HTTP, the first least of all: whoever found the address would own the instance. `reptrail user create` makes them.

    Raises:
        Problem: invalid, registration-closed; and by the database's constraints email-taken, id-taken.
    """
    errors = rules.account_errors(new.email, new.password, new.display_name, new.time_zone, new.weight_unit)
    if errors:
        raise Problem("invalid", errors=errors)
    if not registration_open:
        raise Problem("registration-closed")
    is_first = may_administer and await tx.value(queries.LOCK_FIRST) is True
    password_hash = await _hash(new.password)
    user_id = new.id or uuid7()
    await tx.become(user_id)
    await tx.execute(
        queries.INSERT_USER,
        user_id,
        rules.normal_email(new.email),
        new.display_name.strip(),
        new.time_zone,
        new.weight_unit,
        is_first,
    )
    await tx.execute(queries.SET_PASSWORD, user_id, password_hash, clock.now())
    if is_first:
        await tx.execute(queries.SET_ADMINISTRATOR, user_id)
    return user_id


async def list_users(tx: Transaction) -> list[asyncpg.Record]:
    """Every active user, oldest first: id, email, display_name, time_zone, weight_unit, is_admin, created_at.

    `tx` is the system's with no athlete.
    """
    return await tx.rows(queries.LIST_USERS)


async def user_by_email(tx: Transaction, email: str) -> KnownUser:
    """The user of an e-mail address, in whatever case; `tx` is the system's with no athlete.

    Raises:
        Problem: not-found.
    """
    wanted = rules.normal_email(email)
    row = None if "\x00" in wanted else await tx.row(queries.USER_BY_EMAIL, wanted)
    if row is None:
        raise Problem("not-found", f"no user has the e-mail address {wanted}")
    return KnownUser(row["id"], row["time_zone"], row["weight_unit"])


async def set_password(tx: Transaction, user_id: UUID, password: str) -> None:
    """Gives a user a new password, ends all their logins and lets them try again at once; `tx` is the system's.

    Raises:
        Problem: not-found, invalid.
    """
    account = await tx.row(queries.PASSWORD_BY_ID, user_id)
    if account is None:
        raise not_found()
    await _replace_password(tx, account, password, pointer="/password", spare=None)
    await tx.execute(queries.CLEAR_FAILURES, rules.account_key(account["email"]))


async def _replace_password(tx: Transaction, account: asyncpg.Record, password: str, *, pointer: str, spare: UUID | None) -> None:
    wrong = rules.password_error(password, account["email"])
    if wrong is not None:
        raise invalid(pointer, wrong)
    await tx.execute(queries.SET_PASSWORD, account["id"], await _hash(password), clock.now())
    await tx.execute(queries.END_OTHER_LOGINS, account["id"], spare, rules.EndReason.PASSWORD_CHANGED)


async def profile(tx: Transaction, user_id: UUID) -> Document:
    """A user's own profile.

    Raises:
        Problem: not-found, if the account is no longer active.
    """
    row = await tx.row(queries.USER, user_id)
    if row is None:
        raise not_found()
    return Document(row["document"].encode(), row["version"])


async def change_profile(
    tx: Transaction, fields: dict[str, Any], *, login_id: UUID, address: str, if_match: int | None
) -> Document | Problem:
    """Changes a user's own profile, e-mail address or password; a new password ends their other logins.

    `fields` holds what is to change: display_name, time_zone, weight_unit, email, new_password; and current_password,
    which the last two need. A wrong one is counted like a failed login: the problem is returned, not raised.

    Raises:
        Problem: not-found, precondition-failed, invalid; and by the database's constraints email-taken.
    """
    before = await profile(tx, tx.athlete)
    if if_match is not None and if_match != before.version:
        raise changed(before.body)
    if "email" in fields or "new_password" in fields:
        refused = await _change_password(tx, fields, login_id=login_id, address=address)
        if refused is not None:
            return refused
    email, name = fields.get("email"), fields.get("display_name")
    changes = (
        None if email is None else rules.normal_email(email),
        None if name is None else name.strip(),
        fields.get("time_zone"),
        fields.get("weight_unit"),
    )
    if any(value is not None for value in changes):
        await tx.execute(queries.UPDATE_USER, tx.athlete, before.version, *changes)
    time_zone = fields.get("time_zone")
    if time_zone is not None:
        await keep_wall_clock(tx, msgspec.json.decode(before.body)["time_zone"], time_zone)
    return await profile(tx, tx.athlete)


async def _change_password(tx: Transaction, fields: dict[str, Any], *, login_id: UUID, address: str) -> Problem | None:
    """Checks current_password, counting a wrong one, and sets new_password if there is one."""
    refused = await check_password(tx, fields["current_password"], pointer="/current_password", address=address)
    if refused is None and "new_password" in fields:
        async with tx.as_system():
            account = await tx.row(queries.PASSWORD_BY_ID, tx.athlete)
            if account is None:
                raise not_found()
            await _replace_password(tx, account, fields["new_password"], pointer="/new_password", spare=login_id)
    return refused


async def check_password(tx: Transaction, password: str, *, pointer: str, address: str) -> Problem | None:
    """Why a user's own password, asked for once more, is not taken; None if it is right.

    A wrong one is counted like a failed login: the problem is to be returned, not raised.
    """
    async with tx.as_system():
        account = await tx.row(queries.PASSWORD_BY_ID, tx.athlete)
        if account is None:
            raise not_found()
        refused = await _refusal(tx, account, account["email"], password, address)
    if refused is not None and refused.slug == "wrong-credentials":
        # Not 401: clients take that for the end of their login.
        return invalid(pointer, "is not your password")
    return refused


async def forget_failures(tx: Transaction, user_id: UUID, email: str) -> None:
    """Forgets what was counted of a user's wrong passwords and guesses; `tx` sees the system's rows."""
    for key in (rules.account_key(email), rules.guess_key(user_id)):
        await tx.execute(queries.CLEAR_FAILURES, key)


# --- Logins --------------------------------------------------------------------------------------------------------


async def log_in(tx: Transaction, services: Services, email: str, password: str, device: Device) -> Tokens | Problem:
    """A new login, if the password is right; `tx` is the system's with no athlete.

    Returns:
        The tokens, or wrong-credentials (the same for an unknown account, and as slow) or too-many-attempts, to be
        answered after the commit: the failure is counted.
    """
    wanted = rules.normal_email(email)
    account = await tx.row(queries.PASSWORD_BY_EMAIL, wanted)
    refused = await _refusal(tx, account, wanted, password, device.address)
    if refused is not None or account is None:
        return refused or Problem("wrong-credentials")
    if _hasher().check_needs_rehash(account["password_hash"]):
        await tx.execute(queries.SET_PASSWORD, account["id"], await _hash(password), clock.now())
    return await open_login(tx, services, account["id"], device)


# --- Personal access tokens ----------------------------------------------------------------------------------------


async def make_token(tx: Transaction, name: str, scopes: list[rules.Scope], expires_at: datetime | None) -> tuple[Document, str]:
    """A new personal access token: its row, and its text, which exists nowhere else."""
    token_id, secret = uuid7(), secrets.token_bytes(SECRET_BYTES)
    await tx.execute(
        queries.INSERT_TOKEN, token_id, tx.athlete, name.strip(), [str(s) for s in scopes], secret_hash(secret), expires_at
    )
    row = await tx.row(queries.TOKEN, tx.athlete, token_id)
    if row is None:
        raise not_found()
    return Document(row["document"].encode(), row["version"]), compose_api_token(tx.athlete, token_id, secret)


async def revoke_token(tx: Transaction, token_id: UUID) -> None:
    """Revokes a personal access token; it stops working with the next request.

    Raises:
        Problem: not-found.
    """
    if not await tx.execute(queries.REVOKE_TOKEN, tx.athlete, token_id):
        raise not_found()
