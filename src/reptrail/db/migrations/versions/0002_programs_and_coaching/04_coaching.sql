-- A coach's invitation, redeemed once: the grant that came of it names it. The code is kept as a hash.
CREATE TABLE coach_invitation (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    code_hash text NOT NULL,
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
    CONSTRAINT coach_invitation_code_key UNIQUE (code_hash),
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
CREATE INDEX session_comment_session_idx ON session_comment (user_id, user_workout_session_id, created_at);

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON coach_invitation FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON session_comment FOR EACH ROW EXECUTE FUNCTION app.stamp();
SELECT app.keep_in_ledger('coach_invitation', 'account');
SELECT app.keep_in_ledger('session_comment', 'training');
GRANT SELECT, INSERT, UPDATE ON coach_invitation, session_comment TO reptrail_server;
ALTER TABLE coach_invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE coach_invitation FORCE ROW LEVEL SECURITY;
ALTER TABLE session_comment ENABLE ROW LEVEL SECURITY;
ALTER TABLE session_comment FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON coach_invitation USING (user_id = app.actor() OR app.is_system());
-- Who may read a session may speak about it; only one's own words can be changed.
CREATE POLICY readable ON session_comment FOR SELECT USING (user_id = app.allowed('training:read'));
CREATE POLICY insertable ON session_comment FOR INSERT WITH CHECK (user_id = app.allowed('training:read'));
CREATE POLICY updatable ON session_comment FOR UPDATE
    USING (user_id = app.allowed('training:read') AND created_by = app.actor())
    WITH CHECK (user_id = app.allowed('training:read') AND created_by = app.actor());
