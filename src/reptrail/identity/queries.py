"""Every SQL statement on users, passwords, logins and tokens."""
# ruff: noqa: S105 - statements that are named after what they keep, not secrets

# The instance's first user. Once there is an administrator no row matches and nothing is locked; until then two first
# registrations wait for each other here.
LOCK_FIRST = "SELECT true FROM instance WHERE id = 1 AND administrator_id IS NULL FOR UPDATE"
SET_ADMINISTRATOR = "UPDATE instance SET administrator_id = $1 WHERE id = 1"

INSERT_USER = """
    INSERT INTO app_user (id, email, display_name, time_zone, weight_unit, is_admin) VALUES ($1, $2, $3, $4, $5, $6)
"""
USER = """
    SELECT version, email, json_build_object(
        'id', id, 'email', email, 'display_name', display_name, 'time_zone', time_zone, 'weight_unit', weight_unit,
        'is_admin', is_admin, 'created_at', created_at)::text AS document
    FROM app_user WHERE id = $1 AND is_active
"""
UPDATE_USER = """
    UPDATE app_user SET email = coalesce($3, email), display_name = coalesce($4, display_name),
        time_zone = coalesce($5, time_zone), weight_unit = coalesce($6, weight_unit)
    WHERE id = $1 AND version = $2 AND is_active
"""
USER_BY_EMAIL = """
    SELECT id, time_zone, weight_unit FROM app_user WHERE lower(email) = lower($1) AND is_active
"""
LIST_USERS = """
    SELECT id, email, display_name, time_zone, weight_unit, is_admin, created_at
    FROM app_user WHERE is_active ORDER BY created_at, id
"""

PASSWORD_BY_EMAIL = """
    SELECT u.id, u.email, p.password_hash
    FROM app_user u JOIN user_password p ON p.user_id = u.id
    WHERE lower(u.email) = lower($1) AND u.is_active
"""
PASSWORD_BY_ID = """
    SELECT u.id, u.email, p.password_hash
    FROM app_user u JOIN user_password p ON p.user_id = u.id
    WHERE u.id = $1 AND p.user_id = $1 AND u.is_active
"""
SET_PASSWORD = """
    INSERT INTO user_password (user_id, password_hash, updated_at) VALUES ($1, $2, $3)
    ON CONFLICT (user_id) DO UPDATE SET password_hash = EXCLUDED.password_hash, updated_at = EXCLUDED.updated_at
"""

# Failed logins. $2 is now and $3 the time before which a window is over: a function such as now() may not stand in
# ON CONFLICT DO UPDATE on a distributed PostgreSQL.
COUNT_FAILURE = """
    INSERT INTO login_attempt AS a (attempt_key, failures, window_started_at) VALUES ($1, 1, $2)
    ON CONFLICT (attempt_key) DO UPDATE SET
        failures = CASE WHEN a.window_started_at <= $3 THEN EXCLUDED.failures ELSE a.failures + 1 END,
        window_started_at = CASE WHEN a.window_started_at <= $3 THEN EXCLUDED.window_started_at
                                 ELSE a.window_started_at END
    RETURNING failures, window_started_at
"""
FAILURES = """
    SELECT attempt_key, failures, window_started_at FROM login_attempt
    WHERE attempt_key = ANY ($1::text[]) AND window_started_at > $2
"""
CLEAR_FAILURES = "DELETE FROM login_attempt WHERE attempt_key = $1"
# Counters nobody needs any more, a few at a time; one that another login is counting with right now is left alone.
FORGET_FAILURES = """
    DELETE FROM login_attempt WHERE attempt_key IN (
        SELECT attempt_key FROM login_attempt WHERE window_started_at <= $1 LIMIT 100 FOR UPDATE SKIP LOCKED)
"""

INSERT_LOGIN = "INSERT INTO login (id, user_id, user_agent, address, expires_at) VALUES ($1, $2, $3, $4, $5)"
ROTATE_LOGIN = """
    UPDATE login l SET generation = l.generation + 1, refreshed_at = now(), refresh_key = $4, expires_at = $3
    FROM app_user u
    WHERE l.id = $1 AND l.generation = $2 AND l.ended_at IS NULL AND l.expires_at > now()
      AND u.id = l.user_id AND u.is_active
    RETURNING l.user_id, l.generation
"""
LOGIN = """
    SELECT l.user_id, l.generation, l.ended_at IS NULL AND l.expires_at > now() AND u.is_active AS in_force,
           coalesce(l.refresh_key = $3, false) AND l.refreshed_at > now() - make_interval(secs => $2) AS same_refresh
    FROM login l JOIN app_user u ON u.id = l.user_id
    WHERE l.id = $1
"""
RENEW_LOGIN = """
    UPDATE login SET expires_at = $3, refreshed_at = now() WHERE user_id = $1 AND id = $2 AND ended_at IS NULL
"""
END_LOGIN = """
    UPDATE login SET ended_at = now(), end_reason = $3 WHERE user_id = $1 AND id = $2 AND ended_at IS NULL
"""
# $2 is the login to spare; null spares none.
END_OTHER_LOGINS = """
    UPDATE login SET ended_at = now(), end_reason = $3
    WHERE user_id = $1 AND id IS DISTINCT FROM $2 AND ended_at IS NULL
"""
LOGINS = """
    SELECT created_at, id, json_build_object(
        'id', id, 'user_agent', user_agent, 'address', address, 'created_at', created_at,
        'refreshed_at', refreshed_at, 'expires_at', expires_at, 'is_current', id = $2)::text AS document
    FROM login
    WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now()
      AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4))
    ORDER BY created_at DESC, id DESC LIMIT $5
"""

INSERT_TOKEN = """
    INSERT INTO api_token (id, user_id, token_name, scopes, secret_hash, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
TOKEN = """
    SELECT version, json_build_object('id', id, 'name', token_name, 'scopes', scopes, 'expires_at', expires_at,
        'created_at', created_at)::text AS document
    FROM api_token WHERE user_id = $1 AND id = $2 AND is_active
"""
TOKENS = """
    SELECT created_at, id, json_build_object('id', id, 'name', token_name, 'scopes', scopes, 'expires_at', expires_at,
        'created_at', created_at)::text AS document
    FROM api_token
    WHERE user_id = $1 AND is_active AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
    ORDER BY created_at DESC, id DESC LIMIT $4
"""
REVOKE_TOKEN = "UPDATE api_token SET is_active = false WHERE user_id = $1 AND id = $2 AND is_active"
