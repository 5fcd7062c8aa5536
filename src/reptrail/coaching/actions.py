"""What can be done about coaching, one function a verb: load, decide, store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail import clock
from reptrail.coaching import consent, queries, rules
from reptrail.coaching.rules import CoachScope, GrantState, InvitationState
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, invalid, not_found
from reptrail.http.preconditions import changed
from reptrail.identity import actions as identity
from reptrail.identity.rules import normal_email
from reptrail.ids import uuid7
from reptrail.training import actions as training

Sign = Callable[[bytes], bytes]
_CODE_PURPOSE = b"invitation-code"
_HASH_PURPOSE = b"invitation-hash"


@dataclass(frozen=True, kw_only=True)
class NewInvitation:
    """An invitation to be made. `id` is None unless the client chose it."""

    scopes: list[CoachScope]
    id: UUID | None = None
    email: str | None = None
    message: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class NewGrant:
    """A consent to be stored; to whom is said apart. `id` is None unless the client chose it."""

    scopes: list[CoachScope]
    consent_version: str
    expires_at: datetime | None = None
    id: UUID | None = None


def _taken(row: bytes | None) -> Problem:
    return Problem("id-taken", errors=[FieldError("/id", "is taken")], extra={"current": msgspec.Raw(row or b"null")})


# --- Invitations, by the coach ---------------------------------------------------------------------------------------


async def invite(tx: Transaction, sign: Sign, new: NewInvitation) -> tuple[bytes, int, str]:
    """Makes an invitation; returns it as JSON, its version, and its code.

    The code follows from the invitation's id and the server's key, so that a repetition, whose first answer was lost, gets
    the same one; what is stored is a keyed hash of it.

    Raises:
        Problem: id-taken.
    """
    invitation_id = new.id or uuid7()
    code = rules.compose_code(sign(_CODE_PURPOSE + tx.athlete.bytes + invitation_id.bytes))
    email = None if new.email is None else normal_email(new.email)
    stored = await tx.row(queries.FIND_INVITATION, tx.athlete, invitation_id) if new.id else None
    if stored is None:
        expires_at = new.expires_at or clock.now() + timedelta(days=rules.INVITATION_DAYS)
        digest = _code_hash(sign, code)
        await tx.execute(queries.INSERT_INVITATION, tx.athlete, invitation_id, digest, email, new.scopes, new.message, expires_at)
    document, version = await invitation_json(tx, invitation_id)
    if stored is not None:
        same = (stored["invited_email"], set(stored["scopes"]), stored["message"]) == (email, set(new.scopes), new.message)
        if not same or new.expires_at not in (None, stored["expires_at"]):
            raise _taken(document)
    return document, version, code


def _code_hash(sign: Sign, code: str) -> str:
    return sign(_HASH_PURPOSE + (rules.read_code(code) or "").encode()).hex()


async def invitation_json(tx: Transaction, invitation_id: UUID) -> tuple[bytes, int]:
    """One's own invitation as JSON, and its version.

    Raises:
        Problem: not-found.
    """
    row = await tx.row(queries.INVITATION, tx.athlete, invitation_id)
    if row is None:
        raise not_found()
    return row["row_to_json"].encode(), row["version"]


async def revoke_invitation(tx: Transaction, named: str) -> None:
    """Revokes one's own invitation, named by its id. What came of it is a grant, and stays.

    Raises:
        Problem: not-found.
    """
    invitation_id = _uuid(named)
    if invitation_id is None or not await tx.execute(queries.REVOKE_INVITATION, tx.athlete, invitation_id):
        raise not_found()


# --- Invitations, to whom they are for -------------------------------------------------------------------------------


async def received_page(tx: Transaction, after: tuple[Any, ...], limit: int) -> Any:
    """The pending invitations to one's own e-mail address, a row for page_json."""
    async with tx.as_system():
        return await tx.row(queries.RECEIVED_INVITATIONS, tx.athlete, *after, limit + 1)


