"""Every SQL statement of coaching. $1 is the user who acts for themselves, or the athlete."""


def _page(rows: str, limit: str, order: str, document: str = "row_to_json(x)") -> str:
    """A page of a list for http/paging.page_json: `rows` holds one more than asked for; `order` is its key."""
    columns = [part.split()[0] for part in order.split(", ")]
    last = ", ".join(f"(array_agg(d.{c}) FILTER (WHERE d.place = {limit} - 1))[1] AS last_{c}" for c in columns)
    return f"""
    SELECT coalesce(json_agg(d.document ORDER BY d.place) FILTER (WHERE d.place < {limit}), '[]') AS items, count(*) AS found,
        {last}
    FROM (
        SELECT {", ".join(f"x.{c}" for c in columns)}, {document} AS document, row_number() OVER (ORDER BY {order}) AS place
        FROM ({rows} ORDER BY {order} LIMIT {limit}) x) d
"""


# --- Invitations -----------------------------------------------------------------------------------------------------

_STATE = """CASE WHEN g.id IS NOT NULL THEN 'ACCEPTED' WHEN i.revoked_at IS NOT NULL THEN 'REVOKED'
    WHEN i.expires_at <= now() THEN 'EXPIRED' ELSE 'PENDING' END"""
_INVITATION = f"""i.id, i.invited_email, i.scopes, i.message, {_STATE} AS invitation_state, i.expires_at, i.revoked_at,
    g.id AS grant_id, g.user_id AS athlete_id, i.created_at, i.version"""
_MINE = "FROM coach_invitation i LEFT JOIN coach_grant g ON g.invitation_id = i.id WHERE i.user_id = $1"

INSERT_INVITATION = """
    INSERT INTO coach_invitation (id, user_id, secret_hash, invited_email, scopes, message, expires_at)
    VALUES ($2, $1, $3, $4, $5, $6, $7)
"""
INVITATION = f"SELECT row_to_json(d), d.version FROM (SELECT {_INVITATION} {_MINE} AND i.id = $2 AND i.is_active) d"
FIND_INVITATION = """
    SELECT i.invited_email, i.scopes, i.message, i.expires_at FROM coach_invitation i
    WHERE i.user_id = $1 AND i.id = $2 AND i.is_active
"""
INVITATIONS = _page(
    f"""SELECT {_INVITATION} {_MINE} AND i.is_active
        AND ($2::timestamptz IS NULL OR (i.created_at, i.id) < ($2, $3::uuid))""",
    "$4",
    "created_at DESC, id DESC",
)
REVOKE_INVITATION = """
    UPDATE coach_invitation AS i SET revoked_at = now()
    WHERE i.user_id = $1 AND i.id = $2 AND i.revoked_at IS NULL AND i.is_active
"""

# Others' invitations are found by the system, for whoever has the code or the e-mail address they are for.
_RECEIVED = "i.id, i.user_id AS coach_id, c.display_name AS coach_name, i.scopes, i.message, i.expires_at, i.created_at"
_FOR_ME = """FROM app_user me
    JOIN coach_invitation i ON {which}
    JOIN app_user c ON c.id = i.user_id AND c.is_active
    LEFT JOIN coach_grant g ON g.invitation_id = i.id
    WHERE me.id = $1 AND i.is_active"""
# By the hash of its code $2, or, one that is addressed to the asker, by its id $3.
RECEIVED_INVITATION = f"""
    SELECT d.*, row_to_json(d) AS document FROM (
        SELECT {_RECEIVED}, {_STATE} AS invitation_state, g.user_id AS accepted_by, g.id AS grant_id,
            g.revoked_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now()) AS is_in_force
        {_FOR_ME.format(which="i.secret_hash = $2 OR i.id = $3 AND i.invited_email IS NOT NULL")}
          AND (i.invited_email IS NULL OR lower(i.invited_email) = lower(me.email))) d
"""
RECEIVED_INVITATIONS = _page(
    f"""SELECT {_RECEIVED} {_FOR_ME.format(which="lower(i.invited_email) = lower(me.email)")}
        AND {_STATE} = 'PENDING' AND i.user_id <> $1
        AND ($2::timestamptz IS NULL OR (i.created_at, i.id) < ($2, $3::uuid))""",
    "$4",
    "created_at DESC, id DESC",
)

# --- Grants ----------------------------------------------------------------------------------------------------------

_GRANT = """g.id, g.user_id, g.coach_id, app.actor_name(g.coach_id) AS coach_name, g.scopes, g.consent_version,
    CASE WHEN g.revoked_at IS NOT NULL THEN 'REVOKED' WHEN g.expires_at <= now() THEN 'EXPIRED' ELSE 'IN_FORCE' END AS grant_state,
    g.expires_at, g.revoked_at, g.invitation_id, g.created_at, g.updated_at, g.version"""

GRANT = f"SELECT row_to_json(d), d.* FROM (SELECT {_GRANT} FROM coach_grant g WHERE g.user_id = $1 AND g.id = $2 AND g.is_active) d"
GRANTS = _page(
    f"""SELECT {_GRANT} FROM coach_grant g
        WHERE g.user_id = $1 AND g.is_active AND ($2::timestamptz IS NULL OR (g.created_at, g.id) < ($2, $3::uuid))""",
    "$4",
    "created_at DESC, id DESC",
)
# Whom a consent is for: by id $2 or e-mail address $3.
COACH = "SELECT u.id FROM app_user u WHERE u.is_active AND u.id <> $1 AND (u.id = $2 OR lower(u.email) = lower($3))"
INSERT_GRANT = """
    INSERT INTO coach_grant (id, user_id, coach_id, scopes, consent_version, expires_at, invitation_id)
    VALUES ($2, $1, $3, $4, $5, $6, $7)
"""
# The one in force, or expired, that a new one takes the place of.
REPLACE_GRANT = """
    UPDATE coach_grant SET revoked_at = now() WHERE user_id = $1 AND coach_id = $2 AND revoked_at IS NULL AND is_active
"""
# The version is repeated, so no row means somebody was first.
UPDATE_GRANT = """
    UPDATE coach_grant SET scopes = $4, expires_at = $5, consent_version = $6
    WHERE user_id = $1 AND id = $2 AND version = $3 AND revoked_at IS NULL AND is_active
"""
REVOKE_GRANT = """
    UPDATE coach_grant SET revoked_at = now() WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL AND is_active
"""
LAY_DOWN = "SELECT app.lay_down($1)"

