"""Enrollments over HTTP: parse, call, answer."""

from datetime import date
from uuid import UUID

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.enrollments import actions, queries, schedule
from reptrail.enrollments.wire import (
    EnrollmentIn,
    EnrollmentOut,
    EnrollmentPage,
    EnrollmentPatch,
    EnrollmentsQuery,
    ExtendIn,
    RescheduleIn,
    RestartIn,
    UpgradeIn,
    UpgradeOut,
)
from reptrail.http.edge import CREATED, Answer, answers
from reptrail.http.paging import decode_cursor, page_json
from reptrail.programs.actions import difference
from reptrail.training.actions import session_json
from reptrail.training.wire import SessionOut


async def list_enrollments(tx: Transaction, query: EnrollmentsQuery) -> Answer[EnrollmentPage]:
    """Enrollments, the latest start first."""
    last_date, last_id = decode_cursor(query.cursor, date, UUID)
    row = await tx.row(queries.ENROLLMENTS, tx.athlete, clock.now(), query.status, last_date, last_id, query.limit + 1)
    return Answer(page_json(row, query.limit))


@answers("id-taken", "already-enrolled", statuses=(201, 200), etag=True)
async def create_enrollment(tx: Transaction, body: EnrollmentIn) -> Answer[EnrollmentOut]:
    """Enroll in a program, or assign it as a coach, and plan all of its sessions. 200: the athlete is offered an upgrade of it."""
    enrollment_id, made = await actions.enroll(tx, body)
    return await _enrollment(tx, enrollment_id, status=CREATED if made else 200)


@answers(etag=True)
async def get_enrollment(tx: Transaction, enrollment_id: UUID) -> Answer[EnrollmentOut]:
    """An enrollment: where it stands, what comes next, and the cycles that are over."""
    return await _enrollment(tx, enrollment_id)


@answers("verb-not-allowed", etag=True)
async def patch_enrollment(
    tx: Transaction, enrollment_id: UUID, body: EnrollmentPatch, if_match: int | None
) -> Answer[EnrollmentOut]:
    """Edit an enrollment's notes, target date, weekdays or time; the last two lay what is still to come anew."""
    await schedule.change(tx, enrollment_id, body, if_match)
    return await _enrollment(tx, enrollment_id)


@answers("verb-not-allowed", etag=True)
async def pause_enrollment(tx: Transaction, enrollment_id: UUID, if_match: int | None) -> Answer[EnrollmentOut]:
    """Pause: nothing planned is due until it is resumed."""
    await actions.pause(tx, enrollment_id, if_match)
    return await _enrollment(tx, enrollment_id)


@answers("verb-not-allowed", etag=True)
async def resume_enrollment(tx: Transaction, enrollment_id: UUID, if_match: int | None) -> Answer[EnrollmentOut]:
    """Resume: what is still to come, and the target date, move by the days paused."""
    await actions.resume(tx, enrollment_id, if_match)
    return await _enrollment(tx, enrollment_id)


@answers("verb-not-allowed", etag=True)
async def cancel_enrollment(tx: Transaction, enrollment_id: UUID, if_match: int | None) -> Answer[EnrollmentOut]:
    """Cancel an enrollment and what is still planned of it."""
    await actions.cancel(tx, enrollment_id, if_match)
    return await _enrollment(tx, enrollment_id)


@answers("verb-not-allowed", etag=True)
async def complete_enrollment(tx: Transaction, enrollment_id: UUID, if_match: int | None) -> Answer[EnrollmentOut]:
    """Complete an enrollment before its last day. After that day it completes by itself."""
    await actions.complete(tx, enrollment_id, if_match)
    return await _enrollment(tx, enrollment_id)


@answers("verb-not-allowed", "conflict", etag=True)
async def restart_enrollment(
    tx: Transaction, enrollment_id: UUID, if_match: int | None, body: RestartIn | None = None
) -> Answer[EnrollmentOut]:
    """Begin the next cycle of an enrollment that has ended; the earlier ones stay readable."""
    await actions.restart(tx, enrollment_id, body, if_match)
    return await _enrollment(tx, enrollment_id)


@answers("verb-not-allowed", etag=True)
async def extend_enrollment(tx: Transaction, enrollment_id: UUID, body: ExtendIn, if_match: int | None) -> Answer[EnrollmentOut]:
    """Go on with an enrollment that has expired, from the day where it stood."""
    await actions.extend(tx, enrollment_id, body, if_match)
    return await _enrollment(tx, enrollment_id)


async def show_upgrade(tx: Transaction, enrollment_id: UUID) -> Answer[UpgradeOut]:
    """What accepting the program's latest revision would change."""
    row = await actions.find(tx, enrollment_id)
    pinned, latest = row["program_revision"], row["latest_revision"]
    found = await difference(tx, row["program_id"], pinned, latest)
    return Answer(
        {
            "program_id": row["program_id"],
            "program_revision": pinned,
            "latest_revision": latest,
            "upgrade_available": latest > pinned,
            "difference": found,
        }
    )


@answers("verb-not-allowed", etag=True)
async def accept_upgrade(tx: Transaction, enrollment_id: UUID, body: UpgradeIn, if_match: int | None) -> Answer[EnrollmentOut]:
    """Accept a newer revision of the program: what is still to come follows it, what was done stays."""
    await schedule.upgrade(tx, enrollment_id, body, if_match)
    return await _enrollment(tx, enrollment_id)


@answers("verb-not-allowed", "conflict", etag=True)
async def reschedule_session(tx: Transaction, session_id: UUID, body: RescheduleIn, if_match: int | None) -> Answer[SessionOut]:
    """Move a planned session to another time, alone or with all that follow it in its program."""
    await schedule.reschedule(tx, session_id, body, if_match)
    document, version = await session_json(tx, session_id)
    return Answer(document, version=version)


async def _enrollment(tx: Transaction, enrollment_id: UUID, status: int = 200) -> Answer[EnrollmentOut]:
    document, version = await actions.enrollment_json(tx, enrollment_id)
    return Answer(document, status=status, version=version)
