"""What is taken and answered over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from reptrail.http.bodies import Body


class Erase(Body):
    """One's password once more, and the word that nobody types by accident."""

    password: Annotated[str, Meta(min_length=1, max_length=1024)]
    confirmation: Literal["DELETE"]


class Receipt(msgspec.Struct, frozen=True):
    """What was erased and when; nothing in it tells whose it was.

    `subject_hash` is SHA-256 of the account's id, `counts` how many rows of each table were removed, `receipt_hash` SHA-256 of the
    other fields as PostgreSQL writes them: it shows that this is the receipt that the instance keeps.
    """

    id: UUID
    subject_hash: str
    erased_at: datetime
    counts: dict[str, int]
    receipt_hash: str
