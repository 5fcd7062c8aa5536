"""What must be true of the live catalogue, one query a rule: each answers what breaks it."""
# ruff: noqa: S608 - statements are put together from our own fragments

from collections.abc import Awaitable, Callable

import asyncpg

SERVER_ROLE = "reptrail_server"

# Tables without row-level security: nobody's data.
OPEN_TABLES = {"alembic_version": "which revision the schema stands at"}
# Identity tables whose rows belong to somebody although the column is not called user_id, or is generated.
IDENTITY_TABLES = {"app_user", "user_password", "login", "login_attempt", "instance", "api_token", "coach_grant", "idempotency_key"}
# Tables with a user_id that are not stamped or not kept in the ledger, and why.
NOT_KEPT = {
    "change": "the ledger itself",
    "change_head": "the head of the ledger",
    "user_password": "a hash: it must never be read again, also not from the ledger",
    "login": "written with every refresh; the list of logins is its history",
    "idempotency_key": "answers of writes that are in the ledger themselves, forgotten after a day",
    "coach_access": "written by act_as alone as somebody reads: the ledger's head would be locked by every read",
    "sync_operation": "ids of operations whose writes are in the ledger themselves",
}
# Where the serving role may DELETE, and why.
DELETABLE = {"idempotency_key": "worthless after a day", "login_attempt": "counters, worthless after their window"}
SELECT_ONLY = {"change", "change_head", "coach_access", "alembic_version", "erasure_receipt"}
# Columns that name another row without a foreign key, and why.
UNBOUND = {
    "import_id": "provenance, set by the import alone in the transaction that makes its row: checking 7,211 sets buys nothing",
    "request_id": "a request is no row",
    "copied_from_id": "provenance: a copy stands by itself, whatever becomes of the account it was copied from",
    "invitation_id": "of the grant's coach, not of its athlete: rows of two are not linked, and acceptance has checked it",
    "row_id": "of whichever table the change was in",
    "actor_id": "of a ledger that must stand on its own",
}
MAX_NAME_CHARACTERS = 50

Rule = Callable[[asyncpg.Connection], Awaitable[list[str]]]

