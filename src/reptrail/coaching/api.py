"""Coaching over HTTP: parse, call, answer."""

from datetime import datetime
from uuid import UUID

import msgspec

from reptrail import clock
from reptrail.coaching import actions, consent, queries
from reptrail.coaching.actions import NewGrant, NewInvitation
from reptrail.coaching.consent import Consent, Consents
from reptrail.coaching.wire import (
    AcceptIn,
    AccessPage,
    CoachedAthletePage,
    Comment,
    CommentIn,
    CommentPage,
    CommentPatch,
    Grant,
    GrantIn,
    GrantPage,
    GrantPatch,
    InvitationIn,
    InvitationPage,
    MadeInvitation,
    ReceivedInvitationPage,
    ShownInvitation,
)
from reptrail.db.pool import Transaction
from reptrail.errors import Problem
from reptrail.http.edge import CREATED, NO_CONTENT, Answer, Services, answers
from reptrail.http.paging import Page, decode_cursor, page_json
from reptrail.training.actions import find_session


async def read_consent() -> Answer[Consent]:
    """The consent in force: what to show before a coach is let in."""
    return Answer(consent.current())


async def list_consents() -> Answer[Consents]:
    """Every consent there ever was, newest first: what those who were let in earlier were let in by."""
    return Answer(Consents(consent.consents()[::-1]))


# --- Invitations -----------------------------------------------------------------------------------------------------


@answers("id-taken", statuses=(201,), etag=True)
async def create_invitation(tx: Transaction, body: InvitationIn, services: Services) -> Answer[MadeInvitation]:
    """Invites an athlete, as their coach. The code is in this answer alone; it can be redeemed once."""
    new = NewInvitation(id=body.id, email=body.email, scopes=body.scopes, message=body.message, expires_at=body.expires_at)
    document, version, code = await actions.invite(tx, services.authenticator.sign, new)
    return Answer({**msgspec.json.decode(document), "code": code}, status=CREATED, version=version, keep=False)


async def list_invitations(tx: Transaction, query: Page) -> Answer[InvitationPage]:
    """One's own invitations, newest first, with what became of them."""
    after = decode_cursor(query.cursor, datetime, UUID)
    return Answer(page_json(await tx.row(queries.INVITATIONS, tx.athlete, *after, query.limit + 1), query.limit))


async def list_received_invitations(tx: Transaction, query: Page) -> Answer[ReceivedInvitationPage]:
    """Invitations to one's own e-mail address that wait for an answer, newest first."""
    after = decode_cursor(query.cursor, datetime, UUID)
    return Answer(page_json(await actions.received_page(tx, after, query.limit), query.limit))


@answers("too-many-attempts")
async def read_invitation(tx: Transaction, code: str, services: Services) -> Answer[ShownInvitation] | Problem:
    """An invitation by its code, or by its id where it is to one's own e-mail address: who asks for what, and the consent."""
    row = await actions.find_received(tx, services.authenticator.sign, code)
    if isinstance(row, Problem):
        return row
    shown = {name: row[name] for name in ("id", "coach_id", "coach_name", "scopes", "message", "expires_at", "created_at")}
    return Answer({**shown, "consent": consent.current()})


@answers("too-many-attempts", statuses=(201,), etag=True)
async def accept_invitation(tx: Transaction, code: str, body: AcceptIn, services: Services) -> Answer[Grant] | Problem:
    """Accepts an invitation, with the scopes one chooses, whatever was asked for. It takes the place of a consent given before."""
    new = NewGrant(scopes=body.scopes, consent_version=body.consent_version, expires_at=body.expires_at)
    made = await actions.accept(tx, services.authenticator.sign, code, new)
    return made if isinstance(made, Problem) else await _grant(tx, made, CREATED)


async def revoke_invitation(tx: Transaction, code: str) -> Answer[None]:
    """Revokes one's own invitation, by its id. What came of it stays."""
    await actions.revoke_invitation(tx, code)
    return Answer(status=NO_CONTENT)


# --- Grants ----------------------------------------------------------------------------------------------------------


async def list_grants(tx: Transaction, query: Page) -> Answer[GrantPage]:
    """One's consents to coaches, newest first, those revoked or expired among them."""
    after = decode_cursor(query.cursor, datetime, UUID)
    return Answer(page_json(await tx.row(queries.GRANTS, tx.athlete, *after, query.limit + 1), query.limit))


