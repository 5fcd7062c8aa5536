import base64
from uuid import uuid4

import pytest

from reptrail.http.actor import Authenticator
from reptrail.identity import rules
from reptrail.identity.rules import Scope


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::1%eth1", True),
        ("", "192.0.2.1", False),
        ("a unix socket", "another", False),
    ],
)
def test_the_addresses_of_one_line_count_together(one: str, other: str, together: bool) -> None:
    assert (rules.address_key(one) == rules.address_key(other)) is together


def test_an_account_and_an_address_of_the_same_text_count_apart() -> None:
    assert rules.account_key("192.0.2.1") != rules.address_key("192.0.2.1")
    assert rules.account_key("Ann@Example.org") == rules.account_key("ann@example.org")


def test_a_refresh_token_is_the_same_text_each_time_and_says_what_it_is_for() -> None:
    sign, login_id = Authenticator("x" * 32).sign, uuid4()
    token = rules.compose_refresh_token(sign, login_id, 7)
    assert token == rules.compose_refresh_token(sign, login_id, 7)
    assert rules.read_refresh_token(sign, token) == (login_id, 7)
    body = login_id.bytes + (7).to_bytes(4, "big")
    raw = base64.urlsafe_b64decode(token.removeprefix("rtr_") + "==")
    assert raw == body + sign(b"refresh" + body)


@pytest.mark.parametrize("scopes", [[Scope.TRAINING_READ], list(Scope), [Scope.TRAINING_READ, Scope.PROGRAM_ASSIGN]])
def test_scopes_that_stand_together(scopes: list[Scope]) -> None:
    assert rules.scope_errors(scopes) == []


def test_every_error_of_scopes_is_told() -> None:
    wrong = [Scope.TRAINING_WRITE, Scope.PROGRAM_ASSIGN, Scope.MEASUREMENTS_WRITE, Scope.MEASUREMENTS_WRITE]
    assert [e.detail for e in rules.scope_errors(wrong)] == [
        "training:write needs training:read",
        "program:assign needs training:read",
        "measurements:write needs measurements:read",
        "must name each scope once",
    ]
