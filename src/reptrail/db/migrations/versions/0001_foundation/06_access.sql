-- Who may do what: act_as sets the actor of a transaction, policies hold every statement to it.

-- Both functions run as the owner, so pg_temp comes last in their search path: unlisted it would come first, and a temporary
-- view of the server's own named login would run whatever it holds with the owner's rights.
--
-- Sets the actor or raises: RT401 no valid credential, RT404 the athlete is invisible to the actor, RT403 visible but
-- not allowed. p_scope is what the route needs: a scope, 'self' (the athlete alone, not with an API token), or null.
-- With p_write it locks the head of the athlete's ledger first, so that one athlete's writes happen one after another.
CREATE FUNCTION app.act_as(p_actor uuid, p_athlete uuid, p_scope text, p_via actor_via, p_request uuid, p_write boolean,
    p_credential uuid, p_secret_hash text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, app, pg_temp AS $$
DECLARE
    v_all CONSTANT text[] := ARRAY['training:read', 'training:write', 'program:assign', 'measurements:read',
                                   'measurements:write', 'account:read'];
    v_scopes text[] := v_all;
    v_granted text[];
BEGIN
    EXECUTE format('SET LOCAL app.actor_id = %L', p_actor);
    EXECUTE format('SET LOCAL app.request_id = %L', coalesce(p_request::text, ''));

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
        SELECT scopes INTO v_granted FROM coach_grant
        WHERE user_id = p_athlete AND coach_id = p_actor AND revoked_at IS NULL AND is_active
          AND (expires_at IS NULL OR expires_at > now());
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no such athlete' USING ERRCODE = 'RT404';
        END IF;
        IF p_scope = 'self' THEN
            RAISE EXCEPTION 'only the athlete may do this' USING ERRCODE = 'RT403';
        END IF;
        SELECT coalesce(array_agg(s), '{}') INTO v_scopes FROM unnest(v_scopes) s WHERE s = ANY (v_granted);
        p_via := 'COACH_GRANT';
    END IF;
    IF p_scope IS NOT NULL AND p_scope <> 'self' AND NOT p_scope = ANY (v_scopes) THEN
        RAISE EXCEPTION 'the scope % is needed', p_scope USING ERRCODE = 'RT403';
    END IF;

    EXECUTE format('SET LOCAL app.athlete_id = %L', p_athlete);
    EXECUTE format('SET LOCAL app.via = %L', p_via);
    EXECUTE format('SET LOCAL app.scopes = %L', array_to_string(v_scopes, ' '));
    IF p_write THEN
        PERFORM FROM change_head WHERE user_id = p_athlete FOR UPDATE;
    END IF;
END $$;

-- The system's own work for one athlete (an import or a report over the command line, BMI kept right), or, with null,
-- the moment before somebody is identified (register, login). The server is trusted to know who it serves; this function
-- is how it says so.
CREATE FUNCTION app.act_as_system(p_athlete uuid, p_via actor_via, p_request uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, app, pg_temp AS $$
BEGIN
    IF p_via NOT IN ('SYSTEM', 'IMPORT') THEN
        RAISE EXCEPTION 'no such way in' USING ERRCODE = 'RT401';
    END IF;
    EXECUTE 'SET LOCAL app.system = ''on''';
    EXECUTE format('SET LOCAL app.via = %L', p_via);
    EXECUTE format('SET LOCAL app.request_id = %L', coalesce(p_request::text, ''));
    IF p_athlete IS NOT NULL THEN
        EXECUTE format('SET LOCAL app.actor_id = %L', p_athlete);
        EXECUTE format('SET LOCAL app.athlete_id = %L', p_athlete);
        EXECUTE 'SET LOCAL app.scopes = ''training:read training:write program:assign measurements:read '
                'measurements:write account:read''';
        PERFORM FROM change_head WHERE user_id = p_athlete FOR UPDATE;
    END IF;
END $$;

REVOKE ALL ON FUNCTION app.act_as(uuid, uuid, text, actor_via, uuid, boolean, uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.act_as_system(uuid, actor_via, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.record_change() FROM PUBLIC;
REVOKE ALL ON FUNCTION app.keep_in_ledger(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.act_as(uuid, uuid, text, actor_via, uuid, boolean, uuid, text) TO reptrail_server;
GRANT EXECUTE ON FUNCTION app.act_as_system(uuid, actor_via, uuid) TO reptrail_server;

-- No DELETE anywhere but for what is worthless once old: rows are hidden by is_active, never removed.
GRANT SELECT, INSERT, UPDATE ON app_user, user_password, login, login_attempt, api_token, coach_grant, exercise, metric,
    workout, workout_revision, exercise_instruction, program, import, exercise_mapping, user_program_enrollment,
    user_workout_session, user_exercise_performance, user_set_performance, user_measurement TO reptrail_server;
GRANT SELECT, UPDATE ON instance TO reptrail_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_key TO reptrail_server;
GRANT DELETE ON login_attempt TO reptrail_server;
GRANT SELECT ON change, change_head, alembic_version TO reptrail_server;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['app_user', 'user_password', 'login', 'login_attempt', 'instance', 'api_token', 'coach_grant',
        'idempotency_key', 'exercise', 'metric', 'workout', 'workout_revision', 'exercise_instruction', 'program', 'import',
        'exercise_mapping', 'user_program_enrollment', 'user_workout_session', 'user_exercise_performance',
        'user_set_performance', 'user_measurement', 'change', 'change_head']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    END LOOP;
END $$;

-- Identity: one's own, or the system's before anybody is identified.
CREATE POLICY own ON app_user USING (id = app.actor() OR app.is_system());
CREATE POLICY athlete ON app_user FOR SELECT USING (id = app.athlete());
CREATE POLICY system ON user_password USING (app.is_system());
CREATE POLICY own ON login USING (user_id = app.actor() OR app.is_system());
CREATE POLICY system ON login_attempt USING (app.is_system());
CREATE POLICY system ON instance USING (app.is_system());
CREATE POLICY own ON api_token USING (user_id = app.actor());
CREATE POLICY own ON idempotency_key USING (user_id = app.athlete() AND actor_id = app.actor());
CREATE POLICY system ON idempotency_key USING (app.is_system());
CREATE POLICY athlete ON coach_grant USING (user_id = app.actor());
CREATE POLICY coach ON coach_grant FOR SELECT USING (coach_id = app.actor());

-- The catalogue: what is built in is everybody's to read and the system's to write; the rest is its owner's.
CREATE POLICY readable ON exercise FOR SELECT USING (user_id IS NULL OR user_id = app.allowed('training:read'));
CREATE POLICY readable ON metric FOR SELECT USING (user_id IS NULL OR user_id = app.allowed('measurements:read'));
CREATE POLICY readable ON workout FOR SELECT
    USING (is_public OR user_id = app.allowed('training:read') OR user_id = app.actor());
CREATE POLICY readable ON workout_revision FOR SELECT
    USING (is_public OR user_id = app.allowed('training:read') OR user_id = app.actor());
CREATE POLICY readable ON exercise_instruction FOR SELECT
    USING (is_public OR user_id = app.allowed('training:read') OR user_id = app.actor());
CREATE POLICY readable ON program FOR SELECT
    USING (is_public OR user_id = app.allowed('training:read') OR user_id = app.actor());

-- Athletes' rows: reading needs the read scope, writing the write scope, and nothing may be moved to another athlete.
DO $$
DECLARE
    t text[];
BEGIN
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['user_program_enrollment', 'training:read', 'program:assign'],
        ['user_workout_session', 'training:read', 'training:write'],
        ['user_exercise_performance', 'training:read', 'training:write'],
        ['user_set_performance', 'training:read', 'training:write'],
        ['exercise_mapping', 'training:read', 'training:write'],
        ['import', 'training:read', 'training:write'],
        ['user_measurement', 'measurements:read', 'measurements:write'],
        ['exercise', NULL, 'training:write'],
        ['metric', NULL, 'measurements:write'],
        ['workout', NULL, 'training:write'],
        ['workout_revision', NULL, 'training:write'],
        ['exercise_instruction', NULL, 'training:write'],
        ['program', NULL, 'training:write']]
    LOOP
        IF t[2] IS NOT NULL THEN
            EXECUTE format('CREATE POLICY readable ON %I FOR SELECT USING (user_id = app.allowed(%L))', t[1], t[2]);
        ELSE
            -- A built-in row is written by the system alone, with no athlete set.
            EXECUTE format('CREATE POLICY builtin_insert ON %I FOR INSERT WITH CHECK (user_id IS NULL AND app.is_system()
                AND app.athlete() IS NULL)', t[1]);
            EXECUTE format('CREATE POLICY builtin_update ON %I FOR UPDATE USING (user_id IS NULL AND app.is_system()
                AND app.athlete() IS NULL)', t[1]);
        END IF;
        EXECUTE format('CREATE POLICY insertable ON %I FOR INSERT WITH CHECK (user_id = app.allowed(%L))', t[1], t[3]);
        EXECUTE format('CREATE POLICY updatable ON %I FOR UPDATE USING (user_id = app.allowed(%L))
            WITH CHECK (user_id = app.allowed(%L))', t[1], t[3], t[3]);
    END LOOP;
END $$;

-- The ledger: read by the scope of what changed; written by app.record_change alone, which runs as the owner.
CREATE POLICY readable ON change FOR SELECT USING (
    user_id = CASE domain WHEN 'training' THEN app.allowed('training:read')
                          WHEN 'measurements' THEN app.allowed('measurements:read')
                          ELSE app.allowed('account:read') END);
CREATE POLICY chained ON change FOR INSERT WITH CHECK (user_id = app.athlete());
CREATE POLICY head ON change_head USING (user_id = app.athlete()) WITH CHECK (user_id = app.athlete());
