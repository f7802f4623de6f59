using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// What hangs on the live schema and cannot be carried over to the new one: a swap would drop it, break it, or open to
/// everybody what was closed to some.
/// </summary>
internal sealed class SwapObstacles(string projection, string live)
{
    private const string Known =
        """
        WITH live AS (SELECT oid, nspname, nspowner FROM pg_namespace WHERE nspname = $1),
        used AS (SELECT c.* FROM pg_class c JOIN live ON live.oid = c.relnamespace)
        SELECT DISTINCT format('%s elsewhere hangs on tables of %s', by_whom.oid::regclass, $1)
        FROM used
        JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = used.oid
        JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
        JOIN pg_class by_whom ON by_whom.oid = r.ev_class
        WHERE by_whom.relnamespace <> used.relnamespace
        UNION
        SELECT format('%s elsewhere hangs on tables of %s', c.oid::regclass, $1)
        FROM used JOIN pg_constraint f ON f.contype = 'f' AND f.confrelid = used.oid
        JOIN pg_class c ON c.oid = f.conrelid
        WHERE c.relnamespace <> used.relnamespace
        UNION
        SELECT format('%s has row security', oid::regclass) FROM used
        WHERE relrowsecurity OR EXISTS (SELECT FROM pg_policy WHERE polrelid = used.oid)
        UNION
        SELECT format('%s has grants of single columns', oid::regclass) FROM used
        WHERE EXISTS (SELECT FROM pg_attribute WHERE attrelid = used.oid AND attacl IS NOT NULL)
        UNION
        SELECT format('%s is a materialized view', oid::regclass) FROM used WHERE relkind = 'm'
        UNION
        SELECT format('%s belongs to %s, whose rights this role has not', nspname, nspowner::regrole) FROM live
        WHERE NOT pg_has_role(nspowner, 'USAGE')
        UNION
        SELECT format('%s belongs to %s, whose rights this role has not', oid::regclass, relowner::regrole) FROM used
        WHERE NOT pg_has_role(relowner, 'USAGE')
        """;

    /// <summary>Refuses the swap if there is anything of the kind.</summary>
    /// <exception cref="RebuildFailedException">There is something; the message says what.</exception>
    public async Task RequireNoneAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var found = await connection.TextsAsync(Known, cancellationToken, live);
        if (found.Count > 0)
            throw Refused(string.Join("; ", found) + ".");
    }

    public RebuildFailedException Refused(string reason) => new(projection, reason);
}