@answers("id-taken", "too-many-attempts", statuses=(201,), etag=True)
async def create_grant(tx: Transaction, body: GrantIn) -> Answer[Grant] | Problem:
    """Consents to a coach without an invitation. It takes the place of a consent given to them before."""
    new = NewGrant(id=body.id, scopes=body.scopes, consent_version=body.consent_version, expires_at=body.expires_at)
    made = await actions.grant(tx, body.coach_email, body.coach_id, new)
    return made if isinstance(made, Problem) else await _grant(tx, made, CREATED)


@answers("verb-not-allowed", etag=True)
async def patch_grant(tx: Transaction, grant_id: UUID, body: GrantPatch, if_match: int | None) -> Answer[Grant]:
    """Narrows a consent, or widens it, which needs the version of the consent read."""
    await actions.change_grant(tx, grant_id, body.given(), if_match)
    return await _grant(tx, grant_id)


async def revoke_grant(tx: Transaction, grant_id: UUID, if_match: int | None) -> Answer[None]:
    """Revokes a consent, at once."""
    await actions.revoke_grant(tx, grant_id, if_match)
    return Answer(status=NO_CONTENT)


async def _grant(tx: Transaction, grant_id: UUID, status: int = 200) -> Answer[Grant]:
    row = await actions.find_grant(tx, grant_id)
    return Answer(row["row_to_json"].encode(), status=status, version=row["version"])


async def list_accesses(tx: Transaction, query: Page) -> Answer[AccessPage]:
    """Who read and wrote what of one's data through a consent, newest first, a row an hour."""
    after = decode_cursor(query.cursor, datetime, UUID, str)
    return Answer(page_json(await tx.row(queries.ACCESSES, tx.athlete, *after, query.limit + 1), query.limit))


# --- The coach's athletes --------------------------------------------------------------------------------------------


async def list_athletes(tx: Transaction, query: Page) -> Answer[CoachedAthletePage]:
    """One's athletes at a glance, as their coach, those who need attention most first."""
    after = decode_cursor(query.cursor, int, int, datetime, UUID)
    return Answer(page_json(await tx.row(queries.ATHLETES, clock.now(), *after, query.limit + 1), query.limit))


async def leave_athlete(tx: Transaction, athlete_id: UUID) -> Answer[None]:
    """Ends an athlete's consent to oneself, as their coach."""
    await actions.lay_down(tx, athlete_id)
    return Answer(status=NO_CONTENT)


# --- Comments --------------------------------------------------------------------------------------------------------


async def list_comments(tx: Transaction, session_id: UUID, query: Page) -> Answer[CommentPage]:
    """What was said about a session, oldest first."""
    await find_session(tx, session_id)
    after = decode_cursor(query.cursor, datetime, UUID)
    return Answer(page_json(await tx.row(queries.COMMENTS, tx.athlete, session_id, *after, query.limit + 1), query.limit))


@answers("id-taken", statuses=(201,), etag=True)
async def create_comment(tx: Transaction, session_id: UUID, body: CommentIn) -> Answer[Comment]:
    """Comments on a session. Whoever may read it may speak about it; a token needs training:write."""
    comment_id = await actions.add_comment(tx, session_id, body.id, body.comment_text)
    return await _comment(tx, session_id, comment_id, CREATED)


@answers("forbidden", etag=True)
async def patch_comment(
    tx: Transaction, session_id: UUID, comment_id: UUID, body: CommentPatch, if_match: int | None
) -> Answer[Comment]:
    """Changes one's own words."""
    await actions.change_comment(tx, session_id, comment_id, body.comment_text, if_match)
    return await _comment(tx, session_id, comment_id)


@answers("forbidden")
async def delete_comment(tx: Transaction, session_id: UUID, comment_id: UUID, if_match: int | None) -> Answer[None]:
    """Deletes one's own comment, or, the athlete, any on their sessions."""
    await actions.delete_comment(tx, session_id, comment_id, if_match)
    return Answer(status=NO_CONTENT)


async def _comment(tx: Transaction, session_id: UUID, comment_id: UUID, status: int = 200) -> Answer[Comment]:
    row = await actions.find_comment(tx, session_id, comment_id)
    return Answer(row["row_to_json"].encode(), status=status, version=row["version"])
