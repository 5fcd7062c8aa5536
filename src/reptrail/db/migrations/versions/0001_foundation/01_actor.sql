-- The actor of a transaction: settings that end with it, read by policies and triggers.
CREATE SCHEMA app;

DO $$
BEGIN
    -- The role the server serves with. It owns nothing and bypasses nothing. Roles belong to the whole cluster, so
    -- another Reptrail database beside this one may have made it already.
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'reptrail_server') THEN
        CREATE ROLE reptrail_server LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    -- So that a server that was given only the owner's URL can step down to it (SET ROLE). From 16 on whoever creates a role
    -- may administer it but not become it, unless granted that.
    IF current_setting('server_version_num')::int >= 160000 THEN
        IF NOT pg_catalog.pg_has_role(current_user, 'reptrail_server', 'SET') THEN
            EXECUTE format('GRANT reptrail_server TO %I WITH SET TRUE', current_user);
        END IF;
    ELSIF NOT pg_catalog.pg_has_role(current_user, 'reptrail_server', 'MEMBER') THEN
        EXECUTE format('GRANT reptrail_server TO %I', current_user);
    END IF;
END $$;

GRANT USAGE ON SCHEMA app TO reptrail_server;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO reptrail_server;

-- nullif: a transaction-local setting leaves an empty string behind, and ''::uuid raises.
CREATE FUNCTION app.actor() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.actor_id', true), '')::uuid;

CREATE FUNCTION app.athlete() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.athlete_id', true), '')::uuid;

-- The athlete of this transaction if the actor holds the scope, else null: a policy is one comparison with it.
CREATE FUNCTION app.allowed(p_scope text) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN strpos(current_setting('app.scopes', true), p_scope) > 0
                THEN nullif(current_setting('app.athlete_id', true), '')::uuid END;

-- True only before somebody is identified (register, login) and in the system's own work.
CREATE FUNCTION app.is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('app.system', true), '') = 'on';

CREATE TYPE actor_via AS ENUM ('WEB', 'API_TOKEN', 'COACH_GRANT', 'IMPORT', 'SYSTEM');
CREATE TYPE weight_unit AS ENUM ('kg', 'lb');

-- Who wrote a row and when is the database's to say: whatever a client sends for these columns is overwritten.
CREATE FUNCTION app.stamp() RETURNS trigger LANGUAGE plpgsql AS $$
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
