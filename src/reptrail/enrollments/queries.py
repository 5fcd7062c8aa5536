"""Every SQL statement on enrollments and on the sessions planned from them. $1 is always the athlete, but in DUE."""

import json

from reptrail.enrollments.rules import ATHLETES_WORD, EnrollmentStatus, EnrollmentVerb, verbs_allowed

# Whether the athlete themselves paused or cancelled since it last ran: a coach's cancel of what they had paused changes nothing.
_STOPPED_BY_ATHLETE = """EXISTS (
    SELECT FROM change c
    WHERE c.user_id = $1 AND c.table_name = 'user_program_enrollment' AND c.row_id = {enrollment} AND c.actor_id = $1
      AND c.after ->> 'enrollment_status' IN ('PAUSED', 'CANCELLED') AND c.seq > coalesce((
        SELECT max(b.seq) FROM change b
        WHERE b.user_id = $1 AND b.table_name = 'user_program_enrollment' AND b.row_id = {enrollment}
          AND b.after ->> 'enrollment_status' = 'ACTIVE'), 0))"""


def _verbs(*, upgradable: bool, without: frozenset[tuple[EnrollmentVerb, EnrollmentStatus]] = frozenset()) -> str:
    cases = (
        "WHEN '{}' THEN '{}'::json".format(status, json.dumps([
            verb for verb in verbs_allowed(status, upgradable=upgradable) if (verb, status) not in without
        ]))
        for status in EnrollmentStatus
    )  # fmt: skip
    return f"CASE e.enrollment_status {' '.join(cases)} END"


# A program that its author has made private since is no longer seen here, and has no newer revision then; the pinned one
# stays readable.
_FROM = """FROM user_program_enrollment e
    JOIN app_user u ON u.id = e.user_id
    LEFT JOIN program_revision r ON r.program_id = e.program_id AND r.revision = e.program_revision
    LEFT JOIN program p ON p.id = e.program_id"""
_LATEST = "greatest(p.revision, e.program_revision)"
_IS_BEHIND = "coalesce(p.revision > e.program_revision, false)"

# A coach asks, and may not go on with it.
_IS_THE_ATHLETES_WORD = f"""app.actor() <> e.user_id AND e.enrollment_status IN ('PAUSED', 'CANCELLED')
        AND {_STOPPED_BY_ATHLETE.format(enrollment="e.id")}"""

_CYCLES = """(
    SELECT coalesce(json_agg(x), '[]') FROM (
        SELECT c.cycle, c.program_revision, c.cycle_status, c.start_date, c.target_completion_date, c.actual_completion_date,
            c.last_day
        FROM user_program_cycle c
        WHERE c.user_id = $1 AND c.program_enrollment_id = e.id AND c.is_active ORDER BY c.cycle DESC) x)"""

_OF_CYCLE = "s.user_id = $1 AND s.program_enrollment_id = e.id AND s.program_cycle = e.cycle AND s.is_active"

_NEXT_SESSION = f"""(
    SELECT row_to_json(x) FROM (
        SELECT s.id, s.program_day, s.program_position, w.workout_name, s.session_status, s.scheduled_at
        FROM user_workout_session s
        LEFT JOIN workout_revision w ON w.workout_id = s.workout_id AND w.revision = s.workout_revision
        WHERE {_OF_CYCLE} AND s.session_status IN ('PLANNED', 'IN_PROGRESS')
        ORDER BY s.program_day, s.program_position LIMIT 1) x)"""

_COUNTS = f"""(
    SELECT json_build_object('total', count(*), 'done', count(*) FILTER (WHERE x.state = 'DONE'),
        'skipped', count(*) FILTER (WHERE x.state = 'SKIPPED'), 'missed', count(*) FILTER (WHERE x.state = 'MISSED'),
        'cancelled', count(*) FILTER (WHERE x.state = 'CANCELLED'),
        'in_progress', count(*) FILTER (WHERE x.state = 'IN_PROGRESS'),
        'open', count(*) FILTER (WHERE x.state IN ('OPEN', 'PAUSED', 'DUE', 'AHEAD')))
    FROM (
        SELECT app.due_state(s.session_status, (s.scheduled_at AT TIME ZONE u.time_zone)::date, e.paused_on,
            ($2::timestamptz AT TIME ZONE u.time_zone)::date) AS state
        FROM user_workout_session s WHERE {_OF_CYCLE}) x)"""