# --- Who read what ---------------------------------------------------------------------------------------------------

ACCESSES = _page(
    """SELECT a.coach_id, app.actor_name(a.coach_id) AS coach_name, a.grant_id, a.what, a.reads, a.writes, a.first_at, a.last_at
       FROM coach_access a
       WHERE a.user_id = $1 AND ($2::timestamptz IS NULL OR (a.first_at, a.grant_id, a.what) < ($2, $3::uuid, $4::text))""",
    "$5",
    "first_at DESC, grant_id DESC, what DESC",
)

# --- The coach's list ------------------------------------------------------------------------------------------------

# All athletes of the coach, in the order in which they need attention; $1 is now, $2 to $5 the last row's key, $6 the limit. All
# but what the order is made of is looked up for the athletes of the page alone.
ATHLETES = """
    WITH page AS MATERIALIZED (
        SELECT o.*, -cardinality(o.attention) AS reasons, -coalesce(o.missed, 0) AS gaps,
            coalesce(o.last_at, '1970-01-01Z') AS trained_at
        FROM (SELECT v.*, array_remove(ARRAY[
                  CASE WHEN v.missed >= 2 THEN 'MISSED_SESSIONS' END,
                  CASE WHEN v.due IS NOT NULL AND coalesce(v.last_at, '-infinity') < $1::timestamptz - interval '14 days'
                       THEN 'NO_SESSION_LATELY' END,
                  CASE WHEN v.expires_at < $1::timestamptz + interval '14 days' THEN 'GRANT_EXPIRES_SOON' END], NULL) AS attention
              FROM app.coach_overview($1) v) o
        WHERE $2::bigint IS NULL
           OR (-cardinality(o.attention), -coalesce(o.missed, 0), coalesce(o.last_at, '1970-01-01Z'), o.athlete_id)
               > ($2, $3::bigint, $4::timestamptz, $5::uuid)
        ORDER BY reasons, gaps, trained_at, athlete_id LIMIT $6),
    numbered AS (SELECT p.*, row_number() OVER (ORDER BY p.reasons, p.gaps, p.trained_at, p.athlete_id) AS place FROM page p)
    SELECT coalesce(json_agg(jsonb_build_object('athlete_id', x.athlete_id, 'display_name', x.display_name, 'grant_id', x.grant_id,
            'scopes', x.scopes, 'expires_at', x.expires_at, 'attention', x.attention,
            'adherence', round(x.done / nullif(x.due, 0)::numeric, 3), 'done_28_days', x.done, 'due_28_days', x.due,
            'missed_14_days', x.missed, 'last_session', null, 'next_session', null, 'programs', null, 'records', null)
            || coalesce(d.details, '{}') ORDER BY x.place) FILTER (WHERE x.place < $6), '[]') AS items,
        count(*) AS found,
        (array_agg(x.reasons) FILTER (WHERE x.place = $6 - 1))[1] AS last_reasons,
        (array_agg(x.gaps) FILTER (WHERE x.place = $6 - 1))[1] AS last_gaps,
        (array_agg(x.trained_at) FILTER (WHERE x.place = $6 - 1))[1] AS last_trained_at,
        (array_agg(x.athlete_id) FILTER (WHERE x.place = $6 - 1))[1] AS last_athlete_id
    FROM numbered x
    LEFT JOIN app.overview_details((SELECT array_agg(p.athlete_id) FROM page p), $1) d ON d.athlete_id = x.athlete_id
"""

# --- Comments --------------------------------------------------------------------------------------------------------

_COMMENT = """t.id, t.user_id, t.user_workout_session_id, t.comment_text, app.actor_name(t.created_by) AS author_name, t.created_by,
    t.updated_by, t.created_at, t.updated_at, t.version"""

COMMENT = f"""
    SELECT row_to_json(d), d.version, d.created_by, d.comment_text FROM (
        SELECT {_COMMENT} FROM session_comment t
        WHERE t.user_id = $1 AND t.user_workout_session_id = $2 AND t.id = $3 AND t.is_active) d
"""
COMMENTS = _page(
    f"""SELECT {_COMMENT} FROM session_comment t
        WHERE t.user_id = $1 AND t.user_workout_session_id = $2 AND t.is_active
          AND ($3::timestamptz IS NULL OR (t.created_at, t.id) > ($3, $4::uuid))""",
    "$5",
    "created_at, id",
)
INSERT_COMMENT = """
    INSERT INTO session_comment (id, user_id, user_workout_session_id, comment_text) VALUES ($3, $1, $2, $4)
"""
# One's own words alone, $5.
UPDATE_COMMENT = """
    UPDATE session_comment SET comment_text = $4
    WHERE user_id = $1 AND id = $2 AND version = $3 AND created_by = $5 AND is_active
"""
HIDE_COMMENT = "UPDATE session_comment SET is_active = false WHERE user_id = $1 AND id = $2 AND is_active"
