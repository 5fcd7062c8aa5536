-- What the migrations make of an empty database, dumped by PostgreSQL itself, for reading and reviewing.
-- Made by `python -m reptrail.db.dump`; never edited by hand, and never run: `reptrail db migrate` is.

CREATE SCHEMA app;

CREATE TYPE public.actor_via AS ENUM (
    'WEB',
    'API_TOKEN',
    'COACH_GRANT',
    'IMPORT',
    'SYSTEM'
);

CREATE TYPE public.enrollment_status AS ENUM (
    'ACTIVE',
    'PAUSED',
    'COMPLETED',
    'CANCELLED',
    'EXPIRED'
);

CREATE TYPE public.exercise_mechanic AS ENUM (
    'COMPOUND',
    'ISOLATION'
);

CREATE TYPE public.exercise_tracks AS ENUM (
    'REPS_WEIGHT',
    'REPS',
    'DURATION',
    'DISTANCE',
    'DISTANCE_DURATION',
    'DURATION_WEIGHT',
    'DISTANCE_WEIGHT'
);

CREATE TYPE public.import_status AS ENUM (
    'APPLIED',
    'UNDONE'
);

CREATE TYPE public.measurement_source AS ENUM (
    'MANUAL',
    'DEVICE',
    'CALCULATED',
    'ESTIMATED'
);

CREATE TYPE public.session_status AS ENUM (
    'PLANNED',
    'IN_PROGRESS',
    'COMPLETED',
    'SKIPPED',
    'CANCELLED'
);

CREATE TYPE public.set_kind AS ENUM (
    'WARMUP',
    'WORKING',
    'DROP',
    'AMRAP',
    'FAILURE'
);

CREATE TYPE public.set_load AS ENUM (
    'EXTERNAL',
    'BODYWEIGHT',
    'ADDED',
    'ASSISTED'
);

CREATE TYPE public.weight_unit AS ENUM (
    'kg',
    'lb'
);

CREATE TYPE public.workout_kind AS ENUM (
    'CATALOG',
    'SESSION',
    'PROGRAM'
);

CREATE FUNCTION app.act_as(p_actor uuid, p_athlete uuid, p_scope text, p_via public.actor_via, p_request uuid, p_write boolean, p_credential uuid, p_secret_hash text, p_what text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'app', 'pg_temp'
    AS $$
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

CREATE FUNCTION app.act_as_system(p_athlete uuid, p_via public.actor_via, p_request uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'app', 'pg_temp'
    AS $$
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

CREATE FUNCTION app.actor() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.actor_id'::text, true), ''::text))::uuid;

CREATE FUNCTION app.actor_name(p_actor uuid) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'app', 'pg_temp'
    AS $$
DECLARE
    v_system text := coalesce(current_setting('app.system', true), '');
    v_name text;
BEGIN
    IF app.actor() <> app.athlete() AND p_actor NOT IN (app.actor(), app.athlete()) THEN
        RETURN NULL;
    END IF;
    -- Not as SET of the function: an owner that is no superuser may not name a setting of ours there.
    PERFORM set_config('app.system', 'on', true);
    SELECT u.display_name INTO v_name FROM app_user u WHERE u.id = p_actor;
    PERFORM set_config('app.system', v_system, true);
    RETURN v_name;
END $$;

CREATE FUNCTION app.allowed(p_scope text) RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN (strpos(current_setting('app.scopes'::text, true), p_scope) > 0) THEN (NULLIF(current_setting('app.athlete_id'::text, true), ''::text))::uuid ELSE NULL::uuid END;

CREATE FUNCTION app.athlete() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.athlete_id'::text, true), ''::text))::uuid;

CREATE FUNCTION app.bring_instruction() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_own uuid;
BEGIN
    IF NEW.exercise_instruction_id IS DISTINCT FROM NEW.id OR EXISTS (SELECT FROM exercise_instruction i WHERE i.id = NEW.id) THEN
        RETURN NEW;
    END IF;
    SELECT s.own_workout_id INTO v_own FROM user_workout_session s
    WHERE s.user_id = NEW.user_id AND s.id = NEW.user_workout_session_id;
    IF v_own IS NULL THEN
        v_own := NEW.user_workout_session_id;
        INSERT INTO workout (id, user_id, kind) VALUES (v_own, NEW.user_id, 'SESSION');
        INSERT INTO workout_revision (id, user_id, workout_id, revision, workout_name)
        VALUES (v_own, NEW.user_id, v_own, 1, 'Workout');
        UPDATE user_workout_session SET own_workout_id = v_own WHERE user_id = NEW.user_id AND id = NEW.user_workout_session_id;
    END IF;
    INSERT INTO exercise_instruction (id, user_id, workout_id, revision, position, exercise_id)
    SELECT NEW.exercise_instruction_id, NEW.user_id, v_own, 1, coalesce(max(i.position), 0) + 1, NEW.exercise_id
    FROM exercise_instruction i WHERE i.user_id = NEW.user_id AND i.workout_id = v_own;
    RETURN NEW;
END $$;

CREATE FUNCTION app.chain_step(p_link bytea, p_start bytea, p_text text) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    RETURN sha256((COALESCE(p_link, p_start) || convert_to(p_text, 'UTF8'::name)));

CREATE FUNCTION app.change_text(p_user uuid, p_seq bigint, p_actor uuid, p_via public.actor_via, p_request uuid, p_at timestamp with time zone, p_domain text, p_table text, p_row uuid, p_action text, p_before jsonb, p_after jsonb) RETURNS text
    LANGUAGE sql STABLE
    RETURN concat_ws(chr(31), p_user, p_seq, p_actor, p_via, COALESCE((p_request)::text, '-'::text), EXTRACT(epoch FROM p_at), p_domain, p_table, p_row, p_action, COALESCE((p_before)::text, '-'::text), COALESCE((p_after)::text, '-'::text));

CREATE FUNCTION app.coach_overview(p_now timestamp with time zone) RETURNS TABLE(athlete_id uuid, display_name text, grant_id uuid, scopes text[], expires_at timestamp with time zone, done bigint, due bigint, missed bigint, last_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'app', 'pg_temp'
    SET enable_bitmapscan TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_own CONSTANT text[] := string_to_array(current_setting('app.scopes'), ' ');
    v_athletes uuid[];
BEGIN
    SELECT array_agg(o.athlete_id) INTO v_athletes FROM app.oversee() o;
    RETURN QUERY
    SELECT g.user_id, g.display_name, g.id, g.scopes, g.expires_at, a.done, a.due, a.missed, l.completed_at
    FROM (SELECT c.user_id, c.id, c.scopes, c.expires_at, u.display_name, u.time_zone, (p_now AT TIME ZONE u.time_zone)::date AS today,
                 'training:read' = ANY (c.scopes) AND 'training:read' = ANY (v_own) AS is_readable
          FROM coach_grant c JOIN app_user u ON u.id = c.user_id
          WHERE c.coach_id = app.actor() AND c.user_id = ANY (v_athletes) AND c.revoked_at IS NULL AND c.is_active OFFSET 0) g
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE x.state = 'DONE') AS done,
            count(*) FILTER (WHERE x.state IN ('DONE', 'SKIPPED', 'MISSED')) AS due,
            count(*) FILTER (WHERE x.state = 'MISSED' AND x.day >= g.today - 14) AS missed
        FROM (SELECT d.day, app.due_state(d.session_status, d.day, d.paused_on, g.today) AS state
              FROM (SELECT s.session_status, (s.scheduled_at AT TIME ZONE g.time_zone)::date AS day,
                        (SELECT e.paused_on FROM user_program_enrollment e
                         WHERE e.user_id = g.user_id AND e.id = s.program_enrollment_id) AS paused_on
                    FROM user_workout_session s
                    WHERE s.user_id = g.user_id AND s.is_active AND s.session_status IN ('COMPLETED', 'SKIPPED', 'PLANNED')
                      AND s.scheduled_at >= (g.today - 27)::timestamp AT TIME ZONE g.time_zone
                      AND s.scheduled_at < (g.today + 1)::timestamp AT TIME ZONE g.time_zone
                    OFFSET 0) d -- fences, so that the day and the state are worked out once a row
              OFFSET 0) x) a ON g.is_readable
    LEFT JOIN LATERAL (
        SELECT s.completed_at FROM user_workout_session s
        WHERE s.user_id = g.user_id AND s.session_status = 'COMPLETED' AND s.is_active AND s.completed_at IS NOT NULL
        ORDER BY s.completed_at DESC LIMIT 1) l ON g.is_readable;
END $$;

CREATE FUNCTION app.due_state(p_status public.session_status, p_scheduled date, p_paused_on date, p_today date) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN (p_status = 'COMPLETED'::public.session_status) THEN 'DONE'::text WHEN (p_status <> 'PLANNED'::public.session_status) THEN (p_status)::text WHEN (p_scheduled IS NULL) THEN 'OPEN'::text WHEN (p_scheduled >= p_paused_on) THEN 'PAUSED'::text WHEN (p_scheduled < p_today) THEN 'MISSED'::text WHEN (p_scheduled = p_today) THEN 'DUE'::text ELSE 'AHEAD'::text END;

CREATE TABLE public.erasure_receipt (
    id uuid NOT NULL,
    subject_hash text NOT NULL,
    erased_at timestamp with time zone NOT NULL,
    counts jsonb NOT NULL,
    receipt_hash text NOT NULL,
    CONSTRAINT erasure_receipt_hashes CHECK (((length(subject_hash) = 64) AND (length(receipt_hash) = 64)))
);

ALTER TABLE ONLY public.erasure_receipt FORCE ROW LEVEL SECURITY;

CREATE FUNCTION app.erase(p_receipt uuid) RETURNS SETOF public.erasure_receipt
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'app', 'pg_temp'
    AS $_$
DECLARE
    v_me CONSTANT uuid := app.actor();
    v_at CONSTANT timestamptz := clock_timestamp();
    v_programs uuid[];
    v_workouts uuid[];
    v_kept uuid[];
    v_counts jsonb := '{}';
    v_count bigint;
    v_changes bigint;
    v_row erasure_receipt;
    t text[];
BEGIN
    IF v_me IS NULL OR v_me IS DISTINCT FROM app.athlete()
       OR coalesce(current_setting('app.via', true), '') NOT IN ('WEB', 'SYSTEM') THEN
        RAISE EXCEPTION 'only the athlete may do this' USING ERRCODE = 'RT403';
    END IF;
    -- As many as there were: each row that is removed below is a change more for a moment.
    SELECT count(*) INTO v_changes FROM change c WHERE c.user_id = v_me;
    -- A coach's grants end in the ledgers of those who gave them.
    PERFORM app.lay_down(g.user_id) FROM (SELECT c.user_id FROM coach_grant c
        WHERE c.coach_id = v_me AND c.revoked_at IS NULL AND c.is_active ORDER BY c.user_id) g;

    SELECT coalesce(array_agg(p.id), '{}') INTO v_programs FROM program p
    WHERE p.user_id = v_me AND EXISTS (SELECT FROM user_program_enrollment e WHERE e.program_id = p.id AND e.user_id <> v_me);
    SELECT coalesce(array_agg(w.id), '{}') INTO v_workouts FROM workout w
    WHERE w.user_id = v_me AND (
        EXISTS (SELECT FROM user_workout_session s WHERE s.workout_id = w.id AND s.user_id <> v_me)
        OR EXISTS (SELECT FROM program_day_workout d WHERE d.workout_id = w.id
                   AND (d.user_id IS DISTINCT FROM v_me OR d.program_id = ANY (v_programs))));
    SELECT v_programs || v_workouts || coalesce(array_agg(x.id), '{}') INTO v_kept FROM (
        SELECT i.exercise_id AS id FROM exercise_instruction i
        WHERE i.user_id IS DISTINCT FROM v_me OR i.workout_id = ANY (v_workouts)
        UNION SELECT p.exercise_id FROM user_exercise_performance p WHERE p.user_id <> v_me
        UNION SELECT p.exercise_id FROM user_prescription p WHERE p.user_id <> v_me
        UNION SELECT m.exercise_id FROM user_training_max m WHERE m.user_id <> v_me
        UNION SELECT m.exercise_id FROM exercise_mapping m WHERE m.user_id <> v_me
        UNION SELECT g.exercise_id FROM user_goal g WHERE g.user_id <> v_me
        UNION SELECT g.metric_id FROM user_goal g WHERE g.user_id <> v_me
        UNION SELECT n.metric_id FROM user_measurement n WHERE n.user_id <> v_me) x
    WHERE x.id IN (SELECT e.id FROM exercise e WHERE e.user_id = v_me UNION ALL SELECT m.id FROM metric m WHERE m.user_id = v_me);
    UPDATE program p SET is_active = false WHERE p.user_id = v_me AND p.id = ANY (v_kept) AND p.is_active;
    UPDATE workout w SET is_active = false WHERE w.user_id = v_me AND w.id = ANY (v_kept) AND w.is_active;
    UPDATE app_user u SET email = u.id || '@deleted.invalid', display_name = 'a deleted user', time_zone = 'UTC', weight_unit = 'kg',
        is_admin = false, is_active = false WHERE u.id = v_me;
    -- While others have accounts nobody becomes the administrator by registering: the empty row stays it.
    UPDATE instance i SET administrator_id = NULL
    WHERE i.administrator_id = v_me AND NOT EXISTS (SELECT FROM app_user u WHERE u.is_active);

    -- Each table after those that point at it; of $1, but what is kept ($2). A test compares with the tables there are.
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['sync_operation', 'OR x.actor_id = $1'], ['idempotency_key', 'OR x.actor_id = $1'], ['coach_access', ''],
        ['session_comment', ''], ['user_prescription', ''], ['user_set_performance', ''], ['user_exercise_performance', ''],
        ['user_workout_session', ''], ['user_training_max', ''], ['user_program_cycle', ''], ['user_program_enrollment', ''],
        ['user_goal', ''], ['user_measurement', ''], ['user_equipment', ''], ['exercise_mapping', ''], ['import', ''],
        ['coach_grant', ''], ['coach_invitation', ''], ['calendar_feed', ''], ['api_token', ''],
        ['program_day_workout', 'AND x.program_id <> ALL ($2)'], ['program_day', 'AND x.program_id <> ALL ($2)'],
        ['program_revision', 'AND x.program_id <> ALL ($2)'], ['program', 'AND x.id <> ALL ($2)'],
        ['exercise_instruction', 'AND x.workout_id <> ALL ($2)'], ['workout_revision', 'AND x.workout_id <> ALL ($2)'],
        ['workout', 'AND x.id <> ALL ($2)'], ['exercise', 'AND x.id <> ALL ($2)'], ['metric', 'AND x.id <> ALL ($2)'],
        ['login', ''], ['user_password', ''], ['change', ''], ['change_head', '']] LOOP
        EXECUTE format('DELETE FROM %I x WHERE x.user_id = $1 %s', t[1], t[2]) USING v_me, v_kept;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        IF v_count > 0 THEN
            v_counts := v_counts || jsonb_build_object(t[1], v_count);
        END IF;
    END LOOP;
    v_counts := v_counts || jsonb_build_object('change', v_changes);
    BEGIN
        DELETE FROM app_user u WHERE u.id = v_me;
        v_counts := v_counts || '{"app_user": 1}';
    EXCEPTION WHEN foreign_key_violation THEN
        NULL; -- what others keep points at it
    END;

    v_row := (p_receipt, app.subject_hash(v_me), v_at, v_counts, encode(sha256(convert_to(
        concat_ws(chr(31), p_receipt, app.subject_hash(v_me), extract(epoch FROM v_at), v_counts::text), 'UTF8')), 'hex'));
    INSERT INTO erasure_receipt SELECT (v_row).*;
    RETURN NEXT v_row;
