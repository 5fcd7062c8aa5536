"""The route of erasure."""

from typing import Any

from litestar import Request

from reptrail.db.pool import Transaction
from reptrail.erasure import actions
from reptrail.erasure.wire import Erase, Receipt
from reptrail.errors import Problem
from reptrail.http.actor import client_address, login_cookie
from reptrail.http.edge import Answer, answers


@answers("too-many-attempts")
async def erase_athlete(tx: Transaction, body: Erase, request: Request[Any, Any, Any]) -> Answer[Receipt] | Problem:
    """Delete one's account and everything in it, for good. Asks for the password again and answers with a receipt.

    What others need stays without a name: programs that they are enrolled in, what a coach wrote in their histories. Every
    login and token ends; to a device that is still signed in the answer is `account-erased` from then on.
    """
    receipt = await actions.erase_own(tx, body.password, client_address(request))
    if isinstance(receipt, Problem):
        return receipt
    return Answer(receipt, keep=False, cookie=login_cookie(request, "", 0))
