"""What is right about e-mail addresses, passwords, tokens and their limits: pure, without database and without clock."""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from reptrail.clock import known_time_zones
from reptrail.errors import FieldError

MAX_EMAIL_CHARACTERS = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
MIN_PASSWORD_CHARACTERS = 10
MAX_PASSWORD_CHARACTERS = 200
MAX_NAME_CHARACTERS = 120
MAX_USER_AGENT_CHARACTERS = 300

# argon2id as OWASP's Password Storage Cheat Sheet has it: about 20 ms on a small server. The library's own default of
# 64 MiB and four lanes was rejected: sixteen logins at once would take a gigabyte. Raising these is safe: a password
# is hashed anew, with the cost of the day, when its owner next logs in.
ARGON2_MEMORY_KIB = 19_456
ARGON2_ITERATIONS = 2
ARGON2_LANES = 1

ATTEMPT_WINDOW = timedelta(minutes=15)
MAX_FAILURES_PER_ACCOUNT = 10
MAX_FAILURES_PER_ADDRESS = 50

REFRESH_GRACE_SECONDS = 30
REFRESH_TOKEN_PREFIX = "rtr_"  # noqa: S105 - a prefix, not a secret
_REFRESH_PURPOSE = b"refresh"
_UUID_BYTES = 16
_GENERATION_BYTES = 4
_SIGNATURE_BYTES = 32

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
# In the database of time zones, but nobody lives there: the server's own zone, and "not set yet".
_NO_PLACES = {"localtime", "Factory"}
# The server keeps the addresses of IPv6 networks together: one customer's line is a /64, which is 2**64 addresses.
_IPV6_LINE_BITS = 64


class WeightUnit(StrEnum):
    """The unit an athlete enters and reads weights in."""

    KG = "kg"
    LB = "lb"


class Scope(StrEnum):
    """What a personal access token may do; app.act_as knows the same ones."""

    TRAINING_READ = "training:read"
    TRAINING_WRITE = "training:write"
    PROGRAM_ASSIGN = "program:assign"
    MEASUREMENTS_READ = "measurements:read"
    MEASUREMENTS_WRITE = "measurements:write"
    ACCOUNT_READ = "account:read"


class EndReason(StrEnum):
    """Why a login has ended."""

    LOGOUT = "logout"
    REUSE = "reuse"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - a reason, not a password
    ENDED_BY_USER = "ended-by-user"


# Writing answers with the row as it stands, so it needs reading; the CHECKs of coach_grant say the same.
WRITE_NEEDS_READ = {
    Scope.TRAINING_WRITE: Scope.TRAINING_READ,
    Scope.PROGRAM_ASSIGN: Scope.TRAINING_READ,
    Scope.MEASUREMENTS_WRITE: Scope.MEASUREMENTS_READ,
}


def normal_email(email: str) -> str:
    """An e-mail address as it is kept and compared: no blanks around it, characters composed (RFC 6532, section 3.1)."""
    return unicodedata.normalize("NFC", email.strip())


def normal_password(password: str) -> str:
    """A password as it is hashed: composed, so that it is the same from every keyboard (RFC 8265, section 4.2)."""
    return unicodedata.normalize("NFC", password)


def email_error(email: str) -> str | None:
    """What is wrong with an e-mail address, None if nothing. Only a message that arrives could tell more."""
    normal = normal_email(email)
    if len(normal) > MAX_EMAIL_CHARACTERS:
        return f"must have at most {MAX_EMAIL_CHARACTERS} characters"
    if _EMAIL.fullmatch(normal) is None or not normal.isprintable():
        return "must be an e-mail address"
    return None


def name_error(name: str) -> str | None:
    """What is wrong with a name that people read, None if nothing."""
    if not name.strip():
        return "must not be blank"
    return _not_storable(name, MAX_NAME_CHARACTERS)


def time_zone_error(time_zone: str) -> str | None:
    """What is wrong with a time zone, None if nothing."""
    known = time_zone in known_time_zones() and time_zone not in _NO_PLACES
    return None if known else "must be an IANA time zone, such as Europe/Berlin"