_COLUMNS = f"""e.id, e.user_id, e.program_id, e.program_revision, {_LATEST} AS latest_revision,
    {_IS_BEHIND} AS upgrade_available, r.program_name, r.day_count, e.assigned_by,
    CASE WHEN e.assigned_by IS NOT NULL THEN app.actor_name(e.assigned_by) END AS assigned_by_name, e.enrollment_status,
    e.start_date, e.target_completion_date, e.actual_completion_date, e.current_day, e.cycle, e.training_weekdays,
    to_char(e.training_time, 'HH24:MI') AS training_time, e.paused_on, e.enrollment_notes, e.created_by, e.updated_by,
    e.created_at, e.updated_at, e.is_active, e.version,
    CASE WHEN {_IS_THE_ATHLETES_WORD}
        THEN CASE WHEN {_IS_BEHIND} THEN {_verbs(upgradable=True, without=ATHLETES_WORD)}
            ELSE {_verbs(upgradable=False, without=ATHLETES_WORD)} END
        ELSE CASE WHEN {_IS_BEHIND} THEN {_verbs(upgradable=True)} ELSE {_verbs(upgradable=False)} END END AS verbs,
    {_COUNTS} AS session_counts, {_NEXT_SESSION} AS next_session, {_CYCLES} AS cycles"""

# $2 the time now.
ENROLLMENT = f"""
    SELECT row_to_json(d), d.version FROM (
        SELECT {_COLUMNS} {_FROM} WHERE e.user_id = $1 AND e.id = $3 AND e.is_active) d
"""

# $2 the time now, $3 status, $4 and $5 the last row's key, $6 limit.
ENROLLMENTS = f"""
    SELECT coalesce(json_agg(d.document ORDER BY d.place) FILTER (WHERE d.place < $6), '[]') AS items, count(*) AS found,
           max(d.start_date) FILTER (WHERE d.place = $6 - 1) AS last_date,
           (array_agg(d.id) FILTER (WHERE d.place = $6 - 1))[1] AS last_id
    FROM (
        SELECT r.id, r.start_date, row_to_json(r) AS document, row_number() OVER (ORDER BY r.start_date DESC, r.id DESC) AS place
        FROM (
            SELECT {_COLUMNS} {_FROM}
            WHERE e.user_id = $1 AND e.is_active AND ($3::enrollment_status IS NULL OR e.enrollment_status = $3)
              AND ($4::date IS NULL OR (e.start_date, e.id) < ($4, $5::uuid))
            ORDER BY e.start_date DESC, e.id DESC LIMIT $6) r) d
"""

_STORED = """e.id, e.program_id, e.program_revision, e.assigned_by, e.enrollment_status, e.start_date,
    e.target_completion_date, e.actual_completion_date, e.current_day, e.cycle, e.training_weekdays, e.training_time,
    e.paused_on, e.enrollment_notes, e.completed_by_itself, e.is_active, e.version, u.time_zone"""
# For what needs not ask the program.
_UNASKED = f"{_STORED}, e.program_revision AS latest_revision"

# Of $2 by its id, or of the program $3.
FIND = f"""
    SELECT {_STORED}, {_LATEST} AS latest_revision, p.copied_from_id {_FROM}
    WHERE e.user_id = $1 AND (e.id = $2 OR e.program_id = $3)
"""

TIME_ZONE = "SELECT u.time_zone FROM app_user u WHERE u.id = $1"

INSERT = """
    INSERT INTO user_program_enrollment (user_id, id, program_id, program_revision, assigned_by, start_date,
        target_completion_date, current_day, training_weekdays, training_time, enrollment_notes)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

# The one door through which an enrollment changes: the old state and version are repeated, so no row means somebody was first.
UPDATE = """
    UPDATE user_program_enrollment AS e SET enrollment_status = $5, program_revision = $6, start_date = $7,
        target_completion_date = $8, actual_completion_date = $9, current_day = $10, cycle = $11, training_weekdays = $12,
        training_time = $13, paused_on = $14, enrollment_notes = $15, completed_by_itself = $16
    WHERE e.user_id = $1 AND e.id = $2 AND e.is_active AND e.enrollment_status = $3 AND e.version = $4