async def find_received(tx: Transaction, sign: Sign, named: str) -> asyncpg.Record | Problem:
    """Somebody else's invitation by its code, or by its id where it is for one's own e-mail address.

    Returns:
        The invitation, pending or accepted by the asker and still in force; else not-found, the same for one that never was,
        is over or is somebody else's, or too-many-attempts: to be answered after the commit, for it is counted.
    """
    code, invitation_id = rules.read_code(named), _uuid(named)
    digest = None if code is None else _code_hash(sign, code)
    async with tx.as_system():
        blocked = await identity.too_many_guesses(tx, tx.athlete)
        if blocked is not None:
            return blocked
        row = await tx.row(queries.RECEIVED_INVITATION, tx.athlete, digest, invitation_id)
        if row is not None and (row["invitation_state"] == InvitationState.PENDING or _accepted_by(tx, row)):
            return row
        await identity.count_guess(tx, tx.athlete)
    return not_found()


def _accepted_by(tx: Transaction, row: asyncpg.Record) -> bool:
    return bool(row["accepted_by"] == tx.athlete and row["is_in_force"])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def accept(tx: Transaction, sign: Sign, named: str, new: NewGrant) -> UUID | Problem:
    """Accepts an invitation: an athlete's consent to the coach who made it. Accepted already, it is the same grant.

    Returns:
        The grant, or a problem to be answered after the commit (see `find_received`).

    Raises:
        Problem: invalid (another version of the consent than the one in force, one's own invitation).
    """
    row = await find_received(tx, sign, named)
    if isinstance(row, Problem):
        return row
    if row["grant_id"] is not None:
        found: UUID = row["grant_id"]
        return found
    if row["coach_id"] == tx.athlete:
        raise Problem("invalid", "this invitation is your own: it is for your athletes")
    return await _consent(tx, row["coach_id"], new, row["id"])


# --- Grants ----------------------------------------------------------------------------------------------------------


def _require_current(version: str) -> None:
    current = consent.current().consent_version
    if version != current:
        raise invalid("/consent_version", f"the consent in force is {current}: show it, and send its version")


async def _consent(tx: Transaction, coach_id: UUID, new: NewGrant, invitation_id: UUID | None) -> UUID:
    """Stores a consent, which takes the place of one that the athlete has given to the coach before."""
    _require_current(new.consent_version)
    grant_id = new.id or uuid7()
    await tx.execute(queries.REPLACE_GRANT, tx.athlete, coach_id)
    await tx.execute(
        queries.INSERT_GRANT, tx.athlete, grant_id, coach_id, new.scopes, new.consent_version, new.expires_at, invitation_id
    )
    return grant_id


async def grant(tx: Transaction, coach_email: str | None, coach_id: UUID | None, new: NewGrant) -> UUID | Problem:
    """Consents to a coach without an invitation.

    Returns:
        The grant, or too-many-attempts, or invalid where there is no such user: counted like a wrong code, so that nobody
        tries out e-mail addresses.

    Raises:
        Problem: invalid, id-taken.
    """
    email = None if coach_email is None else normal_email(coach_email)
    async with tx.as_system():
        blocked = await identity.too_many_guesses(tx, tx.athlete)
        if blocked is not None:
            return blocked
        coach = await tx.value(queries.COACH, tx.athlete, coach_id, email)
        if coach is None:
            await identity.count_guess(tx, tx.athlete)
            return invalid("/coach_id" if email is None else "/coach_email", "is no other user's")
    stored = await tx.row(queries.GRANT, tx.athlete, new.id) if new.id else None
    if stored is not None:
        same = (stored["coach_id"], set(stored["scopes"]), stored["expires_at"]) == (coach, set(new.scopes), new.expires_at)
        if not same or stored["grant_state"] == GrantState.REVOKED:
            raise _taken(stored["row_to_json"].encode())
        kept: UUID = stored["id"]
        return kept
    return await _consent(tx, coach, new, None)


async def find_grant(tx: Transaction, grant_id: UUID, if_match: int | None = None) -> asyncpg.Record:
    """A consent of one's own: its columns, and the whole as `row_to_json`.

    Raises:
        Problem: not-found, precondition-failed.
    """
    row = await tx.row(queries.GRANT, tx.athlete, grant_id)
    if row is None:
        raise not_found()
    if if_match is not None and row["version"] != if_match:
        raise changed(row["row_to_json"].encode())
    return row


