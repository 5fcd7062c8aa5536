-- The operations that were pushed and applied: one whose answer was lost is known again however late it is repeated.
--
-- Not in the ledger and not stamped: it says nothing of the athlete that the changes it led to do not say there, and each
-- pushed set would cost two rows more of the chain. Nothing of it is ever updated or deleted: 30,000 sets in ten years are
-- 5 MB. (Rejected: asking the row itself. An edit that was made, answered into the void and then edited again by somebody
-- else would be a conflict with itself when it is repeated.)
CREATE TABLE sync_operation (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- Each actor has ids of their own, so nobody learns from a refusal what another one has pushed.
    actor_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    -- The versions of the row that came of it. The last is before the first where the row said so already.
    first_version integer NOT NULL,
    last_version integer NOT NULL,
    -- When the client says it happened: for people to read, decided upon by nothing.
    client_at timestamptz,
    applied_seq bigint NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sync_operation_pkey PRIMARY KEY (user_id, actor_id, id),
    CONSTRAINT sync_operation_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id)
);

GRANT SELECT, INSERT ON sync_operation TO reptrail_server;
ALTER TABLE sync_operation ENABLE ROW LEVEL SECURITY;
ALTER TABLE sync_operation FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON sync_operation USING (user_id = app.athlete() AND actor_id = app.actor());

-- Each process watches the heads of the athletes it has listeners for, in one statement over all of them. (Rejected: NOTIFY
-- in the ledger's trigger. PostgreSQL puts notifications into one queue in commit order, under one lock for the whole
-- instance, so every athlete's writes would wait for each other's commits.)
CREATE POLICY system ON change_head FOR SELECT USING (app.is_system() AND app.athlete() IS NULL);