_ATHLETES_TABLES = """
    SELECT c.oid, c.relname, a.attnotnull FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'user_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""


async def _names(connection: asyncpg.Connection, sql: str, *args: object) -> list[str]:
    return [row[0] for row in await connection.fetch(sql, *args)]


async def athletes_tables(connection: asyncpg.Connection) -> list[str]:
    """Every table whose rows belong to an athlete: it has a user_id."""
    return sorted(await _names(connection, f"SELECT t.relname::text FROM ({_ATHLETES_TABLES}) t"))


async def security_is_forced(connection: asyncpg.Connection) -> list[str]:
    """Row-level security is enabled and forced, and there is a policy, on every table but the open ones."""
    return await _names(
        connection,
        """
        SELECT c.relname || CASE WHEN NOT c.relrowsecurity THEN ': row-level security is not enabled'
                                 WHEN NOT c.relforcerowsecurity THEN ': row-level security is not forced'
                                 ELSE ': there is no policy' END
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'v', 'f')
          AND NOT c.relname = ANY ($1::text[])
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                   AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive
                               AND p.polroles <> ARRAY['reptrail_eraser'::regrole::oid]))
        """,
        list(OPEN_TABLES),
    )


async def identity_tables_exist(connection: asyncpg.Connection) -> list[str]:
    """The named identity tables are there, so that the rule above did look at them."""
    there = await _names(connection, "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    return [f"{name} is gone: take it off the list" for name in IDENTITY_TABLES - set(there)]


async def policies_are_plain(connection: asyncpg.Connection) -> list[str]:
    """No policy holds a subquery, lets everybody in, or calls a volatile function."""
    return await _names(
        connection,
        r"""
        SELECT format('%s on %s: %s', policyname, tablename, coalesce(qual, '') || ' / ' || coalesce(with_check, ''))
        FROM pg_policies WHERE schemaname = 'public'
          AND (coalesce(qual, '') || ' ' || coalesce(with_check, '') ~* '\mselect\M'
               OR coalesce(qual, with_check) IS NULL OR 'true' IN (btrim(qual, '()'), btrim(with_check, '()')))
        UNION ALL
        SELECT format('%s: a policy''s function must be STABLE', p.oid::regprocedure) FROM pg_proc p
        WHERE p.pronamespace = 'app'::regnamespace AND p.proname IN ('actor', 'athlete', 'allowed', 'is_system')
          AND p.provolatile <> 's'
        """,
    )


async def serving_role_is_powerless(connection: asyncpg.Connection) -> list[str]:
    """The serving role owns nothing, bypasses nothing, is in no other role and can make nothing."""
    return await _names(
        connection,
        """
        SELECT 'the role is ' || x.power FROM pg_roles r, LATERAL (VALUES ('superuser', r.rolsuper), ('bypassrls', r.rolbypassrls),
            ('createdb', r.rolcreatedb), ('createrole', r.rolcreaterole), ('replication', r.rolreplication)) x (power, has)
        WHERE r.rolname = $1 AND x.has
        UNION ALL
        SELECT 'it owns something of ' || d.classid::regclass FROM pg_shdepend d
        WHERE d.refobjid = $1::text::regrole AND d.deptype = 'o'
        UNION ALL
        SELECT 'it is a member of ' || m.roleid::regrole FROM pg_auth_members m WHERE m.member = $1::text::regrole
        UNION ALL
        SELECT 'it can create in schema ' || n.nspname FROM pg_namespace n
        WHERE n.nspname IN ('public', 'app') AND has_schema_privilege($1, n.oid, 'CREATE')
        """,
        SERVER_ROLE,
    )


async def serving_role_deletes_nothing(connection: asyncpg.Connection) -> list[str]:
    """DELETE only where it is named, never TRUNCATE, REFERENCES or TRIGGER, and the ledger is for reading."""
    return await _names(
        connection,
        """
        SELECT format('%s on %s', p.privilege, c.relname)
        FROM pg_class c, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (privilege)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
          AND CASE WHEN p.privilege IN ('INSERT', 'UPDATE', 'REFERENCES') THEN has_any_column_privilege($1, c.oid, p.privilege)
                   ELSE has_table_privilege($1, c.oid, p.privilege) END
          AND (c.relname = ANY ($3::text[]) OR p.privilege IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
               OR p.privilege = 'DELETE' AND NOT c.relname = ANY ($2::text[]))
        """,
        SERVER_ROLE,
        list(DELETABLE),
        list(SELECT_ONLY),
    )


async def nothing_is_everybodys(connection: asyncpg.Connection) -> list[str]:
    """PUBLIC has no privilege on a table; functions that run as the owner pin their search path and are not PUBLIC's."""
    return await _names(
        connection,
        """
        SELECT format('%s on %s is granted to PUBLIC', g.privilege_type, g.table_name)
        FROM information_schema.role_table_grants g WHERE g.table_schema = 'public' AND g.grantee = 'PUBLIC'
        UNION ALL
        SELECT format('%s runs as the owner: it must pin its search_path and not be everybody''s', p.oid::regprocedure)
        FROM pg_proc p WHERE p.pronamespace IN ('app'::regnamespace, 'public'::regnamespace) AND p.prosecdef
          AND (NOT coalesce(p.proconfig::text, '') LIKE '%search_path=pg_catalog%'
               OR p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))
        """,
    )