"""

INSERT_CYCLE = """
    INSERT INTO user_program_cycle (user_id, id, program_enrollment_id, cycle, program_revision, cycle_status, start_date,
        target_completion_date, actual_completion_date, last_day)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""

# Where an enrollment stands by its sessions: the first day with one that is open, and the last with one at all.
STANDING = f"""
    SELECT {_UNASKED}, (
        SELECT min(s.program_day) FROM user_workout_session s
        WHERE {_OF_CYCLE} AND s.session_status IN ('PLANNED', 'IN_PROGRESS')) AS open_day, (
        SELECT max(s.program_day) FROM user_workout_session s WHERE {_OF_CYCLE}) AS last_day
    FROM user_program_enrollment e JOIN app_user u ON u.id = e.user_id
    WHERE e.user_id = $1 AND e.id = $2 AND e.is_active
"""

# A whole program in one statement. $2 enrollment, $3 cycle, $4 the athlete's time zone; $5 ids, $6 days, $7 positions,
# $8 workouts, $9 revisions, $10 when, by the clock on the athlete's wall.
PLAN_SESSIONS = """
    INSERT INTO user_workout_session (id, user_id, workout_id, workout_revision, program_enrollment_id, program_cycle,
        program_day, program_position, session_status, scheduled_at)
    SELECT n.id, $1, n.workout_id, n.workout_revision, $2, $3, n.day, n.place, 'PLANNED', n.local_at AT TIME ZONE $4
    FROM unnest($5::uuid[], $6::smallint[], $7::smallint[], $8::uuid[], $9::int[], $10::timestamp[])
        AS n (id, day, place, workout_id, workout_revision, local_at)
"""

# The sessions of an enrollment's ($2) cycle ($3), and those hung on it by hand, with times in the athlete's zone $4.
CYCLE_SESSIONS = """
    SELECT s.id, s.program_day, s.program_position, s.session_status, s.cancelled_with_enrollment,
        s.scheduled_at AT TIME ZONE $4 AS local_at,
        (coalesce(s.started_at, s.completed_at) AT TIME ZONE $4)::date AS done_on
    FROM user_workout_session s
    WHERE s.user_id = $1 AND s.program_enrollment_id = $2 AND s.is_active AND (s.program_cycle IS NULL OR s.program_cycle = $3)
    ORDER BY s.program_day, s.program_position, s.id
"""

# $2 the athlete's time zone, $3 ids, $4 when. What was cancelled with its enrollment is planned again; what is there already
# is not written.
MOVE_SESSIONS = """
    UPDATE user_workout_session AS s SET scheduled_at = n.local_at AT TIME ZONE $2, session_status = 'PLANNED',
        cancelled_with_enrollment = false
    FROM unnest($3::uuid[], $4::timestamp[]) AS n (id, local_at)
    WHERE s.user_id = $1 AND s.id = n.id AND s.is_active AND (s.session_status = 'PLANNED' OR s.cancelled_with_enrollment)
      AND (s.cancelled_with_enrollment OR s.scheduled_at IS DISTINCT FROM n.local_at AT TIME ZONE $2)
"""

# As above with another workout: $5 workouts, $6 revisions. One that stays where it is keeps its instant, also within an
# hour that clocks show twice.
REPIN_SESSIONS = """
    UPDATE user_workout_session AS s SET workout_id = n.workout_id, workout_revision = n.workout_revision,
        scheduled_at = CASE WHEN s.scheduled_at AT TIME ZONE $2 IS NOT DISTINCT FROM n.local_at THEN s.scheduled_at
                            ELSE n.local_at AT TIME ZONE $2 END
    FROM unnest($3::uuid[], $4::timestamp[], $5::uuid[], $6::int[]) AS n (id, local_at, workout_id, workout_revision)
    WHERE s.user_id = $1 AND s.id = n.id AND s.is_active AND s.session_status = 'PLANNED'
      AND (s.scheduled_at AT TIME ZONE $2, s.workout_id, s.workout_revision)
          IS DISTINCT FROM (n.local_at, n.workout_id, n.workout_revision)
"""

