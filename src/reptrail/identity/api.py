"""The routes of users, logins and tokens: the shapes on the wire, and handlers that parse, call and answer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request
from msgspec import UNSET, Meta, UnsetType

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem
from reptrail.http.actor import WEB_HEADER, client_address, login_cookie
from reptrail.http.bodies import Body, Moment, text
from reptrail.http.edge import CREATED, NO_CONTENT, Answer, Services, answers
from reptrail.http.idempotency import check_key
from reptrail.http.paging import Page, decode_cursor, encode_cursor
from reptrail.identity import actions, logins, queries, rules
from reptrail.identity.rules import Scope, WeightUnit

MAX_TOKEN_CHARACTERS = 200
SECONDS_PER_DAY = 86_400

Email = Annotated[str, text(3, rules.MAX_EMAIL_CHARACTERS), Meta(extra={"check": rules.email_error})]
Name = Annotated[str, text(1, rules.MAX_NAME_CHARACTERS), Meta(extra={"check": rules.name_error})]
TimeZone = Annotated[str, text(1, 64), Meta(extra={"check": rules.time_zone_error}, description="IANA name")]
NewPassword = Annotated[str, text(rules.MIN_PASSWORD_CHARACTERS, rules.MAX_PASSWORD_CHARACTERS)]
# What is typed to log in is held to nothing but a length: whether it could be right is not the form's to tell.
TypedEmail = Annotated[str, text(1, rules.MAX_EMAIL_CHARACTERS)]
TypedPassword = Annotated[str, text(1, rules.MAX_PASSWORD_CHARACTERS)]


class Register(Body):
    """A new account. The client may choose its id."""

    email: Email
    password: NewPassword
    display_name: Name
    time_zone: TimeZone = "UTC"
    weight_unit: WeightUnit = WeightUnit.KG
    id: UUID | UnsetType = UNSET

    def together(self) -> Iterable[FieldError]:
        """The password must not be the e-mail address."""
        wrong = rules.password_error(self.password, self.email)
        return [FieldError("/password", wrong)] if wrong else []


class LogIn(Body):
    """E-mail address and password."""

    email: TypedEmail
    password: TypedPassword


class Refresh(Body):
    """The refresh token of the last answer."""

    refresh_token: Annotated[str, text(1, MAX_TOKEN_CHARACTERS)]


class ChangeProfile(Body):
    """What is to change; what is left out stays. E-mail address and password need the current password."""

    display_name: Name | UnsetType = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    weight_unit: WeightUnit | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    new_password: NewPassword | UnsetType = UNSET
    current_password: TypedPassword | UnsetType = UNSET

    def together(self) -> Iterable[FieldError]:
        """E-mail address and password need the current password, and differ."""
        if (self.email is not UNSET or self.new_password is not UNSET) and self.current_password is UNSET:
            yield FieldError("/current_password", "is required to change e-mail address or password")
        if isinstance(self.email, str) and isinstance(self.new_password, str):
            wrong = rules.password_error(self.new_password, self.email)
            if wrong:
                yield FieldError("/new_password", wrong)


class NewToken(Body):
    """A personal access token to be made."""

    name: Name
    scopes: Annotated[list[Scope], Meta(min_length=1)]
    expires_at: Moment | None = None

    def together(self) -> Iterable[FieldError]:
        """Scopes once each and writing with reading; an expiry in the future."""
        yield from rules.scope_errors(self.scopes)
        if self.expires_at is not None and self.expires_at <= clock.now():
            yield FieldError("/expires_at", "must lie in the future")


class User(msgspec.Struct):
    """A user, to themselves."""

    id: UUID
    email: str
    display_name: str
    time_zone: str
    weight_unit: WeightUnit
    is_admin: bool
    created_at: datetime


class LoggedIn(msgspec.Struct):
    """A login's tokens. `expires_in` is the access token's life in seconds.

    A browser that sends `X-Reptrail-Web: 1` gets a cookie that no script can read instead: the tokens are null then.
    """

    user: User
    access_token: str | None
    refresh_token: str | None
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 - RFC 6750's word


class Token(msgspec.Struct):
    """A personal access token, without its secret."""

    id: UUID
    name: str
    scopes: list[Scope]
    expires_at: datetime | None
    created_at: datetime


class MadeToken(Token):
    """A new personal access token. `token` is shown this once."""

    token: str


class TokenPage(msgspec.Struct):
    """A page of personal access tokens, newest first."""

    items: list[Token]
    next_cursor: str | None


class Login(msgspec.Struct):
    """A login on one device."""

    id: UUID
    user_agent: str
    address: str
    created_at: datetime
    refreshed_at: datetime
    expires_at: datetime
    is_current: bool


class LoginPage(msgspec.Struct):
    """A page of logins in force, newest first."""

    items: list[Login]
    next_cursor: str | None


def _device(request: Request[Any, Any, Any]) -> logins.Device:
    return logins.Device(request.headers.get("user-agent", ""), client_address(request))


def _login_id(services: Services, request: Request[Any, Any, Any]) -> UUID:
    """The login of this request, whose route takes no other credential."""
    return services.authenticator.of(request).credential_id


def _logged_in(tokens: logins.Tokens, services: Services, request: Request[Any, Any, Any], status: int = 200) -> Answer[LoggedIn]:
    body = {
        "user": msgspec.Raw(tokens.user),
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in_seconds,
    }
    if WEB_HEADER not in request.headers:
        return Answer(body, status=status)
    seconds = services.settings.refresh_token_days * SECONDS_PER_DAY
    body |= {"access_token": None, "refresh_token": None, "expires_in": seconds}
    return Answer(body, status=status, cookie=_cookie(services, request, tokens.user_id, tokens.login_id))


def _cookie(services: Services, request: Request[Any, Any, Any], user_id: UUID, login_id: UUID) -> str:
    """The login as a cookie. It lasts as long as the login may: each transaction asks whether that is still in force."""
    seconds = services.settings.refresh_token_days * SECONDS_PER_DAY
    return login_cookie(request, services.authenticator.issue(user_id, login_id, seconds), seconds)


def _page(rows: list[Any], limit: int) -> dict[str, Any]:
    """A page of rows (created_at, id, document), of which one more than `limit` was asked for."""
    shown = rows[:limit]
    more = len(rows) > limit
    return {
        "items": [msgspec.Raw(row["document"].encode()) for row in shown],
        "next_cursor": encode_cursor(shown[-1]["created_at"], shown[-1]["id"]) if more else None,
    }


@answers("registration-closed", "email-taken", "id-taken", statuses=(201,))
async def register(tx: Transaction, body: Register, services: Services, request: Request[Any, Any, Any]) -> Answer[LoggedIn]:
    """Makes an account and logs in. The first one of an instance becomes its administrator."""
    new = actions.NewUser(
        email=body.email,
        password=body.password,
        display_name=body.display_name,
        time_zone=body.time_zone,
        weight_unit=body.weight_unit,
        id=None if body.id is UNSET else body.id,
    )
    user_id = await actions.create_user(tx, new, registration_open=services.settings.registration == "open")
    return _logged_in(await logins.open_login(tx, services, user_id, _device(request)), services, request, CREATED)


@answers("wrong-credentials", "too-many-attempts")
async def log_in(tx: Transaction, body: LogIn, services: Services, request: Request[Any, Any, Any]) -> Answer[LoggedIn] | Problem:
    """Logs in. Failures are counted for the account and for the address, and too many refused for a while."""
    answer = await actions.log_in(tx, services, body.email, body.password, _device(request))
    return answer if isinstance(answer, Problem) else _logged_in(answer, services, request)


@answers("refresh-token-refused")
async def refresh(
    tx: Transaction, body: Refresh, services: Services, request: Request[Any, Any, Any]
) -> Answer[LoggedIn] | Problem:
    """A new access token and the next refresh token; the one sent is used up.

    Sent again with the same Idempotency-Key within 30 seconds, because the answer was lost, it is answered again.
    """
    key = request.headers.get("idempotency-key")
    if key is not None:
        check_key(key)
    answer = await logins.refresh(tx, services, body.refresh_token, key)
    return answer if isinstance(answer, Problem) else _logged_in(answer, services, request)


@answers("not-found")
async def renew(tx: Transaction, services: Services, request: Request[Any, Any, Any]) -> Answer[User]:
    """Gives the browser its cookie anew, for as long as a login lasts from now on."""
    login_id = _login_id(services, request)
    await logins.renew(tx, services, login_id)
    found = await actions.profile(tx, tx.athlete)
    return Answer(found.body, keep=False, cookie=_cookie(services, request, tx.athlete, login_id))


@answers("not-found")
async def log_out(tx: Transaction, services: Services, request: Request[Any, Any, Any]) -> Answer[None]:
    """Ends this login; its access token or cookie stops working at once."""
    await logins.end_login(tx, _login_id(services, request), rules.EndReason.LOGOUT)
    return Answer(status=NO_CONTENT, cookie=login_cookie(request, "", 0))


@answers("not-found", etag=True)
async def read_me(tx: Transaction) -> Answer[User]:
    """The profile of who is asking."""
    found = await actions.profile(tx, tx.athlete)
    return Answer(found.body, version=found.version)


@answers("not-found", "email-taken", "too-many-attempts", etag=True)
async def change_me(
    tx: Transaction, body: ChangeProfile, if_match: int | None, services: Services, request: Request[Any, Any, Any]
) -> Answer[User] | Problem:
    """Changes one's profile, e-mail address or password. A new password ends all other logins."""
    answer = await actions.change_profile(
        tx, body.given(), login_id=_login_id(services, request), address=client_address(request), if_match=if_match
    )
    return answer if isinstance(answer, Problem) else Answer(answer.body, version=answer.version)


