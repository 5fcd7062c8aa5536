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

-- The overview reads the rows of many athletes in one statement, as a role that can do nothing else: nobody logs in as it, the serving role is
-- not in it, and the two functions below are all that runs as it. So ordinary statements do not know of its policies (see docs/decisions/0014:
-- a second policy for everybody would be checked for every row that anybody reads).
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'reptrail_overview') THEN
        CREATE ROLE reptrail_overview NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    -- So that functions can be given to it; see the same of reptrail_server.
    IF current_setting('server_version_num')::int >= 160000 THEN
        IF NOT pg_catalog.pg_has_role(current_user, 'reptrail_overview', 'SET') THEN
            EXECUTE format('GRANT reptrail_overview TO %I WITH SET TRUE', current_user);
        END IF;
    ELSIF NOT pg_catalog.pg_has_role(current_user, 'reptrail_overview', 'MEMBER') THEN
        EXECUTE format('GRANT reptrail_overview TO %I', current_user);
    END IF;
END $$;
GRANT USAGE ON SCHEMA app, public TO reptrail_overview;
GRANT SELECT ON coach_grant TO reptrail_overview;

-- Named to come last: PostgreSQL asks the policies of a table from the last name on, and this one says yes at once.
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['app_user', 'user_program_enrollment', 'user_workout_session', 'user_exercise_performance',
                             'user_set_performance', 'workout_revision', 'program_revision', 'exercise'] LOOP
        EXECUTE format('GRANT SELECT ON %I TO reptrail_overview', t);
        EXECUTE format('CREATE POLICY watching ON %I FOR SELECT TO reptrail_overview USING (app.actor() IS NOT NULL)', t);
    END LOOP;
END $$;

-- What the order of a coach's list is made of, for all athletes in one statement. Only athletes whose grant and the coach's own
-- credential both have training:read are looked at; the others have nulls.
CREATE FUNCTION app.coach_overview(p_now timestamptz) RETURNS TABLE (athlete_id uuid, display_name text, grant_id uuid,
    scopes text[], expires_at timestamptz, done bigint, due bigint, missed bigint, last_at timestamptz) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, app, pg_temp
    -- Plans are made for the average athlete, who has little; a coached one has a year's plan ahead. The indexes are in order.
    SET enable_bitmapscan = off AS $$
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

-- What was logged and then cancelled, so that a best can leave it out without reading every session.
CREATE INDEX session_cancelled_idx ON user_workout_session (user_id)
    WHERE session_status = 'CANCELLED' AND started_at IS NOT NULL;

-- The rest of what the list says, for the athletes of the page that is shown: the last session and the next, programs, and the
-- exercises whose heaviest weight was first lifted in the last 14 days (what was cancelled is no best). Athletes who gave the coach no training:read are left out.
CREATE FUNCTION app.overview_details(p_athletes uuid[], p_now timestamptz) RETURNS TABLE (athlete_id uuid, details jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, app, pg_temp
    -- A bitmap of all an athlete ever did, for the five rows of a session: right for the average athlete, wrong for a coached one.
    SET enable_bitmapscan = off AS $$
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

REVOKE ALL ON FUNCTION app.act_as(uuid, uuid, text, actor_via, uuid, boolean, uuid, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.lay_down(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.oversee() FROM PUBLIC;
REVOKE ALL ON FUNCTION app.coach_overview(timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.overview_details(uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.act_as(uuid, uuid, text, actor_via, uuid, boolean, uuid, text, text) TO reptrail_server;
GRANT EXECUTE ON FUNCTION app.lay_down(uuid) TO reptrail_server;
GRANT EXECUTE ON FUNCTION app.oversee() TO reptrail_overview;
GRANT EXECUTE ON FUNCTION app.coach_overview(timestamptz) TO reptrail_server;
GRANT EXECUTE ON FUNCTION app.overview_details(uuid[], timestamptz) TO reptrail_server;

-- To own a function in a schema a role must be able to make one there: for this moment.
GRANT CREATE ON SCHEMA app TO reptrail_overview;
ALTER FUNCTION app.coach_overview(timestamptz) OWNER TO reptrail_overview;
ALTER FUNCTION app.overview_details(uuid[], timestamptz) OWNER TO reptrail_overview;
REVOKE CREATE ON SCHEMA app FROM reptrail_overview;