async def rows_are_stamped_and_kept(connection: asyncpg.Connection) -> list[str]:
    """Every athletes' table has the stamp and the three triggers of the ledger, told its own name."""
    return await _names(
        connection,
        f"""
        SELECT format('%s lacks the trigger %s', t.relname, w.wanted)
        FROM ({_ATHLETES_TABLES}) t, unnest(ARRAY['stamp', 'ledger_insert', 'ledger_update', 'ledger_delete']) AS w (wanted)
        WHERE NOT t.relname = ANY ($1::text[]) AND NOT EXISTS (
            SELECT FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
            WHERE g.tgrelid = t.oid AND g.tgname = w.wanted AND g.tgenabled IN ('O', 'A')
              AND (g.tgqual IS NULL OR w.wanted = 'ledger_delete' AND t.relname = 'app_user'
                   AND pg_get_triggerdef(g.oid) LIKE '%WHEN ((CURRENT_USER <> ''reptrail_eraser''::name))%')
              AND (w.wanted = 'stamp' AND p.proname IN ('stamp', 'stamp_user')
                   OR p.proname = 'record_change' AND starts_with(encode(g.tgargs, 'escape'), t.relname || '\\000')))
        """,
        list(NOT_KEPT),
    )


async def nothing_performed_is_cascaded(connection: asyncpg.Connection) -> list[str]:
    """No foreign key deletes, empties or changes a row, and none is checked late."""
    return await _names(
        connection,
        """
        SELECT format('%s: %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype = 'f'
          AND (confdeltype NOT IN ('a', 'r') OR confupdtype NOT IN ('a', 'r'))
        UNION ALL
        SELECT conname || ' is deferrable' FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND condeferrable
        """,
    )


async def names_are_short(connection: asyncpg.Connection) -> list[str]:
    """Names of constraints and indexes have under 50 characters (a distributed PostgreSQL adds a shard's number)."""
    # PostgreSQL 18 has a constraint for each NOT NULL too, which it names itself.
    return await _names(
        connection,
        """
        SELECT name FROM (
            SELECT conname::text AS name FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
            UNION SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('i', 'I', 'r')) x
        WHERE length(name) >= $1
        """,
        MAX_NAME_CHARACTERS,
    )


async def references_stay_with_the_athlete(connection: asyncpg.Connection) -> list[str]:
    """A foreign key to another athletes' table has one beside it that carries user_id, so rows of two cannot be linked."""
    return await _names(
        connection,
        f"""
        WITH athletes AS ({_ATHLETES_TABLES}),
        keys AS (
            SELECT k.conname, k.conrelid, k.confrelid, array_agg(a.attname::text) AS columns
            FROM pg_constraint k CROSS JOIN unnest(k.conkey) AS n (number)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.number
            WHERE k.contype = 'f' GROUP BY 1, 2, 3)
        SELECT format('%s: %s needs a composite key with user_id', k.conrelid::regclass, k.conname)
        FROM keys k JOIN athletes f ON f.oid = k.conrelid JOIN athletes t ON t.oid = k.confrelid
        WHERE t.relname <> 'app_user' AND t.attnotnull AND NOT EXISTS (
            SELECT FROM keys o WHERE o.conrelid = k.conrelid AND o.confrelid = k.confrelid
              AND 'user_id' = ANY (o.columns) AND o.columns @> k.columns)
        """,
    )


async def references_are_bound(connection: asyncpg.Connection) -> list[str]:
    """Every column that names another row (..._id, ..._by) is in a foreign key, or in the list above."""
    return await _names(
        connection,
        f"""
        SELECT format('%s.%s has no foreign key', t.relname, a.attname)
        FROM ({_ATHLETES_TABLES}) t
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'uuid'::regtype
        WHERE a.attname ~ '_(id|by)$' AND a.attgenerated = '' AND NOT a.attname = ANY ($1::text[]) AND NOT EXISTS (
            SELECT FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))
        """,
        list(UNBOUND),
    )


RULES: tuple[Rule, ...] = (
    security_is_forced,
    identity_tables_exist,
    policies_are_plain,
    serving_role_is_powerless,
    serving_role_deletes_nothing,
    nothing_is_everybodys,
    rows_are_stamped_and_kept,
    nothing_performed_is_cascaded,
    names_are_short,
    references_stay_with_the_athlete,
    references_are_bound,
)