async def list_tokens(tx: Transaction, query: Page) -> Answer[TokenPage]:
    """One's personal access tokens, newest first, without their secrets."""
    after = decode_cursor(query.cursor, datetime, UUID)
    rows = await tx.rows(queries.TOKENS, tx.athlete, *after, query.limit + 1)
    return Answer(_page(rows, query.limit))


@answers("not-found", statuses=(201,), etag=True)
async def make_token(tx: Transaction, body: NewToken) -> Answer[MadeToken]:
    """Makes a personal access token. Its text is in this answer and nowhere else, then or later."""
    made, token = await actions.make_token(tx, body.name, body.scopes, body.expires_at)
    fields = msgspec.json.decode(made.body)
    return Answer({**fields, "token": token}, status=CREATED, version=made.version, keep=False)


async def revoke_token(tx: Transaction, token_id: UUID) -> Answer[None]:
    """Revokes a personal access token at once."""
    await actions.revoke_token(tx, token_id)
    return Answer(status=NO_CONTENT)


async def list_logins(tx: Transaction, query: Page, services: Services, request: Request[Any, Any, Any]) -> Answer[LoginPage]:
    """Where one is logged in, newest first."""
    after = decode_cursor(query.cursor, datetime, UUID)
    rows = await tx.rows(queries.LOGINS, tx.athlete, _login_id(services, request), *after, query.limit + 1)
    return Answer(_page(rows, query.limit))


async def end_login(tx: Transaction, login_id: UUID) -> Answer[None]:
    """Ends one of one's logins, such as that of a lost phone."""
    await logins.end_login(tx, login_id, rules.EndReason.ENDED_BY_USER)
    return Answer(status=NO_CONTENT)
