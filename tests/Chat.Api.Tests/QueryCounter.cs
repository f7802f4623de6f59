using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Chat.Api.Tests;

/// <summary>The statements that this process sends to a server's database, from now on.</summary>
public sealed class QueryCounter : IDisposable
{
    private readonly ConcurrentQueue<string> _statements = new();
    private readonly ActivityListener _listener;

    public QueryCounter(ChatServer server)
    {
        var database = new NpgsqlConnectionStringBuilder(server.DatabaseConnection).Database!;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                // Other tests run on other databases at the same time.
                var tags = activity.TagObjects.Select(tag => tag.Value?.ToString() ?? "").ToList();
                if (tags.Exists(tag => tag.Contains(database, StringComparison.Ordinal)))
                    _statements.Enqueue(tags.Find(IsStatement) ?? "");
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Reads of the read models; projections write them.</summary>
    public IReadOnlyList<string> Reads =>
    [
        .. _statements.Where(sql => sql.StartsWith("select ", StringComparison.Ordinal)
            && sql.Contains("chat_read.", StringComparison.Ordinal)),
    ];

    /// <summary>Questions who is signed in.</summary>
    public IReadOnlyList<string> SessionReads =>
        [.. _statements.Where(sql => sql.StartsWith("with alive as", StringComparison.Ordinal))];

    public void Dispose() => _listener.Dispose();

    private static bool IsStatement(string tag) =>
        tag.StartsWith("select ", StringComparison.Ordinal) || tag.StartsWith("with ", StringComparison.Ordinal);
}
