"""Every problem type there is: what a client can be told, and which constraint of the database means which."""

from dataclasses import dataclass, field
from typing import Any

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """One wrong field: a JSON pointer into the body, or `query/NAME`, and what is wrong with it."""

    pointer: str
    detail: str


# slug: (status, title). docs/errors.md explains each; a test compares.
PROBLEMS: dict[str, tuple[int, str]] = {
    "malformed-json": (400, "The body is not JSON"),
    "unauthenticated": (401, "A valid access token is needed"),
    "wrong-credentials": (401, "E-mail address and password do not match"),
    "refresh-token-refused": (401, "This refresh token is no longer good; log in again"),
    "forbidden": (403, "You may see this but not do it"),
    "registration-closed": (403, "This instance takes no new registrations"),
    "not-found": (404, "Nothing here that you can see"),
    "method-not-allowed": (405, "This address does not take this method"),
    "conflict": (409, "This clashes with what is there"),
    "email-taken": (409, "This e-mail address has an account"),
    "id-taken": (409, "This id belongs to a row with other contents"),
    "already-enrolled": (409, "There is an enrollment in this program"),
    "verb-not-allowed": (409, "Not possible in the present state"),
    "session-in-progress": (409, "Another workout session is in progress"),
    "not-editable": (409, "This row is kept by the system and cannot be edited"),
    "already-undone": (409, "This import is undone already"),
    "depends-on-refused": (409, "This builds on an operation that was refused"),
    "sync-reset": (409, "Read everything anew: this is not the history you know"),
    "account-erased": (410, "This account was deleted, with everything in it"),
    "precondition-failed": (412, "The row has changed since you read it"),
    "body-too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "This content type is not taken here"),
    "invalid": (422, "Some fields are wrong"),
    "implausible": (422, "Outside the plausible range; send confirm=true if it is right"),
    "summary-out-of-range": (422, "More than one performance can hold"),
    "idempotency-key-reused": (422, "This Idempotency-Key belongs to another request"),
    "import-refused": (422, "This file cannot be imported"),
    "too-many-attempts": (429, "Too many failed attempts; wait and try again"),
    "too-many-streams": (429, "Too many live streams are open; close one, or wait"),
    "internal-error": (500, "Something went wrong here; the id names it in the log"),
    "unavailable": (503, "The database is not reachable; try again"),
}


@dataclass
class Problem(Exception):  # noqa: N818 - RFC 9457's own word
    """A refusal, as RFC 9457 problem details: raised anywhere, answered by the edge, the transaction rolled back."""

    slug: str
    detail: str = ""
    errors: list[FieldError] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status of this kind of problem."""
        return PROBLEMS[self.slug][0]

    def __str__(self) -> str:
        fields = "; ".join(f"{e.pointer or 'body'}: {e.detail}" for e in self.errors)
        return ": ".join(part for part in (PROBLEMS[self.slug][1], self.detail, fields) if part)


def invalid(pointer: str, detail: str) -> Problem:
    """One wrong field."""
    return Problem("invalid", errors=[FieldError(pointer, detail)])


def not_found() -> Problem:
    """There is nothing there, or nothing the actor may see: the answer does not tell which."""
    return Problem("not-found")


# A constraint that a client's data can break, and what it means to the client. One that is missing here is a bug of
# ours and answers 500; the contract tests look for such.
CONSTRAINTS: dict[str, tuple[str, str, str]] = {
    "app_user_email_key": ("email-taken", "/email", "has an account already"),
    "app_user_pkey": ("id-taken", "/id", "is taken"),
    "session_one_in_progress": ("session-in-progress", "/session_status", "another session is in progress"),
    "user_workout_session_pkey": ("id-taken", "/id", "is taken"),
    "user_program_enrollment_pkey": ("id-taken", "/id", "is taken"),
    "user_program_enrollment_key": ("already-enrolled", "/program_id", "you are enrolled in it"),
    "session_planned_once": ("conflict", "/id", "its place in the program has another session by now"),
    "user_exercise_performance_pkey": ("id-taken", "/id", "is taken"),
    "user_set_performance_pkey": ("id-taken", "/id", "is taken"),
    "user_measurement_pkey": ("id-taken", "/id", "is taken"),
    "user_goal_pkey": ("id-taken", "/id", "is taken"),
    "user_training_max_pkey": ("id-taken", "/id", "is taken"),
    "exercise_pkey": ("id-taken", "/id", "is taken"),
    "metric_pkey": ("id-taken", "/id", "is taken"),
    "coach_invitation_pkey": ("id-taken", "/id", "is taken"),
    "coach_grant_pkey": ("id-taken", "/id", "is taken"),
    "session_comment_pkey": ("id-taken", "/id", "is taken"),
    # Two who redeem one code at the same instant: for the second it is not there any more.
    "coach_grant_invitation_key": ("not-found", "", "has been redeemed"),
    "workout_pkey": ("id-taken", "/id", "is taken"),
    "program_pkey": ("id-taken", "/id", "is taken"),
    "exercise_private_name_key": ("conflict", "/exercise_name", "you have an exercise of this name"),
    "metric_private_name_key": ("conflict", "/metric_name", "you have a metric of this name"),
    "session_ends_after_start": ("invalid", "/completed_at", "must not be before started_at"),
    "exercise_instruction_exercise_fkey": ("invalid", "/exercise_id", "there is no such exercise"),
    "user_measurement_metric_fkey": ("invalid", "/metric_id", "there is no such metric"),
}
