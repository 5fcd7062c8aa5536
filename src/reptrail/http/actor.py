"""Who is asking: the Authorization header or the browser's cookie as a credential.

Whether it is still good, the database says (app.act_as).
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from litestar import Request

from reptrail import clock
from reptrail.db.pool import Credential, Via
from reptrail.errors import Problem

ISSUER = "reptrail"
ALGORITHM = "HS256"
API_TOKEN_PREFIX = "rtp_"  # noqa: S105 - a prefix, not a secret
SECRET_BYTES = 32
_UUID_BYTES = 16
MAX_CACHED_TOKENS = 4096
LOGIN_COOKIE = "reptrail_login"
# What a page of another site cannot send without asking first, and is never allowed to: so a write by cookie is our own page's.
WEB_HEADER = "x-reptrail-web"


def login_cookie(request: Request[Any, Any, Any], value: str, seconds: int) -> str:
    """A Set-Cookie header with an access token for a browser; an empty value for 0 seconds takes it away."""
    secure = "; Secure" if request.url.scheme == "https" else ""
    return f"{LOGIN_COOKIE}={value}; Path=/api/v1; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"


def client_address(request: Request[Any, Any, Any]) -> str:
    """From where a request comes, as failed passwords are counted; empty where nobody can tell."""
    return request.client.host if request.client is not None else ""


def _unauthenticated(detail: str) -> Problem:
    return Problem("unauthenticated", detail)


class Authenticator:
    """Reads bearer tokens. Access tokens are JWTs of 15 minutes; API tokens name their user and row and carry a secret."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key
        # Checking a JWT's signature takes 26 to 40 microseconds, a tenth of a write. The signature of the same token
        # stays good; its expiry is looked at each time, and whether its login has ended is the database's to say.
        self._verified: dict[str, tuple[Credential, datetime]] = {}

    def issue(self, user_id: UUID, login_id: UUID, lifetime_seconds: int) -> str:
        """An access token for a login."""
        issued = clock.now()
        claims = {
            "iss": ISSUER,
            "sub": str(user_id),
            "lid": str(login_id),
            "iat": issued,
            "exp": issued + timedelta(seconds=lifetime_seconds),
        }
        return jwt.encode(claims, self._secret_key, algorithm=ALGORITHM)

    def sign(self, message: bytes) -> bytes:
        """HMAC-SHA256 of a message (32 bytes); it must begin with what it is for, so that none fits another purpose."""
        return hmac.digest(self._secret_key.encode(), message, "sha256")

    def of(self, request: Request[Any, Any, Any], *, writes: bool = False) -> Credential:
        """The credential of a request: its Authorization header, else the cookie that a browser was given at login.

        Raises:
            Problem: unauthenticated, also for a write by cookie without the header that only our own pages send.
        """
        authorization = request.headers.get("authorization")
        if authorization is None and (cookie := request.cookies.get(LOGIN_COOKIE)) is not None:
            if writes and WEB_HEADER not in request.headers:
                raise _unauthenticated(f"a cookie alone may not write: send {WEB_HEADER}: 1")
            if cookie.startswith(API_TOKEN_PREFIX):
                raise _unauthenticated("this cookie is not good")
            authorization = f"Bearer {cookie}"
        return self.credential(authorization)

    def credential(self, authorization: str | None) -> Credential:
        """The credential of an Authorization header.

        Raises:
            Problem: unauthenticated.
        """
        if authorization is None:
            raise _unauthenticated("send Authorization: Bearer TOKEN")
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthenticated("send Authorization: Bearer TOKEN")
        if token.startswith(API_TOKEN_PREFIX):
            return _api_credential(token)
        known = self._verified.get(token)
        if known is None:
            known = self._verify(token)
            if len(self._verified) >= MAX_CACHED_TOKENS:
                self._verified.clear()
            self._verified[token] = known
        if known[1] <= clock.now():
            self._verified.pop(token, None)
            raise _unauthenticated("this access token has expired")
        return known[0]

    def _verify(self, token: str) -> tuple[Credential, datetime]:
        try:
            claims = jwt.decode(
                token, self._secret_key, algorithms=[ALGORITHM], issuer=ISSUER, options={"require": ["exp", "sub", "lid"]}
            )
            credential = Credential(UUID(claims["sub"]), Via.WEB, UUID(claims["lid"]))
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise _unauthenticated(f"this access token is not good: {error}") from None
        return credential, datetime.fromtimestamp(claims["exp"], tz=clock.now().tzinfo)


def secret_hash(secret: bytes) -> str:
    """The hash an API token is kept as. Plain SHA-256 is enough: the secret is 32 random bytes, not a password."""
    return hashlib.sha256(secret).hexdigest()


def compose_api_token(user_id: UUID, token_id: UUID, secret: bytes) -> str:
    """The text of an API token: who, which, and the secret, so that no look-up is needed before the transaction begins."""
    return API_TOKEN_PREFIX + base64.urlsafe_b64encode(user_id.bytes + token_id.bytes + secret).decode().rstrip("=")


def _api_credential(token: str) -> Credential:
    try:
        encoded = token.removeprefix(API_TOKEN_PREFIX)
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 2 * _UUID_BYTES + SECRET_BYTES:
        raise _unauthenticated("this API token is not good")
    return Credential(
        UUID(bytes=raw[:_UUID_BYTES]),
        Via.API_TOKEN,
        UUID(bytes=raw[_UUID_BYTES : 2 * _UUID_BYTES]),
        secret_hash(raw[2 * _UUID_BYTES :]),
    )
