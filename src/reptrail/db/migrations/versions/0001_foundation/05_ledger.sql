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

-- The chain over many rows at once: each row's hash is that of the one before it with its own text.
CREATE FUNCTION app.chain_step(p_link bytea, p_start bytea, p_text text) RETURNS bytea LANGUAGE sql IMMUTABLE
    RETURN sha256(coalesce(p_link, p_start) || convert_to(p_text, 'UTF8'));
CREATE AGGREGATE app.chain(bytea, text) (SFUNC = app.chain_step, STYPE = bytea);

-- Arguments of the trigger: the table and the domain. It chains a statement at a time: one update of the head for the
-- 7,211 sets of an import, not 7,211 of them, each walking past all before it (rejected: a row trigger, as fast for one
-- row, 4 times slower for 7,211; see docs/decisions/0003). Old and new rows are put side by side by sorting, not by a
-- join: the plan may be kept from a session's first statement, of one row, and is then a nested loop over 7,211 (2 to 19 s).
--
-- pg_temp comes last in the search path: else a temporary table named change would be written to in its stead.
CREATE FUNCTION app.record_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, app, pg_temp AS $$
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

-- The name of somebody who made a change: the athlete sees everybody's, a coach their own and the athlete's. Runs as the
-- system, for users do not see each other's rows.
CREATE FUNCTION app.actor_name(p_actor uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, app, pg_temp AS $$
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
REVOKE ALL ON FUNCTION app.actor_name(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.actor_name(uuid) TO reptrail_server;

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
