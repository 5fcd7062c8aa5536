"""Every SQL statement on programs that people read and write. $1 is always the athlete.

What is built in has no user_id and is everybody's to read. Beyond what these statements ask for, policies let an actor see
what is public, the athlete's, and the actor's own: a coach hands on programs of their own.
"""

from reptrail.db.documents import json_in_order, json_page, json_row

_AUDIT = "{0}.created_by, {0}.updated_by, {0}.created_at, {0}.updated_at, {0}.version"

_INSTRUCTIONS = """(
    SELECT coalesce(json_agg(y), '[]') FROM (
        SELECT i.id, i.position, i.exercise_id, e.exercise_name, e.tracks, e.load, i.group_number, i.sets, i.reps_min, i.reps_max,
            i.weight, i.weight_unit, i.percent, i.rpe, i.rest_seconds, i.duration_seconds, i.distance_m, i.set_targets,
            i.progression, i.instruction_notes
        FROM exercise_instruction i JOIN exercise e ON e.id = i.exercise_id
        WHERE i.workout_id = v.workout_id AND i.revision = v.revision AND i.is_active
        ORDER BY i.position, i.id) y)"""

# In the order in which the program comes to them. A workout that was made private since is not there to the reader, but
# its revision is: one of the program's own would be its author's.
_WORKOUTS = f"""(
    SELECT coalesce(json_agg(x), '[]') FROM (
        SELECT k.workout_key, v.workout_id, v.revision AS workout_revision, coalesce(w.kind,
                CASE WHEN v.user_id = r.user_id THEN 'PROGRAM'::workout_kind ELSE 'CATALOG' END) AS kind,
            v.user_id, v.is_public, v.workout_name, v.description, {_INSTRUCTIONS} AS instructions
        FROM (
            SELECT k.workout_key, k.workout_id, k.workout_revision, min(k.day_number * 100 + k.position) AS place
            FROM program_day_workout k WHERE k.program_id = r.program_id AND k.revision = r.revision
            GROUP BY k.workout_key, k.workout_id, k.workout_revision) k
        JOIN workout_revision v ON v.workout_id = k.workout_id AND v.revision = k.workout_revision
        LEFT JOIN workout w ON w.id = k.workout_id
        ORDER BY k.place) x)"""

# Days and what stands in them are put side by side by grouping, not by a join: before the tables are analysed PostgreSQL
# takes a nested loop for it, each day past all that stands in the program (730 days: 1.4 s, not 6 ms).
_DAYS = """(
    SELECT coalesce(json_agg(x), '[]') FROM (
        SELECT d.day_number, max(d.day_name) AS day_name, max(d.day_notes) AS day_notes,
            coalesce(json_agg(json_build_object('position', d.position, 'workout_key', d.workout_key, 'workout_id', d.workout_id,
                'workout_revision', d.workout_revision, 'workout_name', d.workout_name) ORDER BY d.position)
                FILTER (WHERE d.position > 0), '[]') AS workouts
        FROM (
            SELECT n.day_number, n.day_name, n.day_notes, 0 AS position, NULL AS workout_key, NULL::uuid AS workout_id,
                NULL::integer AS workout_revision, NULL AS workout_name
            FROM program_day n WHERE n.program_id = r.program_id AND n.revision = r.revision
            UNION ALL
            SELECT k.day_number, NULL, NULL, k.position, k.workout_key, k.workout_id, k.workout_revision, v.workout_name
            FROM program_day_workout k
            JOIN workout_revision v ON v.workout_id = k.workout_id AND v.revision = k.workout_revision
            WHERE k.program_id = r.program_id AND k.revision = r.revision) d
        GROUP BY d.day_number ORDER BY d.day_number) x)"""

# A program that its owner archived or unpublished goes on being there, in the revisions that were public, to whoever is
# enrolled in it: `p` is null then. Anybody else reads what is public, and the actor what is theirs.
_REVISIONS = """FROM program_revision r
    LEFT JOIN program p ON p.id = r.program_id AND p.user_id IS NOT DISTINCT FROM r.user_id"""
_READABLE = """WHERE r.program_id = $2
      AND (p.user_id = $1 OR p.user_id = app.actor() OR (p.is_public AND p.is_active) OR EXISTS (
          SELECT FROM user_program_enrollment e WHERE e.user_id = $1 AND e.program_id = $2 AND e.is_active))
      AND r.revision = coalesce($3, p.revision, (
          SELECT e.program_revision FROM user_program_enrollment e WHERE e.user_id = $1 AND e.program_id = $2 AND e.is_active))"""

_PROGRAM_COLUMNS = f"""r.program_id AS id, r.user_id, p.slug, r.program_name, r.description, r.is_public,
    coalesce(p.is_active, false) AS is_active, r.revision, coalesce(p.revision, r.revision) AS latest_revision, r.day_count,
    p.copied_from_id, p.copied_from_revision, {_WORKOUTS} AS workouts, {_DAYS} AS days, r.created_by,
    coalesce(p.updated_by, r.updated_by) AS updated_by, coalesce(p.created_at, r.created_at) AS created_at,
    coalesce(p.updated_at, r.updated_at) AS updated_at, coalesce(p.version, r.version) AS version"""