END $_$;

CREATE FUNCTION app.is_system() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (COALESCE(current_setting('app.system'::text, true), ''::text) = 'on'::text);

CREATE FUNCTION app.keep_in_ledger(p_table text, p_domain text) RETURNS void
    LANGUAGE plpgsql
    AS $_$
BEGIN
    EXECUTE format('CREATE TRIGGER ledger_insert AFTER INSERT ON %1$I REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION app.record_change(%1$L, %2$L)', p_table, p_domain);
    EXECUTE format('CREATE TRIGGER ledger_update AFTER UPDATE ON %1$I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION app.record_change(%1$L, %2$L)', p_table, p_domain);
    EXECUTE format('CREATE TRIGGER ledger_delete AFTER DELETE ON %1$I REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION app.record_change(%1$L, %2$L)', p_table, p_domain);
END $_$;

CREATE FUNCTION app.lay_down(p_athlete uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'app', 'pg_temp'
    AS $$
DECLARE
    v_athlete CONSTANT uuid := app.athlete();
    v_via CONSTANT text := current_setting('app.via');
    v_count integer;
BEGIN
    PERFORM FROM coach_grant WHERE user_id = p_athlete AND coach_id = app.actor() AND revoked_at IS NULL AND is_active;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    EXECUTE format('SET LOCAL app.athlete_id = %L', p_athlete);
    EXECUTE 'SET LOCAL app.via = ''COACH_GRANT''';
    PERFORM FROM change_head WHERE user_id = p_athlete FOR UPDATE;
    UPDATE coach_grant SET revoked_at = now()
    WHERE user_id = p_athlete AND coach_id = app.actor() AND revoked_at IS NULL AND is_active;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    EXECUTE format('SET LOCAL app.athlete_id = %L', v_athlete);
    EXECUTE format('SET LOCAL app.via = %L', v_via);
    RETURN v_count > 0;
END $$;

CREATE FUNCTION app.oversee() RETURNS TABLE(athlete_id uuid, grant_id uuid, scopes text[], expires_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'app', 'pg_temp'
    AS $$
BEGIN
    -- Counted once an hour: an app asks for the list each time it is opened, and 200 updates a look buy nothing.
    INSERT INTO coach_access (user_id, coach_id, grant_id, what, hour, reads, first_at, last_at)
    SELECT g.user_id, g.coach_id, g.id, 'overview', date_trunc('hour', now(), 'UTC'), 1, now(), now() FROM coach_grant g
    WHERE g.coach_id = app.actor() AND g.revoked_at IS NULL AND g.is_active AND (g.expires_at IS NULL OR g.expires_at > now())
    ORDER BY g.user_id
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT g.user_id, g.id, g.scopes, g.expires_at FROM coach_grant g
    WHERE g.coach_id = app.actor() AND g.revoked_at IS NULL AND g.is_active AND (g.expires_at IS NULL OR g.expires_at > now());
END $$;

CREATE FUNCTION app.overview_details(p_athletes uuid[], p_now timestamp with time zone) RETURNS TABLE(athlete_id uuid, details jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'app', 'pg_temp'
    SET enable_bitmapscan TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_own CONSTANT text[] := string_to_array(current_setting('app.scopes'), ' ');
BEGIN
    RETURN QUERY
    SELECT g.user_id, jsonb_build_object('last_session', l.document, 'next_session', n.document, 'programs', coalesce(e.documents, '[]'),
        'records', coalesce(r.documents, '[]'))
    FROM (SELECT c.user_id, (p_now AT TIME ZONE u.time_zone)::date::timestamp AT TIME ZONE u.time_zone AS today_at, (
                 SELECT coalesce(array_agg(p.id), '{}') FROM user_workout_session s
                 JOIN user_exercise_performance p ON p.user_id = c.user_id AND p.user_workout_session_id = s.id
                 WHERE s.user_id = c.user_id AND s.session_status = 'CANCELLED' AND s.started_at IS NOT NULL) AS cancelled
          FROM coach_grant c JOIN app_user u ON u.id = c.user_id
          WHERE c.coach_id = app.actor() AND c.user_id = ANY (p_athletes) AND c.revoked_at IS NULL AND c.is_active
            AND (c.expires_at IS NULL OR c.expires_at > now()) AND 'training:read' = ANY (c.scopes)
            AND 'training:read' = ANY (v_own) OFFSET 0) g
    LEFT JOIN LATERAL (
        SELECT jsonb_build_object('id', s.id, 'workout_name', w.workout_name, 'completed_at', s.completed_at) AS document
        FROM (SELECT s.id, s.completed_at, s.workout_id, s.workout_revision FROM user_workout_session s
              WHERE s.user_id = g.user_id AND s.session_status = 'COMPLETED' AND s.is_active AND s.completed_at IS NOT NULL
              ORDER BY s.completed_at DESC LIMIT 1) s
        LEFT JOIN workout_revision w ON w.workout_id = s.workout_id AND w.revision = s.workout_revision) l ON true
    LEFT JOIN LATERAL (
        -- By history_at, which is scheduled_at until a session begins: its index ends at the first; to compare the status within
        -- an index row-level security forbids (an enum's comparison could leak), so that would read a whole year's plan.
        SELECT jsonb_build_object('id', s.id, 'workout_name', w.workout_name, 'scheduled_at', s.scheduled_at) AS document
        FROM (SELECT s.id, s.scheduled_at, s.workout_id, s.workout_revision FROM user_workout_session s
              LEFT JOIN user_program_enrollment e ON e.user_id = g.user_id AND e.id = s.program_enrollment_id
              WHERE s.user_id = g.user_id AND s.session_status = 'PLANNED' AND s.is_active AND s.history_at >= g.today_at
                AND s.scheduled_at >= g.today_at AND e.paused_on IS NULL
              ORDER BY s.history_at, s.id LIMIT 1) s
        LEFT JOIN workout_revision w ON w.workout_id = s.workout_id AND w.revision = s.workout_revision) n ON true
    LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('enrollment_id', e.id, 'program_name', r.program_name,
            'enrollment_status', e.enrollment_status, 'current_day', e.current_day, 'day_count', r.day_count)
            ORDER BY e.start_date, e.id) AS documents
        FROM user_program_enrollment e
        JOIN program_revision r ON r.program_id = e.program_id AND r.revision = e.program_revision
        WHERE e.user_id = g.user_id AND e.is_active AND e.enrollment_status IN ('ACTIVE', 'PAUSED')) e ON true
    LEFT JOIN LATERAL (
        -- The weight before by the order of its index: as a condition of the index row-level security forbids it (a comparison of
        -- numerics could leak), so that would read every set there is of the exercise.
        SELECT jsonb_agg(jsonb_build_object('exercise_id', w.exercise_id, 'exercise_name', x.exercise_name, 'weight_kg', w.kg)
            ORDER BY x.exercise_name) AS documents
        FROM (SELECT p.exercise_id, max(p.weight_used_kg) AS kg, array_agg(p.id) || g.cancelled AS not_before
              FROM user_workout_session s
              JOIN user_exercise_performance p ON p.user_id = g.user_id AND p.user_workout_session_id = s.id
              WHERE s.user_id = g.user_id AND s.is_active AND s.session_status IN ('COMPLETED', 'IN_PROGRESS')
                AND s.history_at >= p_now - interval '14 days' AND s.history_at < p_now + interval '1 day'
                AND p.is_active AND p.weight_used_kg IS NOT NULL
              GROUP BY p.exercise_id OFFSET 0) w
        JOIN exercise x ON x.id = w.exercise_id
        WHERE w.kg > (
            SELECT t.weight_kg FROM user_set_performance t
            WHERE t.user_id = g.user_id AND t.exercise_id = w.exercise_id AND t.is_active AND t.kind <> 'WARMUP'
              AND t.load <> 'ASSISTED' AND t.weight_kg IS NOT NULL AND t.user_exercise_performance_id <> ALL (w.not_before)
            ORDER BY t.weight_kg DESC LIMIT 1)) r ON true;
END $$;

CREATE FUNCTION app.read_as_feed(p_secret_hash text) RETURNS uuid
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_user uuid;
BEGIN
    SELECT f.user_id INTO v_user FROM calendar_feed f JOIN app_user u ON u.id = f.user_id AND u.is_active
    WHERE f.secret_hash = p_secret_hash AND f.is_active;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such feed' USING ERRCODE = 'RT404';
    END IF;
    EXECUTE 'SET LOCAL app.system = ''off''';
    EXECUTE format('SET LOCAL app.actor_id = %L', v_user);
    EXECUTE format('SET LOCAL app.athlete_id = %L', v_user);
    EXECUTE 'SET LOCAL app.scopes = ''training:read''';
    RETURN v_user;
END $$;

CREATE FUNCTION app.record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'app', 'pg_temp'
    AS $$
DECLARE
    v_users uuid[];
    v_ids uuid[];
    v_befores jsonb[];
    v_afters jsonb[];
    v_user uuid;
    v_seq bigint;
    v_hash bytea;
    v_actor uuid := app.actor();
    v_via actor_via := nullif(current_setting('app.via', true), '')::actor_via;
    v_request uuid := nullif(current_setting('app.request_id', true), '')::uuid;
    v_at timestamptz := clock_timestamp();
    v_zone text := current_setting('TimeZone');
BEGIN
    -- Times in JSON bear the session's offset, and the ledger's are in UTC. (SET TimeZone on the function itself took a
    -- fifth of a write's time; ours are in UTC already.)
    IF v_zone <> 'UTC' THEN
        PERFORM set_config('TimeZone', 'UTC', true);
    END IF;
    -- What is built in has no user_id and is in nobody's ledger.
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(n.user_id), array_agg(n.id), array_agg(NULL::jsonb), array_agg(to_jsonb(n) - 'secret_hash')
        INTO v_users, v_ids, v_befores, v_afters FROM new_rows n WHERE n.user_id IS NOT NULL;
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT array_agg(x.user_id), array_agg(x.id), array_agg(d.before), array_agg(d.after)
        INTO v_users, v_ids, v_befores, v_afters
        FROM (SELECT array_agg(to_jsonb(o) ORDER BY o.id) AS rows FROM old_rows o) o,
             (SELECT array_agg(n.user_id ORDER BY n.id) AS users, array_agg(n.id ORDER BY n.id) AS ids,
                     array_agg(to_jsonb(n) - 'secret_hash' ORDER BY n.id) AS rows FROM new_rows n) n,
             unnest(n.users, n.ids, o.rows, n.rows) AS x (user_id, id, old, new),
             LATERAL (SELECT jsonb_object_agg(e.key, x.old -> e.key) AS before, jsonb_object_agg(e.key, e.value) AS after
                      FROM jsonb_each(x.new) e WHERE e.value IS DISTINCT FROM x.old -> e.key) d
        WHERE x.user_id IS NOT NULL AND d.after IS NOT NULL; -- an update that changes nothing is no change
    ELSE
        SELECT array_agg(o.user_id), array_agg(o.id), array_agg(to_jsonb(o) - 'secret_hash'), array_agg(NULL::jsonb)
        INTO v_users, v_ids, v_befores, v_afters FROM old_rows o WHERE o.user_id IS NOT NULL;
    END IF;
    IF v_zone <> 'UTC' THEN
        PERFORM set_config('TimeZone', v_zone, true);
    END IF;
    IF v_ids IS NULL THEN
        RETURN NULL;
    END IF;
    v_user := v_users[1];
    IF v_actor IS NULL OR v_via IS NULL THEN
        RAISE EXCEPTION 'a change of an athlete''s row needs an actor: call app.act_as first' USING ERRCODE = 'RT401';
    ELSIF v_user <> ANY (v_users) THEN
        RAISE EXCEPTION 'a statement changes the rows of one athlete';
    END IF;
    IF TG_ARGV[0] = 'app_user' AND TG_OP = 'INSERT' THEN
        INSERT INTO change_head (user_id) VALUES (v_user);
    END IF;

    IF cardinality(v_ids) = 1 THEN -- the daily case, a statement less
        UPDATE change_head SET seq = seq + 1, hash = app.chain_step(hash, NULL, app.change_text(v_user, seq + 1, v_actor,
            v_via, v_request, v_at, TG_ARGV[1], TG_ARGV[0], v_ids[1], TG_OP, v_befores[1], v_afters[1]))
        WHERE user_id = v_user RETURNING seq, hash INTO v_seq, v_hash;
        INSERT INTO change (user_id, seq, actor_id, via, request_id, changed_at, domain, table_name, row_id, action,
                            before, after, hash)
        VALUES (v_user, v_seq, v_actor, v_via, v_request, v_at, TG_ARGV[1], TG_ARGV[0], v_ids[1], TG_OP,
                v_befores[1], v_afters[1], v_hash);
    ELSE
        SELECT seq, hash INTO v_seq, v_hash FROM change_head WHERE user_id = v_user FOR UPDATE;
        INSERT INTO change (user_id, seq, actor_id, via, request_id, changed_at, domain, table_name, row_id, action,
                            before, after, hash)
        SELECT v_user, v_seq + r.place, v_actor, v_via, v_request, v_at, TG_ARGV[1], TG_ARGV[0], r.id, TG_OP,
               r.before, r.after,
               app.chain(v_hash, app.change_text(v_user, v_seq + r.place, v_actor, v_via, v_request, v_at, TG_ARGV[1],
                                                 TG_ARGV[0], r.id, TG_OP, r.before, r.after))
                   OVER (ORDER BY r.place ROWS UNBOUNDED PRECEDING)
        FROM unnest(v_ids, v_befores, v_afters) WITH ORDINALITY AS r (id, before, after, place);
        UPDATE change_head h SET seq = c.seq, hash = c.hash
        FROM change c WHERE h.user_id = v_user AND c.user_id = v_user AND c.seq = v_seq + cardinality(v_ids);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION app.stamp() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.created_by := app.actor();
        NEW.created_at := now();
        NEW.updated_by := NULL;
        NEW.version := 1;
    ELSE
        NEW.id := OLD.id;
        NEW.user_id := OLD.user_id;
        NEW.created_by := OLD.created_by;
        NEW.created_at := OLD.created_at;
        NEW.updated_by := app.actor();
        NEW.version := OLD.version + 1;
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION app.stamp_user() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.id := OLD.id;
        NEW.created_at := OLD.created_at;
        NEW.version := OLD.version + 1;
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION app.subject_hash(p_user uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN encode(sha256(convert_to((p_user)::text, 'UTF8'::name)), 'hex'::text);

CREATE FUNCTION app.unit_factor(p_unit text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE p_unit WHEN 'kg'::text THEN (1)::numeric WHEN 'g'::text THEN 0.001 WHEN '[lb_av]'::text THEN 0.45359237 WHEN 'lb'::text THEN 0.45359237 WHEN '[stone_av]'::text THEN 6.35029318 WHEN 'st'::text THEN 6.35029318 WHEN 'cm'::text THEN (1)::numeric WHEN 'm'::text THEN (100)::numeric WHEN 'mm'::text THEN 0.1 WHEN '[in_i]'::text THEN 2.54 WHEN 'in'::text THEN 2.54 WHEN '[ft_i]'::text THEN 30.48 WHEN 'ft'::text THEN 30.48 WHEN 'h'::text THEN (60)::numeric ELSE (1)::numeric END;

CREATE AGGREGATE app.chain(bytea, text) (
    SFUNC = app.chain_step,
    STYPE = bytea
);

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.api_token (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token_name text NOT NULL,
    scopes text[] NOT NULL,
    secret_hash text NOT NULL,
    expires_at timestamp with time zone,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT api_token_name_length CHECK (((length(token_name) >= 1) AND (length(token_name) <= 120)))
);

ALTER TABLE ONLY public.api_token FORCE ROW LEVEL SECURITY;

CREATE TABLE public.app_user (
    id uuid NOT NULL,
    user_id uuid GENERATED ALWAYS AS (id) STORED,
    email text NOT NULL,
    display_name text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    weight_unit public.weight_unit DEFAULT 'kg'::public.weight_unit NOT NULL,
    is_admin boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT app_user_display_name_length CHECK (((length(display_name) >= 1) AND (length(display_name) <= 120))),
    CONSTRAINT app_user_email_length CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT app_user_time_zone_length CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);

ALTER TABLE ONLY public.app_user FORCE ROW LEVEL SECURITY;

CREATE TABLE public.calendar_feed (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    feed_name text NOT NULL,
    secret_hash text NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT calendar_feed_name_length CHECK (((length(feed_name) >= 1) AND (length(feed_name) <= 120)))
);

ALTER TABLE ONLY public.calendar_feed FORCE ROW LEVEL SECURITY;

CREATE TABLE public.change (
    user_id uuid NOT NULL,
    seq bigint NOT NULL,
    actor_id uuid NOT NULL,
    via public.actor_via NOT NULL,
    request_id uuid,
    changed_at timestamp with time zone NOT NULL,
    domain text NOT NULL,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    action text NOT NULL,
    before jsonb,
    after jsonb,
    hash bytea NOT NULL,
    CONSTRAINT change_action_known CHECK ((action = ANY (ARRAY['INSERT'::text, 'UPDATE'::text, 'DELETE'::text]))),
    CONSTRAINT change_domain_known CHECK ((domain = ANY (ARRAY['training'::text, 'measurements'::text, 'account'::text])))
);

ALTER TABLE ONLY public.change FORCE ROW LEVEL SECURITY;

CREATE TABLE public.change_head (
    user_id uuid NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    hash bytea DEFAULT '\x'::bytea NOT NULL
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.change_head FORCE ROW LEVEL SECURITY;

CREATE TABLE public.coach_access (
    user_id uuid NOT NULL,
    coach_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    what text NOT NULL,
    hour timestamp with time zone NOT NULL,
    reads integer DEFAULT 0 NOT NULL,
    writes integer DEFAULT 0 NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT coach_access_counts CHECK (((reads >= 0) AND (writes >= 0) AND ((reads + writes) > 0)))
);

ALTER TABLE ONLY public.coach_access FORCE ROW LEVEL SECURITY;

CREATE TABLE public.coach_grant (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    coach_id uuid NOT NULL,
    scopes text[] NOT NULL,
    consent_version text NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    invitation_id uuid,
    CONSTRAINT coach_grant_assign_needs_read CHECK (((NOT ('program:assign'::text = ANY (scopes))) OR ('training:read'::text = ANY (scopes)))),
    CONSTRAINT coach_grant_not_oneself CHECK ((user_id <> coach_id)),
    CONSTRAINT coach_grant_scopes_known CHECK (((scopes <@ ARRAY['training:read'::text, 'training:write'::text, 'program:assign'::text, 'measurements:read'::text, 'measurements:write'::text]) AND (cardinality(scopes) > 0))),
    CONSTRAINT coach_grant_write_needs_read CHECK ((((NOT ('training:write'::text = ANY (scopes))) OR ('training:read'::text = ANY (scopes))) AND ((NOT ('measurements:write'::text = ANY (scopes))) OR ('measurements:read'::text = ANY (scopes)))))
);

ALTER TABLE ONLY public.coach_grant FORCE ROW LEVEL SECURITY;

CREATE TABLE public.coach_invitation (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    secret_hash text NOT NULL,
    invited_email text,
    scopes text[] NOT NULL,
    message text,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT coach_invitation_message_length CHECK ((length(message) <= 1000)),
    CONSTRAINT coach_invitation_scopes_known CHECK (((scopes <@ ARRAY['training:read'::text, 'training:write'::text, 'program:assign'::text, 'measurements:read'::text, 'measurements:write'::text]) AND (cardinality(scopes) > 0)))
);

ALTER TABLE ONLY public.coach_invitation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.exercise (
    id uuid NOT NULL,
    user_id uuid,
    slug text,
    exercise_name text NOT NULL,
    equipment text NOT NULL,
    mechanic public.exercise_mechanic NOT NULL,
    tracks public.exercise_tracks NOT NULL,
    load public.set_load DEFAULT 'EXTERNAL'::public.set_load NOT NULL,
    primary_muscles text[] DEFAULT '{}'::text[] NOT NULL,
    secondary_muscles text[] DEFAULT '{}'::text[] NOT NULL,
    aliases text[] DEFAULT '{}'::text[] NOT NULL,
    rank integer DEFAULT 1000000 NOT NULL,
    import_id uuid,
    created_by uuid,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT exercise_builtin_or_owned CHECK (((slug IS NULL) = (user_id IS NOT NULL))),
    CONSTRAINT exercise_name_length CHECK (((length(exercise_name) >= 1) AND (length(exercise_name) <= 120)))
);

ALTER TABLE ONLY public.exercise FORCE ROW LEVEL SECURITY;

CREATE TABLE public.exercise_instruction (
    id uuid NOT NULL,
    user_id uuid,
    workout_id uuid NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    "position" smallint NOT NULL,
    exercise_id uuid NOT NULL,
    group_number smallint,
    sets smallint,
    reps_min smallint,
    reps_max smallint,
    weight numeric,
    weight_unit public.weight_unit,
    rpe numeric,
    rest_seconds integer,
    duration_seconds integer,
    distance_m numeric,
    instruction_notes text,
    import_id uuid,
    created_by uuid,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    percent numeric,
    set_targets jsonb,
    progression jsonb,
    CONSTRAINT exercise_instruction_distance CHECK (((distance_m > (0)::numeric) AND (distance_m <= (1000000)::numeric))),
    CONSTRAINT exercise_instruction_duration CHECK (((duration_seconds >= 1) AND (duration_seconds <= 32767))),
    CONSTRAINT exercise_instruction_notes_length CHECK ((length(instruction_notes) <= 1000)),
    CONSTRAINT exercise_instruction_percent CHECK (((percent > (0)::numeric) AND (percent <= (150)::numeric))),
    CONSTRAINT exercise_instruction_position CHECK (("position" >= 1)),
    CONSTRAINT exercise_instruction_progression CHECK (((progression ->> 'rule'::text) = ANY (ARRAY['fixed'::text, 'linear'::text, 'double'::text, 'percent'::text, 'rpe'::text]))),
    CONSTRAINT exercise_instruction_reps CHECK (((reps_min >= 0) AND (reps_max >= reps_min) AND (reps_max <= 1000))),
    CONSTRAINT exercise_instruction_rest CHECK (((rest_seconds >= 0) AND (rest_seconds <= 3600))),
    CONSTRAINT exercise_instruction_rpe CHECK (((rpe >= (1)::numeric) AND (rpe <= (10)::numeric))),
    CONSTRAINT exercise_instruction_set_targets CHECK ((jsonb_typeof(set_targets) = 'array'::text)),
    CONSTRAINT exercise_instruction_sets CHECK (((sets >= 1) AND (sets <= 100))),
    CONSTRAINT exercise_instruction_weight CHECK ((((weight >= (0)::numeric) AND (weight <= (2000)::numeric) AND (weight_unit IS NOT NULL)) OR (weight IS NULL)))
);

ALTER TABLE ONLY public.exercise_instruction FORCE ROW LEVEL SECURITY;

CREATE TABLE public.exercise_mapping (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    match_key text NOT NULL,
    exercise_id uuid NOT NULL,
    import_id uuid,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL
);

ALTER TABLE ONLY public.exercise_mapping FORCE ROW LEVEL SECURITY;

CREATE TABLE public.idempotency_key (
    user_id uuid NOT NULL,
    actor_id uuid NOT NULL,
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint NOT NULL,
    etag text,
    body bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.idempotency_key FORCE ROW LEVEL SECURITY;

CREATE TABLE public.import (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    import_format text NOT NULL,
    file_name text NOT NULL,
    file_sha256 text NOT NULL,
    import_status public.import_status DEFAULT 'APPLIED'::public.import_status NOT NULL,
    time_zone text NOT NULL,
    counts jsonb NOT NULL,
    exercises jsonb DEFAULT '[]'::jsonb NOT NULL,
    issues jsonb NOT NULL,
    undone_at timestamp with time zone,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL
);

ALTER TABLE ONLY public.import FORCE ROW LEVEL SECURITY;

CREATE TABLE public.instance (
    id smallint DEFAULT 1 NOT NULL,
    administrator_id uuid,
    catalog_fingerprint text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT instance_one_row CHECK ((id = 1))
);

ALTER TABLE ONLY public.instance FORCE ROW LEVEL SECURITY;

CREATE TABLE public.login (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    generation integer DEFAULT 1 NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    refreshed_at timestamp with time zone DEFAULT now() NOT NULL,
    refresh_key text,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_reason text
);

ALTER TABLE ONLY public.login FORCE ROW LEVEL SECURITY;

CREATE TABLE public.login_attempt (
    attempt_key text NOT NULL,
    failures integer NOT NULL,
    window_started_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.login_attempt FORCE ROW LEVEL SECURITY;

CREATE TABLE public.metric (
    id uuid NOT NULL,
    user_id uuid,
    slug text,
    metric_name text NOT NULL,
    dimension text NOT NULL,
    canonical_unit character varying(20) NOT NULL,
    allowed_units text[] NOT NULL,
    minimum_plausible numeric,
    maximum_plausible numeric,
    loinc text,
    is_calculated boolean DEFAULT false NOT NULL,
    created_by uuid,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT metric_builtin_or_owned CHECK (((slug IS NULL) = (user_id IS NOT NULL))),
    CONSTRAINT metric_name_length CHECK (((length(metric_name) >= 1) AND (length(metric_name) <= 120)))
);

ALTER TABLE ONLY public.metric FORCE ROW LEVEL SECURITY;

CREATE TABLE public.program (
    id uuid NOT NULL,
    user_id uuid,
    slug text,
    is_public boolean DEFAULT false NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    created_by uuid,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    copied_from_id uuid,
    copied_from_revision integer,
    CONSTRAINT program_copied_whole CHECK (((copied_from_id IS NULL) = (copied_from_revision IS NULL)))
);

ALTER TABLE ONLY public.program FORCE ROW LEVEL SECURITY;

CREATE TABLE public.program_day (
    id uuid NOT NULL,
    user_id uuid,
    program_id uuid NOT NULL,
    revision integer NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    day_number smallint NOT NULL,
    day_name text,
    day_notes text,
    created_by uuid,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT program_day_name_length CHECK (((length(day_name) >= 1) AND (length(day_name) <= 120))),
    CONSTRAINT program_day_notes_length CHECK ((length(day_notes) <= 1000)),
    CONSTRAINT program_day_number CHECK ((day_number >= 1))
);

ALTER TABLE ONLY public.program_day FORCE ROW LEVEL SECURITY;

CREATE TABLE public.program_day_workout (
    id uuid NOT NULL,
    user_id uuid,
    program_id uuid NOT NULL,
    revision integer NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    day_number smallint NOT NULL,
    "position" smallint NOT NULL,
    workout_key text NOT NULL,
    workout_id uuid NOT NULL,
    workout_revision integer NOT NULL,
    created_by uuid,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT program_day_workout_key_length CHECK (((length(workout_key) >= 1) AND (length(workout_key) <= 40))),
    CONSTRAINT program_day_workout_position CHECK (("position" >= 1))
);

ALTER TABLE ONLY public.program_day_workout FORCE ROW LEVEL SECURITY;

CREATE TABLE public.program_revision (
    id uuid NOT NULL,
    user_id uuid,
    program_id uuid NOT NULL,
    revision integer NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    program_name text NOT NULL,
    description text,
    day_count smallint NOT NULL,
    created_by uuid,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT program_day_count CHECK ((day_count >= 1)),
    CONSTRAINT program_description_length CHECK ((length(description) <= 2000)),
    CONSTRAINT program_name_length CHECK (((length(program_name) >= 1) AND (length(program_name) <= 120))),
    CONSTRAINT program_revision_positive CHECK ((revision >= 1))
);

ALTER TABLE ONLY public.program_revision FORCE ROW LEVEL SECURITY;

CREATE TABLE public.session_comment (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_workout_session_id uuid NOT NULL,
    comment_text text NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT session_comment_length CHECK (((length(comment_text) >= 1) AND (length(comment_text) <= 2000)))
);

ALTER TABLE ONLY public.session_comment FORCE ROW LEVEL SECURITY;

CREATE TABLE public.sync_operation (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    actor_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    first_version integer NOT NULL,
    last_version integer NOT NULL,
    client_at timestamp with time zone,
    applied_seq bigint NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.sync_operation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_equipment (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    weight_unit public.weight_unit NOT NULL,
    bar_weight numeric NOT NULL,
    plates numeric[] NOT NULL,
    dumbbells numeric[] NOT NULL,
    machine_step numeric NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT user_equipment_bar CHECK (((bar_weight >= (0)::numeric) AND (bar_weight <= (100)::numeric))),
    CONSTRAINT user_equipment_one_row CHECK ((id = user_id)),
    CONSTRAINT user_equipment_step CHECK (((machine_step > (0)::numeric) AND (machine_step <= (50)::numeric)))
);

ALTER TABLE ONLY public.user_equipment FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_exercise_performance (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_workout_session_id uuid NOT NULL,
    exercise_instruction_id uuid NOT NULL,
    sets_completed smallint DEFAULT 0 NOT NULL,
    reps_completed smallint,
    weight_used_kg numeric,
    duration_seconds smallint,
    difficulty_rating smallint,
    performance_notes text,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    exercise_id uuid NOT NULL,
    import_id uuid,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT performance_difficulty CHECK (((difficulty_rating >= 1) AND (difficulty_rating <= 10))),
    CONSTRAINT performance_duration CHECK ((duration_seconds > 0)),
    CONSTRAINT performance_notes_length CHECK ((length(performance_notes) <= 1000)),
    CONSTRAINT performance_reps CHECK ((reps_completed >= 0)),
    CONSTRAINT performance_sets CHECK ((sets_completed >= 0)),
    CONSTRAINT performance_weight CHECK ((weight_used_kg > (0)::numeric)),
    CONSTRAINT performance_weight_finite CHECK ((weight_used_kg < 'Infinity'::numeric))
);

ALTER TABLE ONLY public.user_exercise_performance FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_goal (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    metric_id uuid,
    exercise_id uuid,
    target_value numeric NOT NULL,
    target_unit character varying(20) NOT NULL,
    canonical_target numeric GENERATED ALWAYS AS ((target_value * app.unit_factor((target_unit)::text))) STORED,
    start_date date NOT NULL,
    target_date date NOT NULL,
    goal_notes text,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT user_goal_dates CHECK ((target_date >= start_date)),
    CONSTRAINT user_goal_lift_unit CHECK (((metric_id IS NOT NULL) OR ((target_unit)::text = ANY ((ARRAY['kg'::character varying, 'lb'::character varying])::text[])))),
    CONSTRAINT user_goal_notes_length CHECK ((length(goal_notes) <= 1000)),
    CONSTRAINT user_goal_one_subject CHECK ((num_nonnulls(metric_id, exercise_id) = 1)),
    CONSTRAINT user_goal_target CHECK (((target_value > (0)::numeric) AND (target_value < 'Infinity'::numeric))),
    CONSTRAINT user_goal_unit_length CHECK ((length((target_unit)::text) >= 1))
);

ALTER TABLE ONLY public.user_goal FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_measurement (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    metric_id uuid NOT NULL,
    measured_value numeric NOT NULL,
    unit character varying(20) NOT NULL,
    measurement_date date NOT NULL,
    measurement_notes text,
    measurement_source public.measurement_source DEFAULT 'MANUAL'::public.measurement_source NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    canonical_value numeric GENERATED ALWAYS AS ((measured_value * app.unit_factor((unit)::text))) STORED,
    import_id uuid,
    import_key text,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT measurement_notes_length CHECK ((length(measurement_notes) <= 1000)),
    CONSTRAINT measurement_source_known CHECK ((measurement_source = ANY (ARRAY['MANUAL'::public.measurement_source, 'DEVICE'::public.measurement_source, 'CALCULATED'::public.measurement_source, 'ESTIMATED'::public.measurement_source]))),
    CONSTRAINT measurement_unit_length CHECK ((length((unit)::text) >= 1)),
    CONSTRAINT measurement_value CHECK ((measured_value >= (0)::numeric)),
    CONSTRAINT measurement_value_finite CHECK ((measured_value < 'Infinity'::numeric))
);

ALTER TABLE ONLY public.user_measurement FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_password (
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.user_password FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_prescription (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_workout_session_id uuid NOT NULL,
    exercise_instruction_id uuid NOT NULL,
    exercise_id uuid NOT NULL,
    sets jsonb NOT NULL,
    rest_seconds integer,
    rule text NOT NULL,
    inputs jsonb NOT NULL,
    reason text NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT user_prescription_reason_length CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
    CONSTRAINT user_prescription_rule CHECK ((rule = ANY (ARRAY['fixed'::text, 'linear'::text, 'double'::text, 'percent'::text, 'rpe'::text]))),
    CONSTRAINT user_prescription_sets CHECK ((jsonb_typeof(sets) = 'array'::text))
);

ALTER TABLE ONLY public.user_prescription FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_program_cycle (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    program_enrollment_id uuid NOT NULL,
    cycle smallint NOT NULL,
    program_revision integer NOT NULL,
    cycle_status public.enrollment_status NOT NULL,
    start_date date NOT NULL,
    target_completion_date date,
    actual_completion_date date,
    last_day smallint NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT user_program_cycle_ended CHECK ((cycle_status = ANY (ARRAY['COMPLETED'::public.enrollment_status, 'CANCELLED'::public.enrollment_status, 'EXPIRED'::public.enrollment_status]))),
    CONSTRAINT user_program_cycle_positive CHECK (((cycle >= 1) AND (last_day >= 1)))
);

ALTER TABLE ONLY public.user_program_cycle FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_program_enrollment (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    program_id uuid NOT NULL,
    assigned_by uuid,
    enrollment_status public.enrollment_status DEFAULT 'ACTIVE'::public.enrollment_status NOT NULL,
    start_date date DEFAULT CURRENT_DATE NOT NULL,
    target_completion_date date,
    actual_completion_date date,
    current_day smallint DEFAULT 1 NOT NULL,
    enrollment_notes text,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    program_revision integer DEFAULT 1 NOT NULL,
    cycle smallint DEFAULT 1 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    training_weekdays smallint[],
    training_time time without time zone DEFAULT '18:00:00'::time without time zone NOT NULL,
    paused_on date,
    completed_by_itself boolean DEFAULT false NOT NULL,
    CONSTRAINT enrollment_completed_by_itself CHECK (((NOT completed_by_itself) OR (enrollment_status = 'COMPLETED'::public.enrollment_status))),
    CONSTRAINT enrollment_current_day CHECK ((current_day >= 1)),
    CONSTRAINT enrollment_cycle CHECK ((cycle >= 1)),
    CONSTRAINT enrollment_notes_length CHECK ((length(enrollment_notes) <= 2000)),
    CONSTRAINT enrollment_status_known CHECK ((enrollment_status = ANY (ARRAY['ACTIVE'::public.enrollment_status, 'PAUSED'::public.enrollment_status, 'COMPLETED'::public.enrollment_status, 'CANCELLED'::public.enrollment_status, 'EXPIRED'::public.enrollment_status]))),
    CONSTRAINT enrollment_weekdays CHECK (((training_weekdays <@ ARRAY[(1)::smallint, (2)::smallint, (3)::smallint, (4)::smallint, (5)::smallint, (6)::smallint, (7)::smallint]) AND ((cardinality(training_weekdays) >= 1) AND (cardinality(training_weekdays) <= 7))))
);

ALTER TABLE ONLY public.user_program_enrollment FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_set_performance (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_exercise_performance_id uuid NOT NULL,
    exercise_id uuid NOT NULL,
    set_number smallint NOT NULL,
    kind public.set_kind DEFAULT 'WORKING'::public.set_kind NOT NULL,
    reps smallint,
    weight numeric,
    weight_unit public.weight_unit,
    weight_kg numeric GENERATED ALWAYS AS (
CASE weight_unit
    WHEN 'kg'::public.weight_unit THEN weight
    WHEN 'lb'::public.weight_unit THEN (weight * 0.45359237)
    ELSE NULL::numeric
END) STORED,
    load public.set_load DEFAULT 'EXTERNAL'::public.set_load NOT NULL,
    duration_seconds smallint,
    distance_m numeric,
    rpe numeric,
    completed_at timestamp with time zone,
    notes text,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    import_id uuid,
    import_key text,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT set_distance CHECK (((distance_m > (0)::numeric) AND (distance_m <= (1000000)::numeric))),
    CONSTRAINT set_duration CHECK ((duration_seconds > 0)),
    CONSTRAINT set_not_empty CHECK ((num_nonnulls(reps, duration_seconds, distance_m) > 0)),
    CONSTRAINT set_notes_length CHECK ((length(notes) <= 1000)),
    CONSTRAINT set_number_positive CHECK ((set_number >= 1)),
    CONSTRAINT set_reps CHECK (((reps >= 0) AND (reps <= 1000))),
    CONSTRAINT set_rpe CHECK (((rpe >= (1)::numeric) AND (rpe <= (10)::numeric) AND ((rpe * (2)::numeric) = trunc((rpe * (2)::numeric))))),
    CONSTRAINT set_weight CHECK (((weight >= (0)::numeric) AND (weight <= (5000)::numeric))),
    CONSTRAINT set_weight_unit CHECK (((weight IS NULL) = (weight_unit IS NULL)))
);

ALTER TABLE ONLY public.user_set_performance FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_training_max (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    exercise_id uuid NOT NULL,
    weight numeric NOT NULL,
    weight_unit public.weight_unit NOT NULL,
    weight_kg numeric GENERATED ALWAYS AS (
CASE weight_unit
    WHEN 'kg'::public.weight_unit THEN weight
    WHEN 'lb'::public.weight_unit THEN (weight * 0.45359237)
    ELSE NULL::numeric
END) STORED,
    program_enrollment_id uuid,
    cycle smallint,
    reason text NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT user_training_max_cycle CHECK (((program_enrollment_id IS NULL) = (cycle IS NULL))),
    CONSTRAINT user_training_max_reason_length CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
    CONSTRAINT user_training_max_weight CHECK (((weight > (0)::numeric) AND (weight <= (2000)::numeric)))
);

ALTER TABLE ONLY public.user_training_max FORCE ROW LEVEL SECURITY;

CREATE TABLE public.user_workout_session (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    workout_id uuid NOT NULL,
    program_enrollment_id uuid,
    session_status public.session_status DEFAULT 'PLANNED'::public.session_status NOT NULL,
    scheduled_at timestamp with time zone,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    actual_duration_seconds smallint,
    effort_rating smallint,
    soreness_rating smallint,
    session_notes text,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    workout_revision integer DEFAULT 1 NOT NULL,
    own_workout_id uuid,
    paused_seconds integer DEFAULT 0 NOT NULL,
    history_at timestamp with time zone GENERATED ALWAYS AS (COALESCE(started_at, completed_at, scheduled_at, created_at)) STORED NOT NULL,
    import_id uuid,
    import_key text,
    version integer DEFAULT 1 NOT NULL,
    program_cycle smallint,
    program_day smallint,
    program_position smallint,
    cancelled_with_enrollment boolean DEFAULT false NOT NULL,
    session_name text,
    CONSTRAINT session_cancelled_with_enrollment CHECK (((NOT cancelled_with_enrollment) OR ((session_status = 'CANCELLED'::public.session_status) AND (program_enrollment_id IS NOT NULL)))),
    CONSTRAINT session_duration CHECK ((actual_duration_seconds > 0)),
    CONSTRAINT session_effort CHECK (((effort_rating >= 1) AND (effort_rating <= 10))),
    CONSTRAINT session_ends_after_start CHECK ((completed_at >= started_at)),
    CONSTRAINT session_name_length CHECK (((length(session_name) >= 1) AND (length(session_name) <= 120))),
    CONSTRAINT session_notes_length CHECK ((length(session_notes) <= 2000)),
    CONSTRAINT session_paused CHECK ((paused_seconds >= 0)),
    CONSTRAINT session_program_place CHECK (((num_nonnulls(program_cycle, program_day, program_position) = ANY (ARRAY[0, 3])) AND ((program_day IS NULL) OR (program_enrollment_id IS NOT NULL)))),
    CONSTRAINT session_soreness CHECK (((soreness_rating >= 0) AND (soreness_rating <= 10))),
    CONSTRAINT session_status_known CHECK ((session_status = ANY (ARRAY['PLANNED'::public.session_status, 'IN_PROGRESS'::public.session_status, 'COMPLETED'::public.session_status, 'SKIPPED'::public.session_status, 'CANCELLED'::public.session_status])))
);

ALTER TABLE ONLY public.user_workout_session FORCE ROW LEVEL SECURITY;

CREATE TABLE public.workout (
    id uuid NOT NULL,
    user_id uuid,
    slug text,
    kind public.workout_kind DEFAULT 'CATALOG'::public.workout_kind NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    import_id uuid,
    created_by uuid,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT workout_session_is_private CHECK (((kind <> 'SESSION'::public.workout_kind) OR (NOT is_public)))
);

ALTER TABLE ONLY public.workout FORCE ROW LEVEL SECURITY;

CREATE TABLE public.workout_revision (
    id uuid NOT NULL,
    user_id uuid,
    workout_id uuid NOT NULL,
    revision integer NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    workout_name text NOT NULL,
    description text,
    import_id uuid,
    created_by uuid,
    updated_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT workout_description_length CHECK ((length(description) <= 2000)),
    CONSTRAINT workout_name_length CHECK (((length(workout_name) >= 1) AND (length(workout_name) <= 120))),
    CONSTRAINT workout_revision_positive CHECK ((revision >= 1))
);

ALTER TABLE ONLY public.workout_revision FORCE ROW LEVEL SECURITY;

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT api_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.calendar_feed
    ADD CONSTRAINT calendar_feed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.calendar_feed
    ADD CONSTRAINT calendar_feed_secret_key UNIQUE (secret_hash);

ALTER TABLE ONLY public.change_head
    ADD CONSTRAINT change_head_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (user_id, seq);

ALTER TABLE ONLY public.coach_access
    ADD CONSTRAINT coach_access_pkey PRIMARY KEY (user_id, hour, grant_id, what);

ALTER TABLE ONLY public.coach_grant
    ADD CONSTRAINT coach_grant_invitation_key UNIQUE (invitation_id);

ALTER TABLE ONLY public.coach_grant
    ADD CONSTRAINT coach_grant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.coach_grant
    ADD CONSTRAINT coach_grant_user_id_key UNIQUE (user_id, id);

ALTER TABLE ONLY public.coach_invitation
    ADD CONSTRAINT coach_invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.coach_invitation
    ADD CONSTRAINT coach_invitation_secret_key UNIQUE (secret_hash);

ALTER TABLE ONLY public.coach_invitation
    ADD CONSTRAINT coach_invitation_user_id_key UNIQUE (user_id, id);

ALTER TABLE ONLY public.erasure_receipt
    ADD CONSTRAINT erasure_receipt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exercise_instruction
    ADD CONSTRAINT exercise_instruction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exercise_mapping
    ADD CONSTRAINT exercise_mapping_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exercise
    ADD CONSTRAINT exercise_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exercise
    ADD CONSTRAINT exercise_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (user_id, actor_id, idempotency_key);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_user_id_key UNIQUE (user_id, id);

ALTER TABLE ONLY public.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.login_attempt
    ADD CONSTRAINT login_attempt_pkey PRIMARY KEY (attempt_key);

ALTER TABLE ONLY public.login
    ADD CONSTRAINT login_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.metric
    ADD CONSTRAINT metric_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.metric
    ADD CONSTRAINT metric_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.program_day
    ADD CONSTRAINT program_day_key UNIQUE (program_id, revision, day_number);

ALTER TABLE ONLY public.program_day
    ADD CONSTRAINT program_day_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.program_day_workout
    ADD CONSTRAINT program_day_workout_key UNIQUE (program_id, revision, day_number, "position");

ALTER TABLE ONLY public.program_day_workout
    ADD CONSTRAINT program_day_workout_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.program_revision
    ADD CONSTRAINT program_revision_key UNIQUE (program_id, revision);

ALTER TABLE ONLY public.program_revision
    ADD CONSTRAINT program_revision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_user_id_key UNIQUE (user_id, id);

ALTER TABLE ONLY public.session_comment
    ADD CONSTRAINT session_comment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_exercise_performance
    ADD CONSTRAINT session_exercise_performance UNIQUE (user_workout_session_id, exercise_instruction_id);

ALTER TABLE ONLY public.sync_operation
    ADD CONSTRAINT sync_operation_pkey PRIMARY KEY (user_id, actor_id, id);

ALTER TABLE ONLY public.user_equipment
    ADD CONSTRAINT user_equipment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_exercise_performance
    ADD CONSTRAINT user_exercise_performance_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_exercise_performance
    ADD CONSTRAINT user_exercise_performance_user_id_key UNIQUE (user_id, exercise_id, id);

ALTER TABLE ONLY public.user_goal
    ADD CONSTRAINT user_goal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_measurement
    ADD CONSTRAINT user_measurement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_password
    ADD CONSTRAINT user_password_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.user_prescription
    ADD CONSTRAINT user_prescription_key UNIQUE (user_id, user_workout_session_id, exercise_instruction_id);

ALTER TABLE ONLY public.user_prescription
    ADD CONSTRAINT user_prescription_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_program_cycle
    ADD CONSTRAINT user_program_cycle_key UNIQUE (user_id, program_enrollment_id, cycle);

ALTER TABLE ONLY public.user_program_cycle
    ADD CONSTRAINT user_program_cycle_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_program_enrollment
    ADD CONSTRAINT user_program_enrollment_key UNIQUE (user_id, program_id);

ALTER TABLE ONLY public.user_program_enrollment
    ADD CONSTRAINT user_program_enrollment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_program_enrollment
    ADD CONSTRAINT user_program_enrollment_user_id_key UNIQUE (user_id, id);

ALTER TABLE ONLY public.user_set_performance
    ADD CONSTRAINT user_set_performance_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_training_max
    ADD CONSTRAINT user_training_max_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_user_id_key UNIQUE (user_id, id);

ALTER TABLE ONLY public.workout
    ADD CONSTRAINT workout_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workout_revision
    ADD CONSTRAINT workout_revision_key UNIQUE (workout_id, revision);

ALTER TABLE ONLY public.workout_revision
    ADD CONSTRAINT workout_revision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workout
    ADD CONSTRAINT workout_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.workout
    ADD CONSTRAINT workout_user_id_key UNIQUE (user_id, id);

CREATE INDEX api_token_user_idx ON public.api_token USING btree (user_id, created_at DESC);

CREATE UNIQUE INDEX app_user_email_key ON public.app_user USING btree (lower(email));

CREATE INDEX calendar_feed_user_idx ON public.calendar_feed USING btree (user_id, created_at DESC);

CREATE INDEX change_row_idx ON public.change USING btree (user_id, row_id, seq);

CREATE INDEX coach_grant_coach_idx ON public.coach_grant USING btree (coach_id, user_id);

CREATE UNIQUE INDEX coach_grant_one_in_force ON public.coach_grant USING btree (user_id, coach_id) WHERE ((revoked_at IS NULL) AND is_active);

CREATE INDEX coach_invitation_email_idx ON public.coach_invitation USING btree (lower(invited_email)) WHERE (invited_email IS NOT NULL);

CREATE INDEX coach_invitation_user_idx ON public.coach_invitation USING btree (user_id, created_at DESC);

CREATE INDEX day_workout_idx ON public.program_day_workout USING btree (workout_id, workout_revision);

CREATE INDEX enrollment_due_idx ON public.user_program_enrollment USING btree (target_completion_date) WHERE (is_active AND (enrollment_status = ANY (ARRAY['ACTIVE'::public.enrollment_status, 'PAUSED'::public.enrollment_status])));

CREATE INDEX erasure_receipt_subject_idx ON public.erasure_receipt USING btree (subject_hash);

CREATE INDEX exercise_instruction_workout_idx ON public.exercise_instruction USING btree (workout_id, revision, "position");

CREATE INDEX exercise_mapping_key_idx ON public.exercise_mapping USING btree (user_id, match_key) WHERE is_active;

CREATE UNIQUE INDEX exercise_private_name_key ON public.exercise USING btree (user_id, lower(exercise_name)) WHERE ((user_id IS NOT NULL) AND is_active);

CREATE INDEX idempotency_key_created_idx ON public.idempotency_key USING btree (created_at);

CREATE INDEX idx_user_exercise_progress ON public.user_exercise_performance USING btree (exercise_instruction_id, created_at DESC);

CREATE INDEX idx_user_measurement_date ON public.user_measurement USING btree (user_id, metric_id, measurement_date DESC);

CREATE INDEX idx_user_measurement_metric ON public.user_measurement USING btree (metric_id, measurement_date DESC);

CREATE INDEX idx_user_program_current ON public.user_program_enrollment USING btree (user_id, current_day, is_active);

CREATE INDEX idx_user_program_status ON public.user_program_enrollment USING btree (user_id, enrollment_status, start_date DESC);

CREATE INDEX idx_user_workout_completed ON public.user_workout_session USING btree (user_id, completed_at DESC) WHERE (completed_at IS NOT NULL);

CREATE INDEX idx_user_workout_history ON public.user_workout_session USING btree (user_id, history_at DESC, id DESC) WHERE is_active;

CREATE INDEX idx_user_workout_program ON public.user_workout_session USING btree (program_enrollment_id, session_status) WHERE (program_enrollment_id IS NOT NULL);

CREATE INDEX idx_user_workout_status ON public.user_workout_session USING btree (user_id, session_status, scheduled_at DESC);

CREATE INDEX login_user_idx ON public.login USING btree (user_id, created_at DESC);

CREATE UNIQUE INDEX measurement_one_calculated ON public.user_measurement USING btree (user_id, metric_id, measurement_date) WHERE (measurement_source = 'CALCULATED'::public.measurement_source);

CREATE UNIQUE INDEX metric_private_name_key ON public.metric USING btree (user_id, lower(metric_name)) WHERE ((user_id IS NOT NULL) AND is_active);

CREATE INDEX performance_session_idx ON public.user_exercise_performance USING btree (user_id, user_workout_session_id);

CREATE INDEX prescription_instruction_idx ON public.user_prescription USING btree (exercise_instruction_id);

CREATE INDEX program_public_idx ON public.program USING btree (id) WHERE (is_public AND is_active);

CREATE INDEX session_cancelled_idx ON public.user_workout_session USING btree (user_id) WHERE ((session_status = 'CANCELLED'::public.session_status) AND (started_at IS NOT NULL));

CREATE INDEX session_comment_session_idx ON public.session_comment USING btree (user_id, user_workout_session_id, created_at, id);

CREATE UNIQUE INDEX session_one_in_progress ON public.user_workout_session USING btree (user_id) WHERE ((session_status = 'IN_PROGRESS'::public.session_status) AND is_active);

CREATE UNIQUE INDEX session_planned_once ON public.user_workout_session USING btree (user_id, program_enrollment_id, program_cycle, program_day, program_position) WHERE ((program_day IS NOT NULL) AND is_active);

CREATE INDEX session_scheduled_idx ON public.user_workout_session USING btree (user_id, scheduled_at) WHERE (is_active AND (scheduled_at IS NOT NULL));

CREATE INDEX session_workout_idx ON public.user_workout_session USING btree (workout_id, workout_revision);

CREATE INDEX set_distance_idx ON public.user_set_performance USING btree (user_id, exercise_id, distance_m) WHERE (is_active AND (kind <> 'WARMUP'::public.set_kind) AND (load <> 'ASSISTED'::public.set_load) AND (distance_m IS NOT NULL));

CREATE INDEX set_duration_idx ON public.user_set_performance USING btree (user_id, exercise_id, duration_seconds) WHERE (is_active AND (kind <> 'WARMUP'::public.set_kind) AND (load <> 'ASSISTED'::public.set_load) AND (duration_seconds IS NOT NULL));

CREATE INDEX set_e1rm_idx ON public.user_set_performance USING btree (user_id, exercise_id, round(
CASE
    WHEN ((reps >= 1) AND (((reps)::numeric + COALESCE(((10)::numeric - rpe), (0)::numeric)) <= (12)::numeric) AND (load <> 'ASSISTED'::public.set_load)) THEN ((weight_kg * (((30 + reps))::numeric + COALESCE(((10)::numeric - rpe), (0)::numeric))) / (30)::numeric)
    ELSE NULL::numeric
END, 3) DESC NULLS LAST) WHERE (is_active AND (kind <> 'WARMUP'::public.set_kind) AND (load <> 'ASSISTED'::public.set_load));

CREATE INDEX set_reps_idx ON public.user_set_performance USING btree (user_id, exercise_id, reps DESC, COALESCE(weight_kg, (0)::numeric) DESC) INCLUDE (weight_kg, user_exercise_performance_id, id) WHERE (is_active AND (kind <> 'WARMUP'::public.set_kind) AND (load <> 'ASSISTED'::public.set_load) AND (reps >= 1));

CREATE INDEX user_goal_date_idx ON public.user_goal USING btree (user_id, target_date, id) WHERE is_active;

CREATE INDEX user_measurement_import_idx ON public.user_measurement USING btree (user_id, import_key) WHERE (import_key IS NOT NULL);

CREATE INDEX user_set_performance_best_idx ON public.user_set_performance USING btree (user_id, exercise_id, weight_kg) INCLUDE (reps, rpe, duration_seconds, distance_m, load, user_exercise_performance_id) WHERE (is_active AND (kind <> 'WARMUP'::public.set_kind) AND (load <> 'ASSISTED'::public.set_load));

CREATE INDEX user_set_performance_owner_idx ON public.user_set_performance USING btree (user_id, user_exercise_performance_id);

CREATE INDEX user_training_max_exercise_idx ON public.user_training_max USING btree (user_id, exercise_id, created_at DESC);

CREATE INDEX user_workout_session_import_idx ON public.user_workout_session USING btree (user_id, import_key) WHERE (import_key IS NOT NULL);

CREATE TRIGGER bring_instruction BEFORE INSERT ON public.user_exercise_performance FOR EACH ROW EXECUTE FUNCTION app.bring_instruction();

CREATE TRIGGER ledger_delete AFTER DELETE ON public.api_token REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('api_token', 'account');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.app_user REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT WHEN ((CURRENT_USER <> 'reptrail_eraser'::name)) EXECUTE FUNCTION app.record_change('app_user', 'account');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.calendar_feed REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('calendar_feed', 'account');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.coach_grant REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('coach_grant', 'account');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.coach_invitation REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('coach_invitation', 'account');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.exercise REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('exercise', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.exercise_instruction REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('exercise_instruction', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.exercise_mapping REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('exercise_mapping', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.import REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('import', 'account');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.metric REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('metric', 'measurements');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.program REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.program_day REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program_day', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.program_day_workout REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program_day_workout', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.program_revision REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program_revision', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.session_comment REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('session_comment', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.user_equipment REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_equipment', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.user_exercise_performance REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_exercise_performance', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.user_goal REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_goal', 'account');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.user_measurement REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_measurement', 'measurements');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.user_prescription REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_prescription', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.user_program_cycle REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_program_cycle', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.user_program_enrollment REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_program_enrollment', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.user_set_performance REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_set_performance', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.user_training_max REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_training_max', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.user_workout_session REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_workout_session', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.workout REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('workout', 'training');

CREATE TRIGGER ledger_delete AFTER DELETE ON public.workout_revision REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('workout_revision', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.api_token REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('api_token', 'account');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.app_user REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('app_user', 'account');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.calendar_feed REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('calendar_feed', 'account');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.coach_grant REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('coach_grant', 'account');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.coach_invitation REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('coach_invitation', 'account');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.exercise REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('exercise', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.exercise_instruction REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('exercise_instruction', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.exercise_mapping REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('exercise_mapping', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.import REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('import', 'account');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.metric REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('metric', 'measurements');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.program REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.program_day REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program_day', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.program_day_workout REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program_day_workout', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.program_revision REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program_revision', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.session_comment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('session_comment', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.user_equipment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_equipment', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.user_exercise_performance REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_exercise_performance', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.user_goal REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_goal', 'account');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.user_measurement REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_measurement', 'measurements');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.user_prescription REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_prescription', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.user_program_cycle REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_program_cycle', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.user_program_enrollment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_program_enrollment', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.user_set_performance REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_set_performance', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.user_training_max REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_training_max', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.user_workout_session REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_workout_session', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.workout REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('workout', 'training');

CREATE TRIGGER ledger_insert AFTER INSERT ON public.workout_revision REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('workout_revision', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.api_token REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('api_token', 'account');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.app_user REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('app_user', 'account');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.calendar_feed REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('calendar_feed', 'account');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.coach_grant REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('coach_grant', 'account');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.coach_invitation REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('coach_invitation', 'account');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.exercise REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('exercise', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.exercise_instruction REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('exercise_instruction', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.exercise_mapping REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('exercise_mapping', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.import REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('import', 'account');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.metric REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('metric', 'measurements');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.program REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.program_day REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program_day', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.program_day_workout REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program_day_workout', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.program_revision REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('program_revision', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.session_comment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('session_comment', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.user_equipment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_equipment', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.user_exercise_performance REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_exercise_performance', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.user_goal REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_goal', 'account');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.user_measurement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_measurement', 'measurements');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.user_prescription REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_prescription', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.user_program_cycle REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_program_cycle', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.user_program_enrollment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_program_enrollment', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.user_set_performance REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_set_performance', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.user_training_max REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_training_max', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.user_workout_session REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('user_workout_session', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.workout REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('workout', 'training');

CREATE TRIGGER ledger_update AFTER UPDATE ON public.workout_revision REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('workout_revision', 'training');

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.api_token FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.app_user FOR EACH ROW EXECUTE FUNCTION app.stamp_user();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.calendar_feed FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.coach_grant FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.coach_invitation FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.exercise FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.exercise_instruction FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.exercise_mapping FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.import FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.metric FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.program FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.program_day FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.program_day_workout FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.program_revision FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.session_comment FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.user_equipment FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.user_exercise_performance FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.user_goal FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.user_measurement FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.user_prescription FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.user_program_cycle FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.user_program_enrollment FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.user_set_performance FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.user_training_max FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.user_workout_session FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.workout FOR EACH ROW EXECUTE FUNCTION app.stamp();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.workout_revision FOR EACH ROW EXECUTE FUNCTION app.stamp();

ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT api_token_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT api_token_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT api_token_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.calendar_feed
    ADD CONSTRAINT calendar_feed_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.calendar_feed
    ADD CONSTRAINT calendar_feed_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.calendar_feed
    ADD CONSTRAINT calendar_feed_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.change_head
    ADD CONSTRAINT change_head_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.coach_access
    ADD CONSTRAINT coach_access_coach_fkey FOREIGN KEY (coach_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.coach_access
    ADD CONSTRAINT coach_access_grant_fkey FOREIGN KEY (user_id, grant_id) REFERENCES public.coach_grant(user_id, id);

ALTER TABLE ONLY public.coach_access
    ADD CONSTRAINT coach_access_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.coach_grant
    ADD CONSTRAINT coach_grant_coach_fkey FOREIGN KEY (coach_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.coach_grant
    ADD CONSTRAINT coach_grant_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.coach_grant
    ADD CONSTRAINT coach_grant_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.coach_grant
    ADD CONSTRAINT coach_grant_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.coach_invitation
    ADD CONSTRAINT coach_invitation_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.coach_invitation
    ADD CONSTRAINT coach_invitation_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.coach_invitation
    ADD CONSTRAINT coach_invitation_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.exercise
    ADD CONSTRAINT exercise_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.exercise_instruction
    ADD CONSTRAINT exercise_instruction_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.exercise_instruction
    ADD CONSTRAINT exercise_instruction_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES public.exercise(id);

ALTER TABLE ONLY public.exercise_instruction
    ADD CONSTRAINT exercise_instruction_owner_fkey FOREIGN KEY (user_id, workout_id) REFERENCES public.workout(user_id, id);

ALTER TABLE ONLY public.exercise_instruction
    ADD CONSTRAINT exercise_instruction_revision_fkey FOREIGN KEY (workout_id, revision) REFERENCES public.workout_revision(workout_id, revision);

ALTER TABLE ONLY public.exercise_instruction
    ADD CONSTRAINT exercise_instruction_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.exercise_mapping
    ADD CONSTRAINT exercise_mapping_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.exercise_mapping
    ADD CONSTRAINT exercise_mapping_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES public.exercise(id);

ALTER TABLE ONLY public.exercise_mapping
    ADD CONSTRAINT exercise_mapping_import_fkey FOREIGN KEY (user_id, import_id) REFERENCES public.import(user_id, id);

ALTER TABLE ONLY public.exercise_mapping
    ADD CONSTRAINT exercise_mapping_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.exercise_mapping
    ADD CONSTRAINT exercise_mapping_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.exercise
    ADD CONSTRAINT exercise_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.exercise
    ADD CONSTRAINT exercise_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.instance
    ADD CONSTRAINT instance_administrator_fkey FOREIGN KEY (administrator_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.login
    ADD CONSTRAINT login_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.metric
    ADD CONSTRAINT metric_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.metric
    ADD CONSTRAINT metric_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.metric
    ADD CONSTRAINT metric_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.program_day
    ADD CONSTRAINT program_day_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.program_day
    ADD CONSTRAINT program_day_owner_fkey FOREIGN KEY (user_id, program_id) REFERENCES public.program(user_id, id);

ALTER TABLE ONLY public.program_day
    ADD CONSTRAINT program_day_revision_fkey FOREIGN KEY (program_id, revision) REFERENCES public.program_revision(program_id, revision);

ALTER TABLE ONLY public.program_day
    ADD CONSTRAINT program_day_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.program_day_workout
    ADD CONSTRAINT program_day_workout_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.program_day_workout
    ADD CONSTRAINT program_day_workout_day_fkey FOREIGN KEY (program_id, revision, day_number) REFERENCES public.program_day(program_id, revision, day_number);

ALTER TABLE ONLY public.program_day_workout
    ADD CONSTRAINT program_day_workout_owner_fkey FOREIGN KEY (user_id, program_id) REFERENCES public.program(user_id, id);

ALTER TABLE ONLY public.program_day_workout
    ADD CONSTRAINT program_day_workout_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.program_day_workout
    ADD CONSTRAINT program_day_workout_workout_fkey FOREIGN KEY (workout_id, workout_revision) REFERENCES public.workout_revision(workout_id, revision);

ALTER TABLE ONLY public.program_revision
    ADD CONSTRAINT program_revision_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.program_revision
    ADD CONSTRAINT program_revision_owner_fkey FOREIGN KEY (user_id, program_id) REFERENCES public.program(user_id, id);

ALTER TABLE ONLY public.program_revision
    ADD CONSTRAINT program_revision_program_fkey FOREIGN KEY (program_id) REFERENCES public.program(id);

ALTER TABLE ONLY public.program_revision
    ADD CONSTRAINT program_revision_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.session_comment
    ADD CONSTRAINT session_comment_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.session_comment
    ADD CONSTRAINT session_comment_owner_fkey FOREIGN KEY (user_id, user_workout_session_id) REFERENCES public.user_workout_session(user_id, id);

ALTER TABLE ONLY public.session_comment
    ADD CONSTRAINT session_comment_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.sync_operation
    ADD CONSTRAINT sync_operation_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_equipment
    ADD CONSTRAINT user_equipment_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_equipment
    ADD CONSTRAINT user_equipment_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_equipment
    ADD CONSTRAINT user_equipment_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_exercise_performance
    ADD CONSTRAINT user_exercise_performance_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_exercise_performance
    ADD CONSTRAINT user_exercise_performance_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES public.exercise(id);

ALTER TABLE ONLY public.user_exercise_performance
    ADD CONSTRAINT user_exercise_performance_instruction_fkey FOREIGN KEY (exercise_instruction_id) REFERENCES public.exercise_instruction(id);

ALTER TABLE ONLY public.user_exercise_performance
    ADD CONSTRAINT user_exercise_performance_owner_fkey FOREIGN KEY (user_id, user_workout_session_id) REFERENCES public.user_workout_session(user_id, id);

ALTER TABLE ONLY public.user_exercise_performance
    ADD CONSTRAINT user_exercise_performance_session_fkey FOREIGN KEY (user_workout_session_id) REFERENCES public.user_workout_session(id);

ALTER TABLE ONLY public.user_exercise_performance
    ADD CONSTRAINT user_exercise_performance_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_goal
    ADD CONSTRAINT user_goal_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_goal
    ADD CONSTRAINT user_goal_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES public.exercise(id);

ALTER TABLE ONLY public.user_goal
    ADD CONSTRAINT user_goal_metric_fkey FOREIGN KEY (metric_id) REFERENCES public.metric(id);

ALTER TABLE ONLY public.user_goal
    ADD CONSTRAINT user_goal_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_goal
    ADD CONSTRAINT user_goal_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_measurement
    ADD CONSTRAINT user_measurement_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_measurement
    ADD CONSTRAINT user_measurement_import_fkey FOREIGN KEY (user_id, import_id) REFERENCES public.import(user_id, id);

ALTER TABLE ONLY public.user_measurement
    ADD CONSTRAINT user_measurement_metric_fkey FOREIGN KEY (metric_id) REFERENCES public.metric(id);

ALTER TABLE ONLY public.user_measurement
    ADD CONSTRAINT user_measurement_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_measurement
    ADD CONSTRAINT user_measurement_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_password
    ADD CONSTRAINT user_password_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_prescription
    ADD CONSTRAINT user_prescription_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_prescription
    ADD CONSTRAINT user_prescription_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES public.exercise(id);

ALTER TABLE ONLY public.user_prescription
    ADD CONSTRAINT user_prescription_instruction_fkey FOREIGN KEY (exercise_instruction_id) REFERENCES public.exercise_instruction(id);

ALTER TABLE ONLY public.user_prescription
    ADD CONSTRAINT user_prescription_owner_fkey FOREIGN KEY (user_id, user_workout_session_id) REFERENCES public.user_workout_session(user_id, id);

ALTER TABLE ONLY public.user_prescription
    ADD CONSTRAINT user_prescription_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_program_cycle
    ADD CONSTRAINT user_program_cycle_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_program_cycle
    ADD CONSTRAINT user_program_cycle_owner_fkey FOREIGN KEY (user_id, program_enrollment_id) REFERENCES public.user_program_enrollment(user_id, id);

ALTER TABLE ONLY public.user_program_cycle
    ADD CONSTRAINT user_program_cycle_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_program_enrollment
    ADD CONSTRAINT user_program_enrollment_assigned_by_fkey FOREIGN KEY (assigned_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_program_enrollment
    ADD CONSTRAINT user_program_enrollment_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_program_enrollment
    ADD CONSTRAINT user_program_enrollment_program_fkey FOREIGN KEY (program_id) REFERENCES public.program(id);

ALTER TABLE ONLY public.user_program_enrollment
    ADD CONSTRAINT user_program_enrollment_revision_fkey FOREIGN KEY (program_id, program_revision) REFERENCES public.program_revision(program_id, revision);

ALTER TABLE ONLY public.user_program_enrollment
    ADD CONSTRAINT user_program_enrollment_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_program_enrollment
    ADD CONSTRAINT user_program_enrollment_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_set_performance
    ADD CONSTRAINT user_set_performance_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_set_performance
    ADD CONSTRAINT user_set_performance_owner_fkey FOREIGN KEY (user_id, user_exercise_performance_id, exercise_id) REFERENCES public.user_exercise_performance(user_id, id, exercise_id);

ALTER TABLE ONLY public.user_set_performance
    ADD CONSTRAINT user_set_performance_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_training_max
    ADD CONSTRAINT user_training_max_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_training_max
    ADD CONSTRAINT user_training_max_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES public.exercise(id);

ALTER TABLE ONLY public.user_training_max
    ADD CONSTRAINT user_training_max_owner_fkey FOREIGN KEY (user_id, program_enrollment_id) REFERENCES public.user_program_enrollment(user_id, id);

ALTER TABLE ONLY public.user_training_max
    ADD CONSTRAINT user_training_max_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_training_max
    ADD CONSTRAINT user_training_max_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_import_fkey FOREIGN KEY (user_id, import_id) REFERENCES public.import(user_id, id);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_own_fkey FOREIGN KEY (user_id, own_workout_id) REFERENCES public.workout(user_id, id);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_owner_fkey FOREIGN KEY (user_id, program_enrollment_id) REFERENCES public.user_program_enrollment(user_id, id);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_program_fkey FOREIGN KEY (program_enrollment_id) REFERENCES public.user_program_enrollment(id);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_revision_fkey FOREIGN KEY (workout_id, workout_revision) REFERENCES public.workout_revision(workout_id, revision);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.user_workout_session
    ADD CONSTRAINT user_workout_session_workout_fkey FOREIGN KEY (workout_id) REFERENCES public.workout(id);

ALTER TABLE ONLY public.workout
    ADD CONSTRAINT workout_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.workout_revision
    ADD CONSTRAINT workout_revision_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.workout_revision
    ADD CONSTRAINT workout_revision_owner_fkey FOREIGN KEY (user_id, workout_id) REFERENCES public.workout(user_id, id);

ALTER TABLE ONLY public.workout_revision
    ADD CONSTRAINT workout_revision_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.workout_revision
    ADD CONSTRAINT workout_revision_workout_fkey FOREIGN KEY (workout_id) REFERENCES public.workout(id);

ALTER TABLE ONLY public.workout
    ADD CONSTRAINT workout_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.workout
    ADD CONSTRAINT workout_user_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE public.api_token ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.app_user ENABLE ROW LEVEL SECURITY;

CREATE POLICY assignable_insert ON public.exercise FOR INSERT WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY assignable_insert ON public.exercise_instruction FOR INSERT WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY assignable_insert ON public.program FOR INSERT WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY assignable_insert ON public.program_day FOR INSERT WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY assignable_insert ON public.program_day_workout FOR INSERT WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY assignable_insert ON public.program_revision FOR INSERT WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY assignable_insert ON public.user_workout_session FOR INSERT WITH CHECK (((session_status = 'PLANNED'::public.session_status) AND (user_id = app.allowed('program:assign'::text))));

CREATE POLICY assignable_insert ON public.workout FOR INSERT WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY assignable_insert ON public.workout_revision FOR INSERT WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY assignable_update ON public.program FOR UPDATE USING ((user_id = app.allowed('program:assign'::text))) WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY assignable_update ON public.user_workout_session FOR UPDATE USING (((session_status = ANY (ARRAY['PLANNED'::public.session_status, 'CANCELLED'::public.session_status])) AND (user_id = app.allowed('program:assign'::text)))) WITH CHECK (((session_status = ANY (ARRAY['PLANNED'::public.session_status, 'CANCELLED'::public.session_status])) AND (user_id = app.allowed('program:assign'::text))));

CREATE POLICY assignable_update ON public.workout FOR UPDATE USING ((user_id = app.allowed('program:assign'::text))) WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY athlete ON public.app_user FOR SELECT USING ((id = app.athlete()));

CREATE POLICY athlete ON public.coach_grant USING ((user_id = app.actor()));

CREATE POLICY builtin_insert ON public.exercise FOR INSERT WITH CHECK (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_insert ON public.exercise_instruction FOR INSERT WITH CHECK (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_insert ON public.metric FOR INSERT WITH CHECK (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_insert ON public.program FOR INSERT WITH CHECK (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_insert ON public.program_day FOR INSERT WITH CHECK (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_insert ON public.program_day_workout FOR INSERT WITH CHECK (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_insert ON public.program_revision FOR INSERT WITH CHECK (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_insert ON public.workout FOR INSERT WITH CHECK (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_insert ON public.workout_revision FOR INSERT WITH CHECK (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_update ON public.exercise FOR UPDATE USING (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_update ON public.exercise_instruction FOR UPDATE USING (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_update ON public.metric FOR UPDATE USING (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_update ON public.program FOR UPDATE USING (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_update ON public.program_day FOR UPDATE USING (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_update ON public.program_day_workout FOR UPDATE USING (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_update ON public.program_revision FOR UPDATE USING (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_update ON public.workout FOR UPDATE USING (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY builtin_update ON public.workout_revision FOR UPDATE USING (((user_id IS NULL) AND app.is_system() AND (app.athlete() IS NULL)));

ALTER TABLE public.calendar_feed ENABLE ROW LEVEL SECURITY;

CREATE POLICY chained ON public.change FOR INSERT WITH CHECK ((user_id = app.athlete()));

ALTER TABLE public.change ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.change_head ENABLE ROW LEVEL SECURITY;

CREATE POLICY coach ON public.coach_grant FOR SELECT USING ((coach_id = app.actor()));

ALTER TABLE public.coach_access ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.coach_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.coach_invitation ENABLE ROW LEVEL SECURITY;

CREATE POLICY erasing ON public.api_token TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.app_user TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.calendar_feed TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.change TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.change_head TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.coach_access TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.coach_grant TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.coach_invitation TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.erasure_receipt TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.exercise TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.exercise_instruction TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.exercise_mapping TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.idempotency_key TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.import TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.instance TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.login TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.login_attempt TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.metric TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.program TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.program_day TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.program_day_workout TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.program_revision TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.session_comment TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.sync_operation TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_equipment TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_exercise_performance TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_goal TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_measurement TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_password TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_prescription TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_program_cycle TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_program_enrollment TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_set_performance TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_training_max TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.user_workout_session TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.workout TO reptrail_eraser USING ((app.actor() IS NOT NULL));

CREATE POLICY erasing ON public.workout_revision TO reptrail_eraser USING ((app.actor() IS NOT NULL));

ALTER TABLE public.erasure_receipt ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.exercise ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.exercise_instruction ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.exercise_mapping ENABLE ROW LEVEL SECURITY;

CREATE POLICY head ON public.change_head USING ((user_id = app.athlete())) WITH CHECK ((user_id = app.athlete()));

ALTER TABLE public.idempotency_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.import ENABLE ROW LEVEL SECURITY;

CREATE POLICY insertable ON public.exercise FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.exercise_instruction FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.exercise_mapping FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.import FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.metric FOR INSERT WITH CHECK ((user_id = app.allowed('measurements:write'::text)));

CREATE POLICY insertable ON public.program FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.program_day FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.program_day_workout FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.program_revision FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.session_comment FOR INSERT WITH CHECK ((user_id = app.allowed('training:comment'::text)));

CREATE POLICY insertable ON public.user_equipment FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.user_exercise_performance FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.user_goal FOR INSERT WITH CHECK ((user_id =
CASE
    WHEN (metric_id IS NULL) THEN app.allowed('training:write'::text)
    ELSE app.allowed('measurements:write'::text)
END));

CREATE POLICY insertable ON public.user_measurement FOR INSERT WITH CHECK ((user_id = app.allowed('measurements:write'::text)));

CREATE POLICY insertable ON public.user_prescription FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.user_program_cycle FOR INSERT WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY insertable ON public.user_program_enrollment FOR INSERT WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY insertable ON public.user_set_performance FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.user_training_max FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.user_workout_session FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.workout FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY insertable ON public.workout_revision FOR INSERT WITH CHECK ((user_id = app.allowed('training:write'::text)));

ALTER TABLE public.instance ENABLE ROW LEVEL SECURITY;

CREATE POLICY laid_down ON public.coach_grant FOR UPDATE USING (((coach_id = app.actor()) AND (user_id = app.athlete()))) WITH CHECK (((coach_id = app.actor()) AND (user_id = app.athlete()) AND (revoked_at IS NOT NULL)));

ALTER TABLE public.login ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.login_attempt ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.metric ENABLE ROW LEVEL SECURITY;

CREATE POLICY moved_on ON public.user_program_enrollment FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY own ON public.api_token USING ((user_id = app.actor()));

CREATE POLICY own ON public.app_user USING (((id = app.actor()) OR app.is_system()));

CREATE POLICY own ON public.calendar_feed USING (((user_id = app.actor()) OR app.is_system()));

CREATE POLICY own ON public.coach_access FOR SELECT USING ((user_id = app.actor()));

CREATE POLICY own ON public.coach_invitation USING (((user_id = app.actor()) OR app.is_system()));

CREATE POLICY own ON public.idempotency_key USING (((user_id = app.athlete()) AND (actor_id = app.actor())));

CREATE POLICY own ON public.login USING (((user_id = app.actor()) OR app.is_system()));

CREATE POLICY own ON public.sync_operation USING (((user_id = app.athlete()) AND (actor_id = app.actor())));

ALTER TABLE public.program ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.program_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.program_day_workout ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.program_revision ENABLE ROW LEVEL SECURITY;

CREATE POLICY readable ON public.change FOR SELECT USING ((user_id =
CASE domain
    WHEN 'training'::text THEN app.allowed('training:read'::text)
    WHEN 'measurements'::text THEN app.allowed('measurements:read'::text)
    ELSE app.allowed('account:read'::text)
END));

CREATE POLICY readable ON public.exercise FOR SELECT USING (((user_id IS NULL) OR (user_id = app.allowed('training:read'::text)) OR (user_id = app.actor())));

CREATE POLICY readable ON public.exercise_instruction FOR SELECT USING ((is_public OR (user_id = app.allowed('training:read'::text)) OR (user_id = app.actor())));

CREATE POLICY readable ON public.exercise_mapping FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.import FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.metric FOR SELECT USING (((user_id IS NULL) OR (user_id = app.allowed('measurements:read'::text))));

CREATE POLICY readable ON public.program FOR SELECT USING ((is_public OR (user_id = app.allowed('training:read'::text)) OR (user_id = app.actor())));

CREATE POLICY readable ON public.program_day FOR SELECT USING ((is_public OR (user_id = app.allowed('training:read'::text)) OR (user_id = app.actor())));

CREATE POLICY readable ON public.program_day_workout FOR SELECT USING ((is_public OR (user_id = app.allowed('training:read'::text)) OR (user_id = app.actor())));

CREATE POLICY readable ON public.program_revision FOR SELECT USING ((is_public OR (user_id = app.allowed('training:read'::text)) OR (user_id = app.actor())));

CREATE POLICY readable ON public.session_comment FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.user_equipment FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.user_exercise_performance FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.user_goal FOR SELECT USING ((user_id =
CASE
    WHEN (metric_id IS NULL) THEN app.allowed('training:read'::text)
    ELSE app.allowed('measurements:read'::text)
END));

CREATE POLICY readable ON public.user_measurement FOR SELECT USING ((user_id = app.allowed('measurements:read'::text)));

CREATE POLICY readable ON public.user_prescription FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.user_program_cycle FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.user_program_enrollment FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.user_set_performance FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.user_training_max FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.user_workout_session FOR SELECT USING ((user_id = app.allowed('training:read'::text)));

CREATE POLICY readable ON public.workout FOR SELECT USING ((is_public OR (user_id = app.allowed('training:read'::text)) OR (user_id = app.actor())));

CREATE POLICY readable ON public.workout_revision FOR SELECT USING ((is_public OR (user_id = app.allowed('training:read'::text)) OR (user_id = app.actor())));

CREATE POLICY recorded ON public.coach_access USING ((coach_id = app.actor())) WITH CHECK ((coach_id = app.actor()));

ALTER TABLE public.session_comment ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sync_operation ENABLE ROW LEVEL SECURITY;

CREATE POLICY system ON public.change_head FOR SELECT USING ((app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY system ON public.coach_grant FOR SELECT USING (app.is_system());

CREATE POLICY system ON public.erasure_receipt FOR SELECT USING (app.is_system());

CREATE POLICY system ON public.idempotency_key USING (app.is_system());

CREATE POLICY system ON public.instance USING (app.is_system());

CREATE POLICY system ON public.login_attempt USING (app.is_system());

CREATE POLICY system ON public.session_comment USING ((app.is_system() AND (user_id = app.athlete())));

CREATE POLICY system ON public.user_password USING (app.is_system());

CREATE POLICY system ON public.user_program_enrollment FOR SELECT USING ((app.is_system() AND (app.athlete() IS NULL)));

CREATE POLICY updatable ON public.exercise FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.exercise_instruction FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.exercise_mapping FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.import FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.metric FOR UPDATE USING ((user_id = app.allowed('measurements:write'::text))) WITH CHECK ((user_id = app.allowed('measurements:write'::text)));

CREATE POLICY updatable ON public.program FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.program_day FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.program_day_workout FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.program_revision FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.session_comment FOR UPDATE USING (((user_id = app.allowed('training:comment'::text)) AND ((created_by = app.actor()) OR (user_id = app.actor())))) WITH CHECK (((user_id = app.allowed('training:comment'::text)) AND ((created_by = app.actor()) OR (user_id = app.actor()))));

CREATE POLICY updatable ON public.user_equipment FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.user_exercise_performance FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.user_goal FOR UPDATE USING ((user_id =
CASE
    WHEN (metric_id IS NULL) THEN app.allowed('training:write'::text)
    ELSE app.allowed('measurements:write'::text)
END)) WITH CHECK ((user_id =
CASE
    WHEN (metric_id IS NULL) THEN app.allowed('training:write'::text)
    ELSE app.allowed('measurements:write'::text)
END));

CREATE POLICY updatable ON public.user_measurement FOR UPDATE USING ((user_id = app.allowed('measurements:write'::text))) WITH CHECK ((user_id = app.allowed('measurements:write'::text)));

CREATE POLICY updatable ON public.user_prescription FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.user_program_cycle FOR UPDATE USING ((user_id = app.allowed('program:assign'::text))) WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY updatable ON public.user_program_enrollment FOR UPDATE USING ((user_id = app.allowed('program:assign'::text))) WITH CHECK ((user_id = app.allowed('program:assign'::text)));

CREATE POLICY updatable ON public.user_set_performance FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.user_training_max FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.user_workout_session FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.workout FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

CREATE POLICY updatable ON public.workout_revision FOR UPDATE USING ((user_id = app.allowed('training:write'::text))) WITH CHECK ((user_id = app.allowed('training:write'::text)));

ALTER TABLE public.user_equipment ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_exercise_performance ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_goal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_measurement ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_password ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_prescription ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_program_cycle ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_program_enrollment ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_set_performance ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_training_max ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_workout_session ENABLE ROW LEVEL SECURITY;

CREATE POLICY watching ON public.app_user FOR SELECT TO reptrail_overview USING ((app.actor() IS NOT NULL));

CREATE POLICY watching ON public.exercise FOR SELECT TO reptrail_overview USING ((app.actor() IS NOT NULL));

CREATE POLICY watching ON public.program_revision FOR SELECT TO reptrail_overview USING ((app.actor() IS NOT NULL));

CREATE POLICY watching ON public.user_exercise_performance FOR SELECT TO reptrail_overview USING ((app.actor() IS NOT NULL));

CREATE POLICY watching ON public.user_program_enrollment FOR SELECT TO reptrail_overview USING ((app.actor() IS NOT NULL));

CREATE POLICY watching ON public.user_set_performance FOR SELECT TO reptrail_overview USING ((app.actor() IS NOT NULL));

CREATE POLICY watching ON public.user_workout_session FOR SELECT TO reptrail_overview USING ((app.actor() IS NOT NULL));

CREATE POLICY watching ON public.workout_revision FOR SELECT TO reptrail_overview USING ((app.actor() IS NOT NULL));

ALTER TABLE public.workout ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.workout_revision ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA app TO reptrail_server;
GRANT USAGE ON SCHEMA app TO reptrail_overview;
GRANT USAGE ON SCHEMA app TO reptrail_eraser;

GRANT USAGE ON SCHEMA public TO reptrail_server;
GRANT USAGE ON SCHEMA public TO reptrail_overview;
GRANT USAGE ON SCHEMA public TO reptrail_eraser;

REVOKE ALL ON FUNCTION app.act_as(p_actor uuid, p_athlete uuid, p_scope text, p_via public.actor_via, p_request uuid, p_write boolean, p_credential uuid, p_secret_hash text, p_what text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.act_as(p_actor uuid, p_athlete uuid, p_scope text, p_via public.actor_via, p_request uuid, p_write boolean, p_credential uuid, p_secret_hash text, p_what text) TO reptrail_server;

REVOKE ALL ON FUNCTION app.act_as_system(p_athlete uuid, p_via public.actor_via, p_request uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.act_as_system(p_athlete uuid, p_via public.actor_via, p_request uuid) TO reptrail_server;

REVOKE ALL ON FUNCTION app.actor_name(p_actor uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.actor_name(p_actor uuid) TO reptrail_server;

REVOKE ALL ON FUNCTION app.coach_overview(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.coach_overview(p_now timestamp with time zone) TO reptrail_server;

GRANT SELECT ON TABLE public.erasure_receipt TO reptrail_server;
GRANT SELECT,INSERT ON TABLE public.erasure_receipt TO reptrail_eraser;

REVOKE ALL ON FUNCTION app.erase(p_receipt uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.erase(p_receipt uuid) TO reptrail_server;

REVOKE ALL ON FUNCTION app.keep_in_ledger(p_table text, p_domain text) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.lay_down(p_athlete uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.lay_down(p_athlete uuid) TO reptrail_server;
GRANT ALL ON FUNCTION app.lay_down(p_athlete uuid) TO reptrail_eraser;

REVOKE ALL ON FUNCTION app.oversee() FROM PUBLIC;
GRANT ALL ON FUNCTION app.oversee() TO reptrail_overview;

REVOKE ALL ON FUNCTION app.overview_details(p_athletes uuid[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.overview_details(p_athletes uuid[], p_now timestamp with time zone) TO reptrail_server;

REVOKE ALL ON FUNCTION app.read_as_feed(p_secret_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.read_as_feed(p_secret_hash text) TO reptrail_server;

REVOKE ALL ON FUNCTION app.record_change() FROM PUBLIC;

GRANT SELECT ON TABLE public.alembic_version TO reptrail_server;

GRANT SELECT,INSERT,UPDATE ON TABLE public.api_token TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.api_token TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.app_user TO reptrail_server;
GRANT SELECT ON TABLE public.app_user TO reptrail_overview;
GRANT SELECT,DELETE,UPDATE ON TABLE public.app_user TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.calendar_feed TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.calendar_feed TO reptrail_eraser;

GRANT SELECT ON TABLE public.change TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.change TO reptrail_eraser;

GRANT SELECT ON TABLE public.change_head TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.change_head TO reptrail_eraser;

GRANT SELECT ON TABLE public.coach_access TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.coach_access TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.coach_grant TO reptrail_server;
GRANT SELECT ON TABLE public.coach_grant TO reptrail_overview;
GRANT SELECT,DELETE,UPDATE ON TABLE public.coach_grant TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.coach_invitation TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.coach_invitation TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.exercise TO reptrail_server;
GRANT SELECT ON TABLE public.exercise TO reptrail_overview;
GRANT SELECT,DELETE,UPDATE ON TABLE public.exercise TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.exercise_instruction TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.exercise_instruction TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.exercise_mapping TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.exercise_mapping TO reptrail_eraser;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_key TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.idempotency_key TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.import TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.import TO reptrail_eraser;

GRANT SELECT,UPDATE ON TABLE public.instance TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.instance TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.login TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.login TO reptrail_eraser;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.login_attempt TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.login_attempt TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.metric TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.metric TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.program TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.program TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.program_day TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.program_day TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.program_day_workout TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.program_day_workout TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.program_revision TO reptrail_server;
GRANT SELECT ON TABLE public.program_revision TO reptrail_overview;
GRANT SELECT,DELETE,UPDATE ON TABLE public.program_revision TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.session_comment TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.session_comment TO reptrail_eraser;

GRANT SELECT,INSERT ON TABLE public.sync_operation TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.sync_operation TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_equipment TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_equipment TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_exercise_performance TO reptrail_server;
GRANT SELECT ON TABLE public.user_exercise_performance TO reptrail_overview;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_exercise_performance TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_goal TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_goal TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_measurement TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_measurement TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_password TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_password TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_prescription TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_prescription TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_program_cycle TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_program_cycle TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_program_enrollment TO reptrail_server;
GRANT SELECT ON TABLE public.user_program_enrollment TO reptrail_overview;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_program_enrollment TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_set_performance TO reptrail_server;
GRANT SELECT ON TABLE public.user_set_performance TO reptrail_overview;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_set_performance TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_training_max TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_training_max TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_workout_session TO reptrail_server;
GRANT SELECT ON TABLE public.user_workout_session TO reptrail_overview;
GRANT SELECT,DELETE,UPDATE ON TABLE public.user_workout_session TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.workout TO reptrail_server;
GRANT SELECT,DELETE,UPDATE ON TABLE public.workout TO reptrail_eraser;

GRANT SELECT,INSERT,UPDATE ON TABLE public.workout_revision TO reptrail_server;
GRANT SELECT ON TABLE public.workout_revision TO reptrail_overview;
GRANT SELECT,DELETE,UPDATE ON TABLE public.workout_revision TO reptrail_eraser;
