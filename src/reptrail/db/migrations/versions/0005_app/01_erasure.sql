-- Erasure: everything of an athlete's is removed, and a receipt of it is kept that tells nobody who they were (docs/decisions/0020).

-- subject_hash is SHA-256 of the account's id: a UUIDv7 has 74 random bits, so nobody finds the id from it, and whoever has the id (a
-- token that is still about, a backup that is restored) can be told that its account is gone. Nobody's in particular: no user_id.
CREATE TABLE erasure_receipt (
    id uuid NOT NULL,
    subject_hash text NOT NULL,
    erased_at timestamptz NOT NULL,
    -- How many rows of each table were removed.
    counts jsonb NOT NULL,
    -- SHA-256 of all of the above: shows that a receipt kept elsewhere is the one that was given.
    receipt_hash text NOT NULL,
    CONSTRAINT erasure_receipt_pkey PRIMARY KEY (id),
    CONSTRAINT erasure_receipt_hashes CHECK (length(subject_hash) = 64 AND length(receipt_hash) = 64)
);
CREATE INDEX erasure_receipt_subject_idx ON erasure_receipt (subject_hash);

CREATE FUNCTION app.subject_hash(p_user uuid) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN encode(sha256(convert_to(p_user::text, 'UTF8')), 'hex');

-- The one role that may delete athletes' rows. Nobody logs in as it, the serving role is not in it, and app.erase is all that runs as it.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'reptrail_eraser') THEN
        CREATE ROLE reptrail_eraser NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    -- So that the function can be given to it; see the same of reptrail_server.
    IF current_setting('server_version_num')::int >= 160000 THEN
        IF NOT pg_catalog.pg_has_role(current_user, 'reptrail_eraser', 'SET') THEN
            EXECUTE format('GRANT reptrail_eraser TO %I WITH SET TRUE', current_user);
        END IF;
    ELSIF NOT pg_catalog.pg_has_role(current_user, 'reptrail_eraser', 'MEMBER') THEN
        EXECUTE format('GRANT reptrail_eraser TO %I', current_user);
    END IF;
END $$;
GRANT USAGE ON SCHEMA app, public TO reptrail_eraser;

-- It looks at others' rows too: what of the athlete's they need must stay.
DO $$
DECLARE
    t text;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity LOOP
        EXECUTE format('GRANT SELECT, UPDATE, DELETE ON %I TO reptrail_eraser', t);
        EXECUTE format('CREATE POLICY erasing ON %I TO reptrail_eraser USING (app.actor() IS NOT NULL)', t);
    END LOOP;
END $$;

ALTER TABLE erasure_receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasure_receipt FORCE ROW LEVEL SECURITY;
CREATE POLICY system ON erasure_receipt FOR SELECT USING (app.is_system());
CREATE POLICY erasing ON erasure_receipt TO reptrail_eraser USING (app.actor() IS NOT NULL);
GRANT SELECT ON erasure_receipt TO reptrail_server;
GRANT SELECT, INSERT ON erasure_receipt TO reptrail_eraser;

-- The row of the account itself goes after the ledger it would be recorded in.
DROP TRIGGER ledger_delete ON app_user;
CREATE TRIGGER ledger_delete AFTER DELETE ON app_user REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT WHEN (current_user <> 'reptrail_eraser') EXECUTE FUNCTION app.record_change('app_user', 'account');

-- Each workout, revision and instruction that goes is looked for among the rows that could point at it.
CREATE INDEX session_workout_idx ON user_workout_session (workout_id, workout_revision);
CREATE INDEX day_workout_idx ON program_day_workout (workout_id, workout_revision);
CREATE INDEX prescription_instruction_idx ON user_prescription (exercise_instruction_id);

-- Erases the athlete of this transaction, who must be its actor: signed in, or the operator's command line (the system's). All of it is
-- removed but what others' rows need: a program that they are enrolled in with its workouts, and exercises and metrics that they have
-- logged; these stay, without a name and archived. An account that wrote in others' histories (a coach) leaves an empty row, which those
-- point at: "a deleted user". Others' ledgers are not touched, so they verify as before.
CREATE FUNCTION app.erase(p_receipt uuid) RETURNS SETOF erasure_receipt LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, app, pg_temp AS $$
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
END $$;

REVOKE ALL ON FUNCTION app.erase(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.erase(uuid) TO reptrail_server;
GRANT EXECUTE ON FUNCTION app.lay_down(uuid) TO reptrail_eraser;
-- To own a function in a schema a role must be able to make one there: for this moment.
GRANT CREATE ON SCHEMA app TO reptrail_eraser;
ALTER FUNCTION app.erase(uuid) OWNER TO reptrail_eraser;
REVOKE CREATE ON SCHEMA app FROM reptrail_eraser;
