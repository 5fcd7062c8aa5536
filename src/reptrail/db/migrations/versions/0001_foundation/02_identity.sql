-- Users, logins and tokens. Passwords stand apart, so that the profile can be read, exported and kept in the ledger.
CREATE TABLE app_user (
    id uuid NOT NULL,
    user_id uuid GENERATED ALWAYS AS (id) STORED,
    email text NOT NULL,
    display_name text NOT NULL,
    time_zone text NOT NULL DEFAULT 'UTC',
    weight_unit weight_unit NOT NULL DEFAULT 'kg',
    is_admin boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT app_user_pkey PRIMARY KEY (id),
    CONSTRAINT app_user_email_length CHECK (length(email) BETWEEN 3 AND 254),
    CONSTRAINT app_user_display_name_length CHECK (length(display_name) BETWEEN 1 AND 120),
    CONSTRAINT app_user_time_zone_length CHECK (length(time_zone) BETWEEN 1 AND 64)
);
-- E-mail addresses are compared without case, as every person types them.
CREATE UNIQUE INDEX app_user_email_key ON app_user (lower(email));

CREATE FUNCTION app.stamp_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.id := OLD.id;
        NEW.created_at := OLD.created_at;
        NEW.version := OLD.version + 1;
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON app_user FOR EACH ROW EXECUTE FUNCTION app.stamp_user();

CREATE TABLE user_password (
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_password_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_password_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id)
);

-- One row a login on one device, with its whole family of refresh tokens: a token carries the generation it was made
-- in, and one older than the row's is a reuse that ends the family.
CREATE TABLE login (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    generation integer NOT NULL DEFAULT 1,
    user_agent text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    refresh_key text,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text,
    CONSTRAINT login_pkey PRIMARY KEY (id),
    CONSTRAINT login_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id)
);
CREATE INDEX login_user_idx ON login (user_id, created_at DESC);

-- Failed logins, counted for an account and for an address; the key is a hash, so that a typed password in the e-mail
-- field is not kept.
CREATE TABLE login_attempt (
    attempt_key text NOT NULL,
    failures integer NOT NULL,
    window_started_at timestamptz NOT NULL,
    CONSTRAINT login_attempt_pkey PRIMARY KEY (attempt_key)
);

-- One row: what is true of the instance as a whole. Locked to decide who is first.
CREATE TABLE instance (
    id smallint NOT NULL DEFAULT 1,
    administrator_id uuid,
    -- Of the built-in catalogue's data files that were loaded last.
    catalog_fingerprint text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT instance_pkey PRIMARY KEY (id),
    CONSTRAINT instance_one_row CHECK (id = 1),
    CONSTRAINT instance_administrator_fkey FOREIGN KEY (administrator_id) REFERENCES app_user (id)
);
INSERT INTO instance (id) VALUES (1);

CREATE TABLE api_token (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token_name text NOT NULL,
    scopes text[] NOT NULL,
    secret_hash text NOT NULL,
    expires_at timestamptz,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT api_token_pkey PRIMARY KEY (id),
    CONSTRAINT api_token_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT api_token_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT api_token_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT api_token_name_length CHECK (length(token_name) BETWEEN 1 AND 120)
);
CREATE INDEX api_token_user_idx ON api_token (user_id, created_at DESC);

-- An athlete's consent that a coach may see or do something. Absence is no.
CREATE TABLE coach_grant (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    coach_id uuid NOT NULL,
    scopes text[] NOT NULL,
    consent_version text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT coach_grant_pkey PRIMARY KEY (id),
    CONSTRAINT coach_grant_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT coach_grant_coach_fkey FOREIGN KEY (coach_id) REFERENCES app_user (id),
    CONSTRAINT coach_grant_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT coach_grant_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT coach_grant_not_oneself CHECK (user_id <> coach_id),
    CONSTRAINT coach_grant_scopes_known CHECK (scopes <@ ARRAY['training:read', 'training:write', 'program:assign',
        'measurements:read', 'measurements:write'] AND cardinality(scopes) > 0),
    -- Writing returns the row as it stands, so it needs reading; asking for both is said in the consent.
    CONSTRAINT coach_grant_write_needs_read CHECK (
        (NOT 'training:write' = ANY (scopes) OR 'training:read' = ANY (scopes))
        AND (NOT 'measurements:write' = ANY (scopes) OR 'measurements:read' = ANY (scopes)))
);
CREATE UNIQUE INDEX coach_grant_one_in_force ON coach_grant (user_id, coach_id) WHERE revoked_at IS NULL AND is_active;
CREATE INDEX coach_grant_coach_idx ON coach_grant (coach_id, user_id);

-- Answers kept for 24 hours, so that a retried write gets the first answer instead of a second row.
CREATE TABLE idempotency_key (
    user_id uuid NOT NULL,
    actor_id uuid NOT NULL,
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint NOT NULL,
    etag text,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_key_pkey PRIMARY KEY (user_id, actor_id, idempotency_key),
    CONSTRAINT idempotency_key_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id)
);
CREATE INDEX idempotency_key_created_idx ON idempotency_key (created_at);
