-- The ledger: one row a change, counted and hash-chained within an athlete, written by triggers alone.
CREATE TABLE change (
    user_id uuid NOT NULL,
    seq bigint NOT NULL,
    actor_id uuid NOT NULL,
    via actor_via NOT NULL,
    request_id uuid,
    changed_at timestamptz NOT NULL,
    -- Who may read it: the scope's first half. 'account' is the athlete's alone.
    domain text NOT NULL,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    action text NOT NULL,
    before jsonb,
    after jsonb,
    hash bytea NOT NULL,
    CONSTRAINT change_pkey PRIMARY KEY (user_id, seq),
    CONSTRAINT change_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT change_action_known CHECK (action IN ('INSERT', 'UPDATE', 'DELETE')),
    CONSTRAINT change_domain_known CHECK (domain IN ('training', 'measurements', 'account'))
);
CREATE INDEX change_row_idx ON change (user_id, row_id, seq);

-- The head of each athlete's chain. Locking it first in a writing transaction is what makes seq gap-free and in commit
-- order; keeping the last hash here is what lets verification notice that the newest changes were cut off.
CREATE TABLE change_head (
    user_id uuid NOT NULL,
    seq bigint NOT NULL DEFAULT 0,
    hash bytea NOT NULL DEFAULT '\x',
    CONSTRAINT change_head_pkey PRIMARY KEY (user_id),
    CONSTRAINT change_head_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id)
) WITH (fillfactor = 50);

-- The text that is hashed. Times go in as seconds since 1970, so that it does not depend on a session's time zone.
CREATE FUNCTION app.change_text(p_user uuid, p_seq bigint, p_actor uuid, p_via actor_via, p_request uuid, p_at timestamptz,
    p_domain text, p_table text, p_row uuid, p_action text, p_before jsonb, p_after jsonb)
    RETURNS text LANGUAGE sql STABLE
    RETURN concat_ws(chr(31), p_user, p_seq, p_actor, p_via, coalesce(p_request::text, '-'), extract(epoch FROM p_at),
                     p_domain, p_table, p_row, p_action, coalesce(p_before::text, '-'), coalesce(p_after::text, '-'));

-- Argument of the trigger: the domain. It chains a statement at a time: one update of the head for the 7,211 sets of an
-- import, not 7,211 of them (rejected: a row trigger, measured 2.3 times slower on a batch; see docs/decisions/0003).
-- Without nested loops: a connection keeps the plan of its first call, and one made for an update of a single row compares
-- every old row with every new one when the next statement updates 7,211 (measured: over 30 s, with a hash join 1 s).
CREATE FUNCTION app.record_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, app SET enable_nestloop = off AS $$
DECLARE
    v_rows refcursor;
    v_user uuid;
    v_row_id uuid;
    v_row_user uuid;
    v_before jsonb;
    v_after jsonb;
    v_seq bigint;
    v_hash bytea;
    v_actor uuid := app.actor();
    v_via actor_via := nullif(current_setting('app.via', true), '')::actor_via;
    v_request uuid := nullif(current_setting('app.request_id', true), '')::uuid;
    v_at timestamptz := clock_timestamp();
BEGIN
    IF TG_OP = 'INSERT' THEN
        OPEN v_rows FOR SELECT n.user_id, n.id, NULL::jsonb, to_jsonb(n) - 'secret_hash' FROM new_rows n;
    ELSIF TG_OP = 'UPDATE' THEN
        OPEN v_rows FOR
            SELECT n.user_id, n.id, d.before, d.after
            FROM new_rows n JOIN old_rows o ON o.id = n.id,
                 LATERAL (SELECT jsonb_object_agg(a.key, b.value) AS before, jsonb_object_agg(a.key, a.value) AS after
                          FROM jsonb_each(to_jsonb(n) - 'secret_hash') a JOIN jsonb_each(to_jsonb(o)) b ON b.key = a.key
                          WHERE a.value IS DISTINCT FROM b.value) d;
    ELSE
        OPEN v_rows FOR SELECT o.user_id, o.id, to_jsonb(o) - 'secret_hash', NULL::jsonb FROM old_rows o;
    END IF;
    LOOP
        FETCH v_rows INTO v_row_user, v_row_id, v_before, v_after;
        EXIT WHEN NOT FOUND;
        CONTINUE WHEN v_row_user IS NULL; -- built in: nobody's
        IF v_user IS DISTINCT FROM v_row_user THEN
            IF v_actor IS NULL OR v_via IS NULL THEN
                RAISE EXCEPTION 'a change of an athlete''s row needs an actor: call app.act_as first' USING ERRCODE = 'RT401';
            END IF;
            IF v_user IS NOT NULL THEN
                UPDATE change_head SET seq = v_seq, hash = v_hash WHERE user_id = v_user;
            END IF;
            v_user := v_row_user;
            SELECT seq, hash INTO v_seq, v_hash FROM change_head WHERE user_id = v_user FOR UPDATE;
            IF NOT FOUND THEN
                INSERT INTO change_head (user_id) VALUES (v_user) RETURNING seq, hash INTO v_seq, v_hash;
            END IF;
        END IF;
        v_seq := v_seq + 1;
        v_hash := sha256(v_hash || convert_to(app.change_text(v_user, v_seq, v_actor, v_via, v_request, v_at,
            TG_ARGV[1], TG_ARGV[0], v_row_id, TG_OP, v_before, v_after), 'UTF8'));
        INSERT INTO change (user_id, seq, actor_id, via, request_id, changed_at, domain, table_name, row_id, action,
                            before, after, hash)
        VALUES (v_user, v_seq, v_actor, v_via, v_request, v_at, TG_ARGV[1], TG_ARGV[0], v_row_id, TG_OP,
                v_before, v_after, v_hash);
    END LOOP;
    CLOSE v_rows;
    IF v_user IS NOT NULL THEN
        UPDATE change_head SET seq = v_seq, hash = v_hash WHERE user_id = v_user;
    END IF;
    RETURN NULL;
END $$;

-- One place says which tables are kept in the ledger and who may read each one's changes.
CREATE FUNCTION app.keep_in_ledger(p_table text, p_domain text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER ledger_insert AFTER INSERT ON %1$I REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION app.record_change(%1$L, %2$L)', p_table, p_domain);
    EXECUTE format('CREATE TRIGGER ledger_update AFTER UPDATE ON %1$I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION app.record_change(%1$L, %2$L)', p_table, p_domain);
    EXECUTE format('CREATE TRIGGER ledger_delete AFTER DELETE ON %1$I REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION app.record_change(%1$L, %2$L)', p_table, p_domain);
END $$;

SELECT app.keep_in_ledger(t, 'account') FROM unnest(ARRAY['app_user', 'api_token', 'coach_grant', 'import']) t;
SELECT app.keep_in_ledger(t, 'training') FROM unnest(ARRAY['exercise', 'workout', 'workout_revision',
    'exercise_instruction', 'program', 'exercise_mapping', 'user_program_enrollment', 'user_workout_session',
    'user_exercise_performance', 'user_set_performance']) t;
SELECT app.keep_in_ledger(t, 'measurements') FROM unnest(ARRAY['metric', 'user_measurement']) t;