HIDE_SESSIONS = """
    UPDATE user_workout_session AS s SET is_active = false
    WHERE s.user_id = $1 AND s.id = ANY ($2) AND s.is_active AND s.session_status = 'PLANNED'
"""

# Whether the athlete stopped an enrollment ($2) themselves.
STOPPED_BY_ATHLETE = f"SELECT {_STOPPED_BY_ATHLETE.format(enrollment='$2')}"

# $3: the enrollment completed by itself, and if it goes on what was hung on it by hand comes back too.
CANCEL_SESSIONS = """
    UPDATE user_workout_session AS s SET session_status = 'CANCELLED', cancelled_with_enrollment = s.program_day IS NOT NULL OR $3
    WHERE s.user_id = $1 AND s.program_enrollment_id = $2 AND s.is_active AND s.session_status = 'PLANNED'
"""

# The enrollment goes on: what was hung on it by hand is planned again, at its own time.
RETURN_SESSIONS = """
    UPDATE user_workout_session AS s SET session_status = 'PLANNED', cancelled_with_enrollment = false
    WHERE s.user_id = $1 AND s.program_enrollment_id = $2 AND s.is_active AND s.cancelled_with_enrollment AND s.program_day IS NULL
"""

# The next cycle has begun: what was hung on the last one comes back with nothing.
FORGET_SESSIONS = """
    UPDATE user_workout_session AS s SET cancelled_with_enrollment = false
    WHERE s.user_id = $1 AND s.program_enrollment_id = $2 AND s.cancelled_with_enrollment AND s.program_day IS NULL
"""

# Who has an enrollment whose target date and $2 days of grace are past where they are. Of all athletes: the system's alone.
# The second condition is the first without the time zone, for the index.
DUE = """
    SELECT DISTINCT e.user_id FROM user_program_enrollment e JOIN app_user u ON u.id = e.user_id
    WHERE e.is_active AND e.enrollment_status IN ('ACTIVE', 'PAUSED')
      AND e.target_completion_date + $2::int < ($1::timestamptz AT TIME ZONE u.time_zone)::date
      AND e.target_completion_date < ($1::timestamptz AT TIME ZONE 'UTC')::date + 1 - $2::int
    ORDER BY e.user_id
"""

# Those of one athlete, the time now in $2 and the grace in $3.
DUE_OF_ATHLETE = f"""
    SELECT {_UNASKED} FROM user_program_enrollment e JOIN app_user u ON u.id = e.user_id
    WHERE e.user_id = $1 AND e.is_active AND e.enrollment_status IN ('ACTIVE', 'PAUSED')
      AND e.target_completion_date + $3::int < ($2::timestamptz AT TIME ZONE u.time_zone)::date
    ORDER BY e.id
"""

# From zone $2 to zone $3: what is planned for $4 or later, or since its enrollment was paused, stays where it is by the clock on
# the wall.
KEEP_WALL_CLOCK = """
    UPDATE user_workout_session AS s SET scheduled_at = (s.scheduled_at AT TIME ZONE $2) AT TIME ZONE $3
    WHERE s.user_id = $1 AND s.is_active AND s.session_status = 'PLANNED' AND (s.scheduled_at AT TIME ZONE $2)::date >= coalesce((
        SELECT least(e.paused_on, $4::date) FROM user_program_enrollment e
        WHERE e.user_id = $1 AND e.id = s.program_enrollment_id), $4::date)
"""

# A session with what moving it depends on; `local_at` is in the athlete's zone.
FIND_PLANNED = """
    SELECT s.id, s.session_status, s.program_enrollment_id, s.program_cycle, s.program_day, s.program_position,
        s.scheduled_at AT TIME ZONE u.time_zone AS local_at, u.time_zone, s.version
    FROM user_workout_session s JOIN app_user u ON u.id = s.user_id
    WHERE s.user_id = $1 AND s.id = $2 AND s.is_active
"""

RESCHEDULE = """
    UPDATE user_workout_session AS s SET scheduled_at = $3
    WHERE s.user_id = $1 AND s.id = $2 AND s.is_active AND s.session_status = 'PLANNED' AND s.version = $4
"""
