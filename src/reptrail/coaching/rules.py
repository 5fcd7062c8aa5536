"""What is right about invitations, grants and codes: pure, without database and without clock."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from reptrail.errors import FieldError

INVITATION_DAYS = 14
MAX_INVITATION_DAYS = 366
MAX_MESSAGE_CHARACTERS = 1000
MAX_COMMENT_CHARACTERS = 2000

# Crockford's base 32: no I, L, O and U, so that a code can be read aloud and typed. 12 characters are 60 bits, and an account
# has ten wrong guesses in 15 minutes.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_BITS_PER_CHARACTER = 5
CODE_CHARACTERS = 12
_GROUP = 4


class CoachScope(StrEnum):
    """What a grant may cover; the CHECK of coach_grant knows the same ones."""

    TRAINING_READ = "training:read"
    TRAINING_WRITE = "training:write"
    PROGRAM_ASSIGN = "program:assign"
    MEASUREMENTS_READ = "measurements:read"
    MEASUREMENTS_WRITE = "measurements:write"


class InvitationState(StrEnum):
    """Where an invitation stands; ACCEPTED whatever became of the grant since."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


class GrantState(StrEnum):
    """Where a grant stands; only one that is IN_FORCE lets a coach see anything."""

    IN_FORCE = "IN_FORCE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


class Attention(StrEnum):
    """Why a coach should look at an athlete first."""

    MISSED_SESSIONS = "MISSED_SESSIONS"
    NO_SESSION_LATELY = "NO_SESSION_LATELY"
    GRANT_EXPIRES_SOON = "GRANT_EXPIRES_SOON"


# Writing and assigning answer with rows as they stand, so they need reading; CHECKs of coach_grant say the same.
NEEDS = {
    CoachScope.TRAINING_WRITE: CoachScope.TRAINING_READ,
    CoachScope.PROGRAM_ASSIGN: CoachScope.TRAINING_READ,
    CoachScope.MEASUREMENTS_WRITE: CoachScope.MEASUREMENTS_READ,
}


def scope_errors(scopes: Collection[CoachScope]) -> Iterable[FieldError]:
    """What is wrong with scopes taken together."""
    for scope, needed in NEEDS.items():
        if scope in scopes and needed not in scopes:
            yield FieldError("/scopes", f"{scope} needs {needed}")
    if len(set(scopes)) < len(scopes):
        yield FieldError("/scopes", "must name each scope once")


def expiry_errors(expires_at: datetime | None, now: datetime, at_most_days: int | None = None) -> Iterable[FieldError]:
    """What is wrong with an expiry: it lies in the future, and not too far."""
    if expires_at is not None and expires_at <= now:
        yield FieldError("/expires_at", "must lie in the future")
    if expires_at is not None and at_most_days is not None and expires_at > now + timedelta(days=at_most_days):
        yield FieldError("/expires_at", f"must lie at most {at_most_days} days ahead")


def widens(before: tuple[Collection[str], datetime | None], after: tuple[Collection[str], datetime | None]) -> bool:
    """Whether a grant (scopes, expiry) would cover more than it does: then the athlete has to consent anew."""
    longer = before[1] is not None and (after[1] is None or after[1] > before[1])
    return longer or not set(after[0]) <= set(before[0])


def compose_code(digest: bytes) -> str:
    """The code that a keyed hash (at least 8 bytes) makes, in groups: `7K3M-Q2XD-9BTW`."""
    number = int.from_bytes(digest[:8], "big")
    places = range(CODE_CHARACTERS - 1, -1, -1)
    code = "".join(_ALPHABET[number >> (_BITS_PER_CHARACTER * place) & (len(_ALPHABET) - 1)] for place in places)
    return "-".join(code[start : start + _GROUP] for start in range(0, CODE_CHARACTERS, _GROUP))


def read_code(typed: str) -> str | None:
    """A code as it was composed, without its dashes, from what somebody typed; None if it can be none."""
    code = typed.upper().translate(_MISREAD)
    return code if len(code) == CODE_CHARACTERS and set(code) <= set(_ALPHABET) else None