def password_error(password: str, email: str) -> str | None:
    """What is wrong with a new password of the account of `email`, None if nothing."""
    if not MIN_PASSWORD_CHARACTERS <= len(password) <= MAX_PASSWORD_CHARACTERS:
        return f"must have {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters"
    if "\x00" in password:
        return "must not contain the character NUL"
    if normal_password(password).strip().lower() == normal_email(email).lower():
        return "must not be the e-mail address"
    return None


def weight_unit_error(unit: str) -> str | None:
    """What is wrong with a unit of weight, None if nothing."""
    return None if unit in list(WeightUnit) else f"must be one of {', '.join(WeightUnit)}"


def _not_storable(text: str, maximum: int) -> str | None:
    if "\x00" in text:
        return "must not contain the character NUL"
    return None if len(text) <= maximum else f"must have at most {maximum} characters"


def account_errors(email: str, password: str, display_name: str, time_zone: str, weight_unit: str) -> list[FieldError]:
    """Everything that is wrong with a new account: one the command line makes comes through no form."""
    found = (
        ("/email", email_error(email)),
        ("/password", password_error(password, email)),
        ("/display_name", name_error(display_name)),
        ("/time_zone", time_zone_error(time_zone)),
        ("/weight_unit", weight_unit_error(weight_unit)),
    )
    return [FieldError(pointer, wrong) for pointer, wrong in found if wrong is not None]


def scope_errors(scopes: Iterable[Scope]) -> list[FieldError]:
    """What is wrong with a token's scopes taken together."""
    asked = list(scopes)
    errors = [
        FieldError("/scopes", f"{write} needs {read}")
        for write, read in WRITE_NEEDS_READ.items()
        if write in asked and read not in asked
    ]
    if len(set(asked)) < len(asked):
        errors.append(FieldError("/scopes", "must name each scope once"))
    return errors


def account_key(email: str) -> str:
    """The counter of an account's failed logins. Hashed: people type passwords into the field for the e-mail address."""
    return hashlib.sha256(f"account:{email.lower()}".encode()).hexdigest()


def guess_key(user_id: UUID) -> str:
    """The counter of a user's wrong guesses at what others gave out: codes of invitations, e-mail addresses of coaches."""
    return hashlib.sha256(f"guess:{user_id}".encode()).hexdigest()


def address_key(host: str) -> str:
    """The counter of an address's failed logins; the addresses of one IPv6 line (a /64) count together."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        line = host
    else:
        line = str(address)
        if isinstance(address, ipaddress.IPv6Address):
            mapped = address.ipv4_mapped
            line = str(mapped or ipaddress.ip_network((int(address), _IPV6_LINE_BITS), strict=False))
    return hashlib.sha256(f"address:{line}".encode()).hexdigest()


def compose_refresh_token(sign: Callable[[bytes], bytes], login_id: UUID, generation: int) -> str:
    """The refresh token of a login's generation: the same text each time, so that it need not be kept anywhere.

    `sign` is a keyed hash of 32 bytes.
    """
    body = login_id.bytes + generation.to_bytes(_GENERATION_BYTES, "big")
    encoded = base64.urlsafe_b64encode(body + sign(_REFRESH_PURPOSE + body))
    return REFRESH_TOKEN_PREFIX + encoded.decode().rstrip("=")


def read_refresh_token(sign: Callable[[bytes], bytes], token: str) -> tuple[UUID, int] | None:
    """The login and generation of a refresh token, None unless this server made it."""
    encoded = token.removeprefix(REFRESH_TOKEN_PREFIX)
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    if len(body) != _UUID_BYTES + _GENERATION_BYTES or not hmac.compare_digest(sign(_REFRESH_PURPOSE + body), signature):
        return None
    return UUID(bytes=body[:_UUID_BYTES]), int.from_bytes(body[_UUID_BYTES:], "big")
