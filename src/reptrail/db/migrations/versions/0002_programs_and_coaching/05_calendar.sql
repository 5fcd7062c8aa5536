-- A secret address under which a calendar program reads what is planned and done: nothing else, and only until it is
-- revoked. When it was last read is not kept: a calendar asks every hour, and each would be a change of the athlete's.
CREATE TABLE calendar_feed (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    feed_name text NOT NULL,
    secret_hash text NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT calendar_feed_pkey PRIMARY KEY (id),
    CONSTRAINT calendar_feed_secret_key UNIQUE (secret_hash),
    CONSTRAINT calendar_feed_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT calendar_feed_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT calendar_feed_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT calendar_feed_name_length CHECK (length(feed_name) BETWEEN 1 AND 120)
);
CREATE INDEX calendar_feed_user_idx ON calendar_feed (user_id, created_at DESC);
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON calendar_feed FOR EACH ROW EXECUTE FUNCTION app.stamp();
SELECT app.keep_in_ledger('calendar_feed', 'account');
GRANT SELECT, INSERT, UPDATE ON calendar_feed TO reptrail_server;
ALTER TABLE calendar_feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_feed FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON calendar_feed USING (user_id = app.actor() OR app.is_system());

-- From the system's moment before anybody is identified to whoever a feed's secret is of: they read their training, and
-- nothing more. RT404 for a secret that is nobody's (any more).
CREATE FUNCTION app.read_as_feed(p_secret_hash text) RETURNS uuid LANGUAGE plpgsql AS $$
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
REVOKE ALL ON FUNCTION app.read_as_feed(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.read_as_feed(text) TO reptrail_server;
