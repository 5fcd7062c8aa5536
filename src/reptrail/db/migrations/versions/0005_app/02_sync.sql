-- An enrollment that ended by itself goes on when what ended it is taken back (docs/decisions/0024): it has to be told from one
-- that somebody ended.
ALTER TABLE user_program_enrollment
    ADD COLUMN completed_by_itself boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT enrollment_completed_by_itself CHECK (NOT completed_by_itself OR enrollment_status = 'COMPLETED');

-- What was hung on it by hand ends with it, and then comes back with it too.
ALTER TABLE user_workout_session
    -- What the athlete calls it, where that is not its workout's name.
    ADD COLUMN session_name text,
    ADD CONSTRAINT session_name_length CHECK (length(session_name) BETWEEN 1 AND 120),
    DROP CONSTRAINT session_cancelled_with_enrollment,
    ADD CONSTRAINT session_cancelled_with_enrollment CHECK (NOT cancelled_with_enrollment
        OR (session_status = 'CANCELLED' AND program_enrollment_id IS NOT NULL));

-- As in 0002, but whoever writes waits for the athlete's ledger first, and is looked at as they then are: a login that has ended, a token
-- or a grant that was revoked while they waited is too late. Whoever holds none of these locks nothing. It is no statement more
-- than before.
CREATE OR REPLACE FUNCTION app.act_as(p_actor uuid, p_athlete uuid, p_scope text, p_via actor_via, p_request uuid, p_write boolean,
    p_credential uuid, p_secret_hash text, p_what text DEFAULT NULL) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, app, pg_temp AS $$
DECLARE
    v_all CONSTANT text[] := ARRAY['training:read', 'training:write', 'program:assign', 'measurements:read',
                                   'measurements:write', 'account:read'];
    v_scopes text[] := v_all;
    v_granted text[];
    v_grant uuid;
    v_speaks boolean;
BEGIN
    EXECUTE format('SET LOCAL app.actor_id = %L', p_actor);
    EXECUTE format('SET LOCAL app.athlete_id = %L', p_athlete);
    EXECUTE format('SET LOCAL app.request_id = %L', coalesce(p_request::text, ''));

    IF p_write THEN
        PERFORM FROM change_head h WHERE h.user_id = p_athlete
            AND (EXISTS (SELECT FROM login l WHERE p_via = 'WEB' AND l.id = p_credential AND l.user_id = p_actor
                         AND l.ended_at IS NULL)
                 OR EXISTS (SELECT FROM api_token t WHERE p_via = 'API_TOKEN' AND t.id = p_credential AND t.user_id = p_actor
                            AND t.secret_hash = p_secret_hash AND t.is_active))
            AND (p_actor = p_athlete OR EXISTS (SELECT FROM coach_grant g
                 WHERE g.user_id = p_athlete AND g.coach_id = p_actor AND g.revoked_at IS NULL))
        FOR UPDATE OF h;
    END IF;

    IF p_via = 'WEB' THEN
        PERFORM FROM login l JOIN app_user u ON u.id = l.user_id AND u.is_active
        WHERE l.id = p_credential AND l.user_id = p_actor AND l.ended_at IS NULL AND l.expires_at > now();
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this login has ended' USING ERRCODE = 'RT401';
        END IF;
    ELSIF p_via = 'API_TOKEN' THEN
        SELECT t.scopes INTO v_scopes FROM api_token t JOIN app_user u ON u.id = t.user_id AND u.is_active
        WHERE t.id = p_credential AND t.user_id = p_actor AND t.secret_hash = p_secret_hash AND t.is_active
          AND (t.expires_at IS NULL OR t.expires_at > now());
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this token is not valid' USING ERRCODE = 'RT401';
        END IF;
        IF p_scope = 'self' THEN
            RAISE EXCEPTION 'an API token may not do this' USING ERRCODE = 'RT403';
        END IF;
    ELSE
        RAISE EXCEPTION 'no such way in' USING ERRCODE = 'RT401';
    END IF;

    IF p_actor <> p_athlete THEN
        SELECT id, scopes INTO v_grant, v_granted FROM coach_grant
        WHERE user_id = p_athlete AND coach_id = p_actor AND revoked_at IS NULL AND is_active
          AND (expires_at IS NULL OR expires_at > now());
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no such athlete' USING ERRCODE = 'RT404';
        END IF;
        IF p_scope = 'self' THEN
            RAISE EXCEPTION 'only the athlete may do this' USING ERRCODE = 'RT403';
        END IF;
    END IF;
    IF p_write AND p_scope LIKE '%:read' AND NOT replace(p_scope, ':read', ':write') = ANY (v_scopes) THEN
        RAISE EXCEPTION 'the token needs the scope %', replace(p_scope, ':read', ':write') USING ERRCODE = 'RT403';
    END IF;
    v_speaks := 'training:write' = ANY (v_scopes);
    IF v_grant IS NOT NULL THEN
        SELECT coalesce(array_agg(s), '{}') INTO v_scopes FROM unnest(v_scopes) s WHERE s = ANY (v_granted);
        p_via := 'COACH_GRANT';
    END IF;
    IF p_scope IS NOT NULL AND p_scope <> 'self' AND NOT p_scope = ANY (v_scopes) THEN
        RAISE EXCEPTION 'the scope % is needed', p_scope USING ERRCODE = 'RT403';
    END IF;
    IF v_speaks AND 'training:read' = ANY (v_scopes) THEN
        v_scopes := v_scopes || 'training:comment'::text;
    END IF;

    EXECUTE format('SET LOCAL app.via = %L', p_via);
    EXECUTE format('SET LOCAL app.scopes = %L', array_to_string(v_scopes, ' '));
    IF v_grant IS NOT NULL THEN
        INSERT INTO coach_access AS a (user_id, coach_id, grant_id, what, hour, reads, writes, first_at, last_at)
        VALUES (p_athlete, p_actor, v_grant, coalesce(p_what, 'other'), date_trunc('hour', now(), 'UTC'),
                CASE WHEN p_write THEN 0 ELSE 1 END, CASE WHEN p_write THEN 1 ELSE 0 END, now(), now())
        ON CONFLICT (user_id, hour, grant_id, what) DO UPDATE SET reads = a.reads + EXCLUDED.reads,
            writes = a.writes + EXCLUDED.writes, last_at = EXCLUDED.last_at;
    END IF;
END $$;
