using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// The schema in which a model is rebuilt. Its name holds the server process that holds the rebuild's lock: nobody else
/// can be writing to a schema of that name.
/// </summary>
internal sealed class ShadowSchema(string live, int backend)
{
    /// <summary>What stands between the name of the live schema and the number of the server process.</summary>
    public const string Mark = "__rebuild_";

    public string Live { get; } = live;

    public string Name { get; } = $"{live}{Mark}{backend}";

    /// <summary>The name that the live schema has between its removal and its end, in one transaction.</summary>
    public string Old => $"{Live}__old";

    public Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.RunAsync($"CREATE SCHEMA {Name}", cancellationToken);

    public Task DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.RunAsync($"DROP SCHEMA IF EXISTS {Name} CASCADE", cancellationToken);

    public async Task<bool> IsLiveThereAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await connection.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", cancellationToken, Live);

    /// <summary>The tables of the live schema, quoted, with the schema.</summary>
    public Task<List<string>> LiveTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        TablesAsync(connection, Live, cancellationToken);

    /// <summary>Readers' plans need to know how full the tables are, from the first moment on.</summary>
    public async Task AnalyzeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tables = await TablesAsync(connection, Name, cancellationToken);
        if (tables.Count > 0)
            await connection.RunAsync($"ANALYZE {string.Join(", ", tables)}", cancellationToken);
    }

    /// <summary>
    /// Puts the schema in the live one's place, with its owners and grants, in the connection's transaction.
    /// </summary>
    public async Task ReplaceLiveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await IsLiveThereAsync(connection, cancellationToken))
        {
            // Grants are the owner's to give.
            foreach (var owner in await OwnersAsync(connection, cancellationToken))
                await connection.RunAsync(owner, cancellationToken);
            foreach (var grant in await GrantsAsync(connection, cancellationToken))
                await connection.RunAsync(grant, cancellationToken);
            await connection.RunAsync($"ALTER SCHEMA {Live} RENAME TO {Old}", cancellationToken);
            await connection.RunAsync($"ALTER SCHEMA {Name} RENAME TO {Live}", cancellationToken);
            await connection.RunAsync($"DROP SCHEMA {Old} CASCADE", cancellationToken);
        }
        else
        {
            await connection.RunAsync($"ALTER SCHEMA {Name} RENAME TO {Live}", cancellationToken);
        }
    }

    private static Task<List<string>> TablesAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken) => connection.TextsAsync(
            """
            SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') ORDER BY 1
            """,
            cancellationToken,
            schema);

    // Who owns the live schema and what is in it, as statements for this one; what is new there belongs to the schema's
    // owner. The schema comes first, because its owner may make things there. A sequence of a column goes with it.
    private Task<List<string>> OwnersAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.TextsAsync(
            """
            WITH live AS (SELECT oid, nspowner FROM pg_namespace WHERE nspname = $1),
            owned (step, kind, name, owner) AS (
                SELECT 1, 'SCHEMA', format('%I', made.nspname), live.nspowner
                FROM live, pg_namespace made WHERE made.nspname = $2 AND made.nspowner <> live.nspowner
                UNION ALL
                SELECT 2, CASE made.relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                    format('%I.%I', $2, made.relname), coalesce(c.relowner, live.nspowner)
                FROM live JOIN pg_class made ON made.relnamespace = to_regnamespace($2)
                LEFT JOIN pg_class c ON c.relnamespace = live.oid AND c.relname = made.relname
                WHERE made.relkind IN ('r', 'p', 'v', 'S') AND made.relowner <> coalesce(c.relowner, live.nspowner)
                  AND NOT (made.relkind = 'S' AND EXISTS (
                    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = made.oid
                      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
                UNION ALL
                SELECT 2, 'ROUTINE', made.oid::regprocedure::text, coalesce(p.proowner, live.nspowner)
                FROM live JOIN pg_proc made ON made.pronamespace = to_regnamespace($2)
                LEFT JOIN pg_proc p ON p.pronamespace = live.oid AND p.proname = made.proname
                  AND p.proargtypes = made.proargtypes
                WHERE made.proowner <> coalesce(p.proowner, live.nspowner))
            SELECT format('ALTER %s %s OWNER TO %I', kind, name, pg_get_userbyid(owner)) FROM owned ORDER BY step, name
            """,
            cancellationToken,
            Live,
            Name);

    // What others may do with the live schema, its tables, views and sequences, as statements for this one. Roles that
    // have no grant of their own, such as the owner, need none here either.
    private Task<List<string>> GrantsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.TextsAsync(
            """
            SELECT format('GRANT %s ON SCHEMA %I TO %s', g.privilege_type, $2::text,
                CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
                || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
            FROM pg_namespace n, aclexplode(n.nspacl) g
            WHERE n.nspname = $1 AND g.grantee <> n.nspowner
            UNION ALL
            SELECT format('GRANT %s ON %s %I.%I TO %s', g.privilege_type,
                CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, $2::text, c.relname,
                CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
                || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_class made ON made.relname = c.relname AND made.relnamespace = to_regnamespace($2)
            CROSS JOIN aclexplode(c.relacl) g
            WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'S') AND g.grantee <> c.relowner
            """,
            cancellationToken,
            Live,
            Name);
}
