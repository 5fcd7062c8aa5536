-- A coach's invitation, redeemed once: the grant that came of it names it. The code is kept as a keyed hash, in a column of the
-- name that the ledger leaves out.
CREATE TABLE coach_invitation (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    secret_hash text NOT NULL,
    -- Only the account of this address may accept it; null: whoever has the code.
    invited_email text,
    scopes text[] NOT NULL,
    message text,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT coach_invitation_pkey PRIMARY KEY (id),
    CONSTRAINT coach_invitation_secret_key UNIQUE (secret_hash),
    CONSTRAINT coach_invitation_user_id_key UNIQUE (user_id, id),
    CONSTRAINT coach_invitation_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT coach_invitation_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT coach_invitation_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT coach_invitation_scopes_known CHECK (scopes <@ ARRAY['training:read', 'training:write', 'program:assign',
        'measurements:read', 'measurements:write'] AND cardinality(scopes) > 0),
    CONSTRAINT coach_invitation_message_length CHECK (length(message) <= 1000)
);
CREATE INDEX coach_invitation_user_idx ON coach_invitation (user_id, created_at DESC);
CREATE INDEX coach_invitation_email_idx ON coach_invitation (lower(invited_email)) WHERE invited_email IS NOT NULL;

ALTER TABLE coach_grant
    ADD COLUMN invitation_id uuid,
    ADD CONSTRAINT coach_grant_invitation_key UNIQUE (invitation_id),
    ADD CONSTRAINT coach_grant_user_id_key UNIQUE (user_id, id),
    ADD CONSTRAINT coach_grant_assign_needs_read CHECK (
        NOT 'program:assign' = ANY (scopes) OR 'training:read' = ANY (scopes));

-- What a coach says about a session, and what the athlete answers.
CREATE TABLE session_comment (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_workout_session_id uuid NOT NULL,
    comment_text text NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT session_comment_pkey PRIMARY KEY (id),
    CONSTRAINT session_comment_owner_fkey FOREIGN KEY (user_id, user_workout_session_id)
        REFERENCES user_workout_session (user_id, id),
    CONSTRAINT session_comment_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT session_comment_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT session_comment_length CHECK (length(comment_text) BETWEEN 1 AND 2000)
);
CREATE INDEX session_comment_session_idx ON session_comment (user_id, user_workout_session_id, created_at, id);

-- Who read and wrote what of an athlete's through a grant: a row a grant, resource and hour, counted. Not in the ledger:
-- reading would then write to the chain and lock its head, and what is written through a grant stands in the ledger already.
CREATE TABLE coach_access (
    user_id uuid NOT NULL,
    coach_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    -- The resource: what stands behind the athlete in the route's address, or 'overview' for the coach's list.
    what text NOT NULL,
    hour timestamptz NOT NULL,
    reads integer NOT NULL DEFAULT 0,
    writes integer NOT NULL DEFAULT 0,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT coach_access_pkey PRIMARY KEY (user_id, hour, grant_id, what),
    CONSTRAINT coach_access_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT coach_access_coach_fkey FOREIGN KEY (coach_id) REFERENCES app_user (id),
    CONSTRAINT coach_access_grant_fkey FOREIGN KEY (user_id, grant_id) REFERENCES coach_grant (user_id, id),
    CONSTRAINT coach_access_counts CHECK (reads >= 0 AND writes >= 0 AND reads + writes > 0)
);

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON coach_invitation FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON session_comment FOR EACH ROW EXECUTE FUNCTION app.stamp();
SELECT app.keep_in_ledger('coach_invitation', 'account');
SELECT app.keep_in_ledger('session_comment', 'training');
GRANT SELECT, INSERT, UPDATE ON coach_invitation, session_comment TO reptrail_server;
GRANT SELECT ON coach_access TO reptrail_server;
ALTER TABLE coach_invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE coach_invitation FORCE ROW LEVEL SECURITY;
ALTER TABLE session_comment ENABLE ROW LEVEL SECURITY;
ALTER TABLE session_comment FORCE ROW LEVEL SECURITY;
ALTER TABLE coach_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE coach_access FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON coach_invitation USING (user_id = app.actor() OR app.is_system());
-- Whether an invitation was redeemed, for whoever comes with its code.
CREATE POLICY system ON coach_grant FOR SELECT USING (app.is_system());
-- A coach lays a grant down and does nothing else to it (app.lay_down).
CREATE POLICY laid_down ON coach_grant FOR UPDATE USING (coach_id = app.actor() AND user_id = app.athlete())
    WITH CHECK (coach_id = app.actor() AND user_id = app.athlete() AND revoked_at IS NOT NULL);
