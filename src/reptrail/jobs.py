"""What the server does by itself: answers whose day is over are forgotten, and overdue enrollments expire.

Several processes may do it at once, each on its own: what is due is found by the system with no athlete, and done one
athlete at a time under the lock of their ledger, where it is looked at again.
"""

import asyncio
from dataclasses import dataclass

import asyncpg
import structlog

from reptrail.enrollments.actions import due_for_expiry, expire_due
from reptrail.errors import Problem
from reptrail.http import idempotency
from reptrail.http.edge import Services
from reptrail.ids import uuid7

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Done:
    """What one run did; `failed`: athletes who could not be served, and will be looked at by the next."""

    answers_forgotten: int = 0
    enrollments_expired: int = 0
    failed: int = 0


async def run_due(services: Services) -> Done:
    """Does all that is due, once.

    Raises:
        asyncpg.PostgresError, asyncpg.InterfaceError or OSError: the database is away.
    """
    database, grace_days = services.database, services.settings.enrollment_grace_days
    done = Done()
    async with database.act_as_system(None, uuid7()) as tx:
        done.answers_forgotten = await idempotency.forget(tx)
        athletes = await due_for_expiry(tx, grace_days)
    for athlete in athletes:
        try:
            async with database.act_as_system(athlete, uuid7()) as tx:
                done.enrollments_expired += await expire_due(tx, grace_days)
        except (asyncpg.PostgresError, Problem) as error:  # one athlete's trouble is not the others'
            done.failed += 1
            log.warning("enrollments_not_expired", athlete=str(athlete), error=str(error))
    if done.enrollments_expired:
        log.info("enrollments_expired", count=done.enrollments_expired)
    return done


async def run_for_ever(services: Services) -> None:
    """Does what is due, again and again, as often as the settings say."""
    while True:
        try:
            await run_due(services)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            log.warning("jobs_not_run", error=str(error))  # the database is away: the next time will do
        except Exception:  # a bug of ours must not end what has to be done tomorrow too
            log.exception("jobs_failed")
        await asyncio.sleep(services.settings.jobs_every_seconds)
