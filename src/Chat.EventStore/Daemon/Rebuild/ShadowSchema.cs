using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// The schema in which a model is rebuilt. Its name holds the server process that holds the rebuild's lock: nobody else
/// can be writing to a schema of that name.
/// </summary>
internal sealed class ShadowSchema(string live, int backend)
{
    private const string Mark = "__rebuild_";

    public string Live { get; } = live;

    public string Name { get; } = $"{live}{Mark}{backend}";

    /// <summary>The name that the live schema has between its removal and its end, in one transaction.</summary>
    public string Old => $"{Live}__old";

    public Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.RunAsync($"CREATE SCHEMA {Name}", cancellationToken);

    public Task DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.RunAsync($"DROP SCHEMA IF EXISTS {Name} CASCADE", cancellationToken);

    /// <summary>Removes what rebuilds left that were killed. To be called under the rebuild's lock.</summary>
    public async Task DropLeftoversAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var left = await connection.TextsAsync(
            "SELECT nspname::text FROM pg_namespace WHERE nspname ~ ('^' || $1 || '[0-9]+$')",
            cancellationToken,
            Live + Mark);
        foreach (var name in left)
            await connection.RunAsync($"DROP SCHEMA {name} CASCADE", cancellationToken);
    }

    public async Task<bool> IsLiveThereAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await connection.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", cancellationToken, Live);

    /// <summary>The tables of the live schema, quoted, with the schema.</summary>
    public Task<List<string>> LiveTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        TablesAsync(connection, Live, cancellationToken);

    /// <summary>
    /// Views and tables elsewhere that hang on the live schema: the swap would have to drop them or to break them.
    /// </summary>
    public Task<List<string>> DependentsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.TextsAsync(
            """
            SELECT DISTINCT r.ev_class::regclass::text
            FROM pg_depend d
            JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
            JOIN pg_class used ON d.refclassid = 'pg_class'::regclass AND used.oid = d.refobjid
            JOIN pg_class by_whom ON by_whom.oid = r.ev_class
            WHERE used.relnamespace = to_regnamespace($1) AND by_whom.relnamespace <> used.relnamespace
            UNION
            SELECT f.conrelid::regclass::text
            FROM pg_constraint f JOIN pg_class used ON used.oid = f.confrelid JOIN pg_class c ON c.oid = f.conrelid
            WHERE f.contype = 'f' AND used.relnamespace = to_regnamespace($1) AND c.relnamespace <> used.relnamespace
            """,
            cancellationToken,
            Live);

    /// <summary>Readers' plans need to know how full the tables are, from the first moment on.</summary>
    public async Task AnalyzeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tables = await TablesAsync(connection, Name, cancellationToken);
        if (tables.Count > 0)
            await connection.RunAsync($"ANALYZE {string.Join(", ", tables)}", cancellationToken);
    }

    /// <summary>Puts the schema in the live one's place, with its grants, in the connection's transaction.</summary>
    public async Task ReplaceLiveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await IsLiveThereAsync(connection, cancellationToken))
        {
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

    // What others may do with the live schema, its tables and views, as statements for this one. Roles that have no
    // grant of their own, such as the owner, need none here either.
    private Task<List<string>> GrantsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.TextsAsync(
            """
            SELECT format('GRANT %s ON SCHEMA %I TO %s', g.privilege_type, $2::text,
                CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
            FROM pg_namespace n, aclexplode(n.nspacl) g
            WHERE n.nspname = $1 AND g.grantee <> n.nspowner
            UNION ALL
            SELECT format('GRANT %s ON %I.%I TO %s', g.privilege_type, $2::text, c.relname,
                CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_class made ON made.relname = c.relname AND made.relnamespace = to_regnamespace($2)
            CROSS JOIN aclexplode(c.relacl) g
            WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm') AND g.grantee <> c.relowner
            """,
            cancellationToken,
            Live,
            Name);
}