# $3 a revision; null: the latest.
PROGRAM = json_row(
    _PROGRAM_COLUMNS,
    f"{_REVISIONS} {_READABLE}",
    "d.id, d.user_id, d.revision, d.latest_revision, d.is_public, d.is_active, d.version",
)

# Where each workout stands, day by day: what is planned for whoever enrolls.
PLAN = f"""
    SELECT r.program_id, r.user_id, r.is_public, coalesce(p.is_active, false) AS is_active, r.revision,
        coalesce(p.revision, r.revision) AS latest_revision, r.program_name, r.day_count, k.days, k.positions, k.workouts,
        k.revisions
    {_REVISIONS}
    CROSS JOIN LATERAL (
        SELECT array_agg(k.day_number) AS days, array_agg(k.position) AS positions, array_agg(k.workout_id) AS workouts,
            array_agg(k.workout_revision) AS revisions
        FROM (SELECT k.day_number, k.position, k.workout_id, k.workout_revision FROM program_day_workout k
              WHERE k.program_id = r.program_id AND k.revision = r.revision ORDER BY k.day_number, k.position) k) k
    {_READABLE}
"""

_LISTED = """FROM program p
    JOIN program_revision r ON r.program_id = p.id AND r.user_id IS NOT DISTINCT FROM p.user_id AND r.revision = p.revision
    WHERE (p.user_id = $1 OR p.is_public) AND p.is_active"""
# $2 the athlete's own alone.
_FILTERED = f"{_LISTED} AND (p.user_id = $1 OR NOT $2)"
_ITEM_COLUMNS = f"""p.id, p.user_id, p.slug, r.program_name, r.description, r.is_public, r.revision, r.day_count,
    (SELECT count(DISTINCT k.day_number) FROM program_day_workout k
     WHERE k.program_id = p.id AND k.revision = p.revision) AS training_days,
    (SELECT round(7.0 * count(*) / r.day_count, 1) FROM program_day_workout k
     WHERE k.program_id = p.id AND k.revision = p.revision) AS workouts_a_week,
    p.copied_from_id, p.copied_from_revision, {_AUDIT.format("p")}"""

PROGRAMS = json_page(_ITEM_COLUMNS, _FILTERED, {"r.program_name": "text", "p.id": "uuid"}, 3)
PROGRAMS_IN_ORDER = json_in_order(_ITEM_COLUMNS, _LISTED, "p.id")
PROGRAM_NAMES = f"""
    SELECT p.id, r.program_name, array_remove(ARRAY[p.slug], NULL) AS aliases {_FILTERED} ORDER BY r.program_name, p.id
"""

# What a program file may call them by.
OWN_EXERCISES = """
    SELECT e.id, e.exercise_name, e.aliases FROM exercise e WHERE e.user_id = $1 AND e.is_active ORDER BY e.exercise_name, e.id
"""

# Of the workouts $2 the revisions $3 (null: the latest), as far as the athlete may use them.
FIND_WORKOUTS = """
    SELECT v.workout_id, v.revision, v.is_public, n.place::integer - 1 AS place
    FROM unnest($2::uuid[], $3::integer[]) WITH ORDINALITY AS n (workout_id, revision, place)
    JOIN workout w ON w.id = n.workout_id AND w.kind = 'CATALOG' AND w.is_active AND (w.user_id = $1 OR w.is_public)
    JOIN workout_revision v ON v.workout_id = w.id AND v.revision = coalesce(n.revision, w.revision)
"""

# The athlete's copy of a program ($2), the newest one that was not archived.
COPY = """
    SELECT p.id, p.copied_from_revision FROM program p
    WHERE p.user_id = $1 AND p.copied_from_id = $2 AND p.is_active ORDER BY p.created_at DESC, p.id DESC LIMIT 1
"""

INSERT_PROGRAM = """
    INSERT INTO program (user_id, id, is_public, copied_from_id, copied_from_revision) VALUES ($1, $2, $3, $4, $5)
"""
NEXT_REVISION = """
    UPDATE program AS p SET revision = $4, is_public = $5, copied_from_revision = coalesce($6, p.copied_from_revision)
    WHERE p.user_id = $1 AND p.id = $2 AND p.version = $3 AND p.is_active
"""
INSERT_REVISION = """
    INSERT INTO program_revision (user_id, id, program_id, revision, is_public, program_name, description, day_count)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
INSERT_DAYS = """
    INSERT INTO program_day (user_id, program_id, revision, is_public, id, day_number, day_name, day_notes)
    SELECT $1, $2, $3, $4, n.id, n.place, n.day_name, n.day_notes
    FROM unnest($5::uuid[], $6::text[], $7::text[]) WITH ORDINALITY AS n (id, day_name, day_notes, place)
"""
INSERT_DAY_WORKOUTS = """
    INSERT INTO program_day_workout (user_id, program_id, revision, is_public, id, day_number, position, workout_key, workout_id,
        workout_revision)
    SELECT $1, $2, $3, $4, n.id, n.day_number, n.position, n.workout_key, n.workout_id, n.workout_revision
    FROM unnest($5::uuid[], $6::smallint[], $7::smallint[], $8::text[], $9::uuid[], $10::integer[])
        AS n (id, day_number, position, workout_key, workout_id, workout_revision)
"""
HIDE_PROGRAM = "UPDATE program AS p SET is_active = false WHERE p.user_id = $1 AND p.id = $2 AND p.version = $3 AND p.is_active"