-- Who may read a session may speak about it. Others' words can be hidden by the athlete; the actions let nobody change them.
CREATE POLICY readable ON session_comment FOR SELECT USING (user_id = app.allowed('training:read'));
CREATE POLICY insertable ON session_comment FOR INSERT WITH CHECK (user_id = app.allowed('training:comment'));
CREATE POLICY updatable ON session_comment FOR UPDATE
    USING (user_id = app.allowed('training:comment') AND (created_by = app.actor() OR user_id = app.actor()))
    WITH CHECK (user_id = app.allowed('training:comment') AND (created_by = app.actor() OR user_id = app.actor()));
CREATE POLICY system ON session_comment USING (app.is_system() AND user_id = app.athlete());
-- Both for functions that run as the owner: the serving role may read and no more.
CREATE POLICY own ON coach_access FOR SELECT USING (user_id = app.actor());
CREATE POLICY recorded ON coach_access USING (coach_id = app.actor()) WITH CHECK (coach_id = app.actor());

-- As in 0001, and: what a coach does through a grant is recorded in the same transaction, so nothing is shown or written without
-- a trace, and what is refused or fails, which shows nothing, leaves none. p_what is the route's resource. Whatever is not a
-- coach's pays nothing for it. A route that writes what needs no more than reading (a comment) needs of a token the scope to write;
-- training:comment, which nobody is given, stands for both where no route says it (sync).
DROP FUNCTION app.act_as(uuid, uuid, text, actor_via, uuid, boolean, uuid, text);
CREATE FUNCTION app.act_as(p_actor uuid, p_athlete uuid, p_scope text, p_via actor_via, p_request uuid, p_write boolean,
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
        -- First the lock, then the grant as it stands: a coach who waits here while it is revoked is too late. Strangers lock nothing.
        IF p_write THEN
            PERFORM FROM change_head h WHERE h.user_id = p_athlete
                AND EXISTS (SELECT FROM coach_grant g WHERE g.user_id = p_athlete AND g.coach_id = p_actor AND g.revoked_at IS NULL)
            FOR UPDATE OF h;
        END IF;
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
    IF p_write THEN
        PERFORM FROM change_head WHERE user_id = p_athlete FOR UPDATE;
    END IF;
    IF v_grant IS NOT NULL THEN
        INSERT INTO coach_access AS a (user_id, coach_id, grant_id, what, hour, reads, writes, first_at, last_at)
        VALUES (p_athlete, p_actor, v_grant, coalesce(p_what, 'other'), date_trunc('hour', now(), 'UTC'),
                CASE WHEN p_write THEN 0 ELSE 1 END, CASE WHEN p_write THEN 1 ELSE 0 END, now(), now())
        ON CONFLICT (user_id, hour, grant_id, what) DO UPDATE SET reads = a.reads + EXCLUDED.reads,
            writes = a.writes + EXCLUDED.writes, last_at = EXCLUDED.last_at;
    END IF;
END $$;

-- A coach's own end of a grant: true if there was one in force or expired. The athlete's row and ledger are changed, in the coach's
-- name, so the transaction is the athlete's for that moment. (Two who coach each other and both lay down at the same
-- instant may deadlock; PostgreSQL ends one of them, which is told to try again.)
CREATE FUNCTION app.lay_down(p_athlete uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, app, pg_temp AS $$
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

-- The grants in force to the actor, each recorded as a look at the overview: what app.coach_overview goes through.
CREATE FUNCTION app.oversee() RETURNS TABLE (athlete_id uuid, grant_id uuid, scopes text[], expires_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, app, pg_temp AS $$
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

-- From here on the transaction sees an athlete of the overview, as far as the grant and the coach's own token (p_own) both reach.
CREATE FUNCTION app.look_at(p_athlete uuid, p_scopes text[], p_own text[]) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, public, app, pg_temp AS $$
BEGIN
    EXECUTE format('SET LOCAL app.athlete_id = %L', p_athlete);
    EXECUTE format('SET LOCAL app.scopes = %L',
        array_to_string(ARRAY(SELECT s FROM unnest(p_scopes) s WHERE s = ANY (p_own)), ' '));
END $$;

-- What the order of a coach's list is made of, for all athletes in one statement. It runs with the caller's rights and goes from athlete to athlete,
-- each of them seen under the same policies and scopes as by app.act_as: no policy has to know of lists of athletes, which would make
-- every other statement slower (docs/decisions/0014 has the figures). An athlete without training:read has nulls.
CREATE FUNCTION app.coach_overview(p_now timestamptz) RETURNS TABLE (athlete_id uuid, display_name text, grant_id uuid,
    scopes text[], expires_at timestamptz, done bigint, due bigint, missed bigint, last_at timestamptz) LANGUAGE plpgsql SET search_path = pg_catalog, public, app, pg_temp
    -- Plans are made for the average athlete, who has little; a coached one has a year's plan ahead. The indexes are in order.
    SET enable_bitmapscan = off SET enable_sort = off AS $$
#variable_conflict use_column
DECLARE
    v_self CONSTANT text := current_setting('app.athlete_id');
    v_own CONSTANT text[] := string_to_array(current_setting('app.scopes'), ' ');
    v_athlete uuid;
    v_zone text;
    v_today date;
BEGIN
    FOR v_athlete, grant_id, scopes, expires_at IN SELECT * FROM app.oversee() LOOP
        PERFORM app.look_at(v_athlete, scopes, v_own);
        athlete_id := v_athlete;
        SELECT u.display_name, u.time_zone INTO display_name, v_zone FROM app_user u WHERE u.id = v_athlete;
        done := NULL; due := NULL; missed := NULL; last_at := NULL;
        IF app.allowed('training:read') IS NULL THEN
            RETURN NEXT;
            CONTINUE;
        END IF;
        v_today := (p_now AT TIME ZONE v_zone)::date;
        SELECT count(*) FILTER (WHERE x.state = 'DONE'), count(*) FILTER (WHERE x.state IN ('DONE', 'SKIPPED', 'MISSED')),
            count(*) FILTER (WHERE x.state = 'MISSED' AND x.day >= v_today - 14) INTO done, due, missed
        FROM (SELECT d.day, app.due_state(d.session_status, d.day, d.paused_on, v_today) AS state
              FROM (SELECT s.session_status, e.paused_on, (s.scheduled_at AT TIME ZONE v_zone)::date AS day
                    FROM user_workout_session s
                    LEFT JOIN user_program_enrollment e ON e.user_id = v_athlete AND e.id = s.program_enrollment_id
                    WHERE s.user_id = v_athlete AND s.is_active AND s.session_status IN ('COMPLETED', 'SKIPPED', 'PLANNED')
                      AND s.scheduled_at >= (v_today - 27)::timestamp AT TIME ZONE v_zone
                      AND s.scheduled_at < (v_today + 1)::timestamp AT TIME ZONE v_zone
                    OFFSET 0) d -- fences, so that the day and the state are worked out once a row
              OFFSET 0) x;

        SELECT s.completed_at INTO last_at FROM user_workout_session s
        WHERE s.user_id = v_athlete AND s.session_status = 'COMPLETED' AND s.is_active AND s.completed_at IS NOT NULL
        ORDER BY s.completed_at DESC LIMIT 1;
        RETURN NEXT;
    END LOOP;
    EXECUTE format('SET LOCAL app.athlete_id = %L', v_self);
    EXECUTE format('SET LOCAL app.scopes = %L', array_to_string(v_own, ' '));
END $$;

-- What was logged and then cancelled, so that a best can leave it out without reading every session.
CREATE INDEX session_cancelled_idx ON user_workout_session (user_id)
    WHERE session_status = 'CANCELLED' AND started_at IS NOT NULL;

-- The rest of what the list says, for an athlete of the page that is shown: the last session and the next, programs, and the
-- exercises whose heaviest weight was first lifted in the last 28 days (the heaviest of those days where every weight before them was
-- lighter, from the index of the bests; what was cancelled is no best). Nulls without training:read.
CREATE FUNCTION app.overview_details(p_athlete uuid, p_scopes text[], p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql
    -- A bitmap of all an athlete ever did, for the five rows of a session: right for the average athlete, wrong for a coached one.
    SET search_path = pg_catalog, public, app, pg_temp SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
    v_self CONSTANT text := current_setting('app.athlete_id');
    v_own CONSTANT text[] := string_to_array(current_setting('app.scopes'), ' ');
    v_day timestamptz; -- when the athlete's today began
    v_last jsonb;
    v_next jsonb;
    v_programs jsonb;
    v_cancelled uuid[];
    v_records jsonb;
BEGIN
    PERFORM app.look_at(p_athlete, p_scopes, v_own);
    IF app.allowed('training:read') IS NOT NULL THEN
        SELECT (p_now AT TIME ZONE u.time_zone)::date::timestamp AT TIME ZONE u.time_zone INTO v_day
        FROM app_user u WHERE u.id = p_athlete;

        SELECT jsonb_build_object('id', l.id, 'workout_name', w.workout_name, 'completed_at', l.completed_at)
        INTO v_last
        FROM (SELECT s.id, s.completed_at, s.workout_id, s.workout_revision FROM user_workout_session s
              WHERE s.user_id = p_athlete AND s.session_status = 'COMPLETED' AND s.is_active AND s.completed_at IS NOT NULL
              ORDER BY s.completed_at DESC LIMIT 1) l
        LEFT JOIN workout_revision w ON w.workout_id = l.workout_id AND w.revision = l.workout_revision;
        -- By history_at, which is scheduled_at until a session begins: its index ends at the first; to compare the status within
        -- an index row-level security forbids (an enum's comparison could leak), so that would read a whole year's plan.
        SELECT jsonb_build_object('id', l.id, 'workout_name', w.workout_name, 'scheduled_at', l.scheduled_at) INTO v_next
        FROM (SELECT s.id, s.scheduled_at, s.workout_id, s.workout_revision FROM user_workout_session s
              LEFT JOIN user_program_enrollment e ON e.user_id = p_athlete AND e.id = s.program_enrollment_id
              WHERE s.user_id = p_athlete AND s.session_status = 'PLANNED' AND s.is_active AND s.history_at >= v_day
                AND s.scheduled_at >= v_day AND e.paused_on IS NULL
              ORDER BY s.history_at, s.id LIMIT 1) l
        LEFT JOIN workout_revision w ON w.workout_id = l.workout_id AND w.revision = l.workout_revision;

        SELECT coalesce(jsonb_agg(jsonb_build_object('enrollment_id', e.id, 'program_name', r.program_name,
            'enrollment_status', e.enrollment_status, 'current_day', e.current_day, 'day_count', r.day_count)
            ORDER BY e.start_date, e.id), '[]') INTO v_programs
        FROM user_program_enrollment e
        JOIN program_revision r ON r.program_id = e.program_id AND r.revision = e.program_revision
        WHERE e.user_id = p_athlete AND e.is_active AND e.enrollment_status IN ('ACTIVE', 'PAUSED');

        SELECT array_agg(p.id) INTO v_cancelled FROM user_workout_session s
        JOIN user_exercise_performance p ON p.user_id = p_athlete AND p.user_workout_session_id = s.id
        WHERE s.user_id = p_athlete AND s.session_status = 'CANCELLED' AND s.started_at IS NOT NULL;
        SELECT coalesce(jsonb_agg(jsonb_build_object('exercise_id', r.exercise_id, 'exercise_name', x.exercise_name,
            'weight_kg', r.kg, 'before_kg', r.before_kg) ORDER BY x.exercise_name), '[]') INTO v_records
        FROM (SELECT w.exercise_id, w.kg, (
                  SELECT t.weight_kg FROM user_set_performance t
                  WHERE t.user_id = p_athlete AND t.exercise_id = w.exercise_id AND t.is_active AND t.kind <> 'WARMUP'
                    AND t.load <> 'ASSISTED' AND t.weight_kg IS NOT NULL
                    AND t.user_exercise_performance_id <> ALL (w.performances || v_cancelled)
                  ORDER BY t.weight_kg DESC LIMIT 1) AS before_kg
              FROM (SELECT p.exercise_id, max(p.weight_used_kg) AS kg, array_agg(p.id) AS performances
                    FROM user_workout_session s
                    JOIN user_exercise_performance p ON p.user_id = p_athlete AND p.user_workout_session_id = s.id
                    WHERE s.user_id = p_athlete AND s.is_active AND s.session_status IN ('COMPLETED', 'IN_PROGRESS')
                      AND s.history_at >= p_now - interval '28 days' AND s.history_at < p_now + interval '1 day'
                      AND p.is_active AND p.weight_used_kg IS NOT NULL
                    GROUP BY p.exercise_id OFFSET 0) w
              OFFSET 0) r -- a fence, so that the weight before is looked up once
        JOIN exercise x ON x.id = r.exercise_id
        WHERE r.before_kg < r.kg;
    END IF;
    EXECUTE format('SET LOCAL app.athlete_id = %L', v_self);
    EXECUTE format('SET LOCAL app.scopes = %L', array_to_string(v_own, ' '));
    RETURN jsonb_build_object('last_session', v_last, 'next_session', v_next, 'programs', v_programs, 'records', v_records);
END $$;

REVOKE ALL ON FUNCTION app.act_as(uuid, uuid, text, actor_via, uuid, boolean, uuid, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.lay_down(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.oversee() FROM PUBLIC;
REVOKE ALL ON FUNCTION app.look_at(uuid, text[], text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.coach_overview(timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.overview_details(uuid, text[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.act_as(uuid, uuid, text, actor_via, uuid, boolean, uuid, text, text) TO reptrail_server;
GRANT EXECUTE ON FUNCTION app.lay_down(uuid) TO reptrail_server;
GRANT EXECUTE ON FUNCTION app.oversee() TO reptrail_server;
GRANT EXECUTE ON FUNCTION app.look_at(uuid, text[], text[]) TO reptrail_server;
GRANT EXECUTE ON FUNCTION app.coach_overview(timestamptz) TO reptrail_server;
GRANT EXECUTE ON FUNCTION app.overview_details(uuid, text[], timestamptz) TO reptrail_server;
