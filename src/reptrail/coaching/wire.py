"""The wire structs of coaching: what is taken, with its bounds, and what is answered."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reptrail import clock
from reptrail.coaching import rules
from reptrail.coaching.consent import Consent
from reptrail.coaching.rules import Attention, CoachScope, GrantState, InvitationState
from reptrail.errors import FieldError
from reptrail.http.bodies import Body, Moment, text
from reptrail.identity.rules import MAX_EMAIL_CHARACTERS, email_error

Email = Annotated[str, text(3, MAX_EMAIL_CHARACTERS), Meta(extra={"check": email_error})]
Scopes = Annotated[list[CoachScope], Meta(min_length=1)]
Message = Annotated[str, text(1, rules.MAX_MESSAGE_CHARACTERS)]
ConsentVersion = Annotated[str, text(1, 40)]
CommentText = Annotated[str, text(1, rules.MAX_COMMENT_CHARACTERS)]


class InvitationIn(Body, kw_only=True):
    """An invitation by a coach: the scopes asked for. With an e-mail address only that account may accept it."""

    id: UUID | None = None
    email: Email | None = None
    scopes: Scopes
    message: Message | None = None
    expires_at: Moment | None = None

    def together(self) -> Iterable[FieldError]:
        """Scopes with what they need; an expiry in the future."""
        yield from rules.scope_errors(self.scopes)
        yield from rules.expiry_errors(self.expires_at, clock.now(), rules.MAX_INVITATION_DAYS)


class AcceptIn(Body, kw_only=True):
    """An athlete's consent: the scopes they choose, whatever was asked for, and the version of the consent they read."""

    scopes: Scopes
    consent_version: ConsentVersion
    expires_at: Moment | None = None

    def together(self) -> Iterable[FieldError]:
        """Scopes with what they need; an expiry in the future."""
        yield from rules.scope_errors(self.scopes)
        yield from rules.expiry_errors(self.expires_at, clock.now())


class GrantIn(AcceptIn, kw_only=True):
    """A consent without an invitation, to a coach by e-mail address or id."""

    id: UUID | None = None
    coach_email: Email | None = None
    coach_id: UUID | None = None

    def together(self) -> Iterable[FieldError]:
        """One of the two says who; scopes with what they need; an expiry in the future."""
        yield from super().together()
        if (self.coach_email is None) == (self.coach_id is None):
            yield FieldError("/coach_email", "give coach_email or coach_id, one of the two")


class GrantPatch(Body):
    """What to change of a consent. More scopes, or a later expiry (null: none), need consent_version."""

    scopes: Scopes | UnsetType = UNSET
    expires_at: Moment | None | UnsetType = UNSET
    consent_version: ConsentVersion | UnsetType = UNSET

    def together(self) -> Iterable[FieldError]:
        """Scopes with what they need; an expiry in the future."""
        if self.scopes is not UNSET:
            yield from rules.scope_errors(self.scopes)
        if self.expires_at is not UNSET:
            yield from rules.expiry_errors(self.expires_at, clock.now())


class CommentIn(Body, kw_only=True):
    """A comment on a session."""

    id: UUID | None = None
    comment_text: CommentText


class CommentPatch(Body):
    """A comment in other words."""

    comment_text: CommentText


class Invitation(msgspec.Struct):
    """An invitation, to the coach who made it. `grant_id` and `athlete_id` say what came of it."""

    id: UUID
    invited_email: str | None
    scopes: list[CoachScope]
    message: str | None
    invitation_state: InvitationState
    expires_at: datetime
    revoked_at: datetime | None
    grant_id: UUID | None
    athlete_id: UUID | None
    created_at: datetime
    version: int


class MadeInvitation(Invitation):
    """A new invitation. `code` is shown in this answer alone (and to a repetition of the request under the same id)."""

    code: str


class InvitationPage(msgspec.Struct):
    """A page of one's own invitations, newest first."""

    items: list[Invitation]
    next_cursor: str | None


class ReceivedInvitation(msgspec.Struct):
    """An invitation, to whom it is meant for: who asks for what."""

    id: UUID
    coach_id: UUID
    coach_name: str
    scopes: list[CoachScope]
    message: str | None
    expires_at: datetime
    created_at: datetime


class ReceivedInvitationPage(msgspec.Struct):
    """A page of invitations to one's own e-mail address, newest first."""

    items: list[ReceivedInvitation]
    next_cursor: str | None


class ShownInvitation(ReceivedInvitation):
    """An invitation with the consent to read before accepting it."""

    consent: Consent


class Grant(msgspec.Struct):
    """An athlete's consent to a coach."""

    id: UUID
    user_id: UUID
    coach_id: UUID
    coach_name: str
    scopes: list[CoachScope]
    consent_version: str
    grant_state: GrantState
    expires_at: datetime | None
    revoked_at: datetime | None
    invitation_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


class GrantPage(msgspec.Struct):
    """A page of one's consents, newest first."""

    items: list[Grant]
    next_cursor: str | None


class Access(msgspec.Struct):
    """What a coach read and wrote of one kind within an hour: how often, and when first and last.

    `what` is the word after the athlete in the address of the routes used, or `overview` for the coach's list, which is counted
    once an hour.
    """

    coach_id: UUID
    coach_name: str
    grant_id: UUID
    what: str
    reads: int
    writes: int
    first_at: datetime
    last_at: datetime


class AccessPage(msgspec.Struct):
    """A page of accesses, newest first."""

    items: list[Access]
    next_cursor: str | None


class LastSession(msgspec.Struct):
    """The session that was completed last."""

    id: UUID
    workout_name: str | None
    completed_at: datetime


class NextSession(msgspec.Struct):
    """The session that is planned next."""

    id: UUID
    workout_name: str | None
    scheduled_at: datetime


class RunningProgram(msgspec.Struct):
    """A program an athlete is in, and how far."""

    enrollment_id: UUID
    program_name: str
    enrollment_status: str
    current_day: int
    day_count: int


class RecentRecord(msgspec.Struct):
    """An exercise whose heaviest weight was first lifted in the last 14 days."""

    exercise_id: UUID
    exercise_name: str
    weight_kg: float


class CoachedAthlete(msgspec.Struct):
    """An athlete at a glance. Without the scope training:read all but who they are and what the grant covers is null.

    `adherence` is done / (done + skipped + missed) of the last 28 days (0 to 1), null where nothing was due.
    """

    athlete_id: UUID
    display_name: str
    grant_id: UUID
    scopes: list[CoachScope]
    expires_at: datetime | None
    attention: list[Attention]
    adherence: float | None
    done_28_days: int | None
    due_28_days: int | None
    missed_14_days: int | None
    last_session: LastSession | None
    next_session: NextSession | None
    programs: list[RunningProgram] | None
    records: list[RecentRecord] | None


class CoachedAthletePage(msgspec.Struct):
    """A page of a coach's athletes, those who need attention most first."""

    items: list[CoachedAthlete]
    next_cursor: str | None


class Comment(msgspec.Struct):
    """A comment on a session. `author_name` is null where the reader may not know who it was (another coach)."""

    id: UUID
    user_id: UUID
    user_workout_session_id: UUID
    comment_text: str
    author_name: str | None
    created_by: UUID
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


class CommentPage(msgspec.Struct):
    """A page of a session's comments, oldest first."""

    items: list[Comment]
    next_cursor: str | None