async def change_grant(tx: Transaction, grant_id: UUID, fields: dict[str, Any], if_match: int | None) -> None:
    """Changes a consent's scopes or expiry; more of either needs `consent_version`, the one in force.

    Raises:
        Problem: not-found, precondition-failed, verb-not-allowed (a revoked one stays revoked), invalid.
    """
    row = await find_grant(tx, grant_id, if_match)
    if row["grant_state"] == GrantState.REVOKED:
        raise Problem("verb-not-allowed", "a revoked consent stays revoked: give a new one", extra={"grant_state": "REVOKED"})
    after = fields.get("scopes", row["scopes"]), fields.get("expires_at", row["expires_at"])
    version = fields.get("consent_version")
    if version is not None:
        _require_current(version)
    elif rules.widens((row["scopes"], row["expires_at"]), after):
        raise invalid("/consent_version", "is required to let a coach see or do more, or for longer")
    if not await tx.execute(queries.UPDATE_GRANT, tx.athlete, grant_id, row["version"], *after, version or row["consent_version"]):
        raise changed((await find_grant(tx, grant_id))["row_to_json"].encode())


async def revoke_grant(tx: Transaction, grant_id: UUID, if_match: int | None) -> None:
    """Revokes a consent: the coach's next request finds no such athlete.

    Raises:
        Problem: not-found, also for one that is revoked already; precondition-failed.
    """
    await find_grant(tx, grant_id, if_match)
    if not await tx.execute(queries.REVOKE_GRANT, tx.athlete, grant_id):
        raise not_found()


async def lay_down(tx: Transaction, athlete_id: UUID) -> None:
    """Ends, as the coach, an athlete's consent to oneself.

    Raises:
        Problem: not-found.
    """
    if not await tx.value(queries.LAY_DOWN, athlete_id):
        raise not_found()


# --- Comments --------------------------------------------------------------------------------------------------------


async def find_comment(tx: Transaction, session_id: UUID, comment_id: UUID, if_match: int | None = None) -> asyncpg.Record:
    """A comment on a session: who wrote it, and the whole as `row_to_json`.

    Raises:
        Problem: not-found, precondition-failed.
    """
    row = await tx.row(queries.COMMENT, tx.athlete, session_id, comment_id)
    if row is None:
        raise not_found()
    if if_match is not None and row["version"] != if_match:
        raise changed(row["row_to_json"].encode())
    return row


async def add_comment(tx: Transaction, session_id: UUID, comment_id: UUID | None, comment_text: str) -> UUID:
    """Comments on a session.

    Raises:
        Problem: not-found (the session), id-taken.
    """
    await training.find_session(tx, session_id)
    stored = await tx.row(queries.COMMENT, tx.athlete, session_id, comment_id) if comment_id else None
    if stored is not None:
        if (stored["created_by"], stored["comment_text"]) != (tx.actor_id, comment_text):
            raise _taken(stored["row_to_json"].encode())
        return comment_id or uuid7()
    comment_id = comment_id or uuid7()
    await tx.execute(queries.INSERT_COMMENT, tx.athlete, session_id, comment_id, comment_text)
    return comment_id


async def change_comment(tx: Transaction, session_id: UUID, comment_id: UUID, comment_text: str, if_match: int | None) -> None:
    """Changes one's own words.

    Raises:
        Problem: not-found, precondition-failed, forbidden.
    """
    await training.find_session(tx, session_id)
    row = await find_comment(tx, session_id, comment_id, if_match)
    if row["created_by"] != tx.actor_id:
        raise Problem("forbidden", "these are somebody else's words")
    await tx.execute(queries.UPDATE_COMMENT, tx.athlete, comment_id, row["version"], comment_text, tx.actor_id)


async def delete_comment(tx: Transaction, session_id: UUID, comment_id: UUID, if_match: int | None) -> None:
    """Hides a comment: one's own, or, the athlete, any on their sessions. The ledger keeps it.

    Raises:
        Problem: not-found, precondition-failed, forbidden.
    """
    await training.find_session(tx, session_id)
    row = await find_comment(tx, session_id, comment_id, if_match)
    if tx.actor_id not in (row["created_by"], tx.athlete):
        raise Problem("forbidden", "these are somebody else's words")
    await tx.execute(queries.HIDE_COMMENT, tx.athlete, comment_id)
