using Chat.Api.Realtime;
using Chat.EventStore;
using Chat.Projections;
using Npgsql;

namespace Chat.Api.Hosting;

/// <summary>
/// /health/live: the process answers.
/// /health/ready: it can serve, that is the database answers and the read models run; otherwise what is in the way.
/// </summary>
internal static class Health
{
    public static readonly TimeSpan DatabaseAnswersWithin = TimeSpan.FromSeconds(2);

    /// <summary>Events that the read models may be behind before other nodes should be asked instead.</summary>
    public const long LagMax = 100_000;

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        endpoints.MapGet("/health/ready", async (
            Readiness readiness, ProjectionDaemon daemon, ReadModelsFollower follower, NpgsqlDataSource database,
            CancellationToken ct) => await ProblemAsync(readiness, daemon, follower, database, ct) is { } problem
                ? Results.Json(
                    new { status = "not ready", problem }, statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.Json(new { status = "ready" }));
    }

    private static async Task<string?> ProblemAsync(
        Readiness readiness, ProjectionDaemon daemon, ReadModelsFollower follower, NpgsqlDataSource database,
        CancellationToken ct)
    {
        if (!readiness.IsDatabaseReady)
            return readiness.Problem;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(DatabaseAnswersWithin);
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(limit.Token);
        }
        catch (Exception e) when (Unavailable.Is(e) || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            return "the database does not answer";
        }

        if (follower.LastError is not null)
            return "live events are interrupted";
        var status = daemon.Status(ReadModels.ProjectionName);
        if (status.LastError is not null)
            return "the read models are stopped by an error";
        return status.LagEvents > LagMax ? "the read models are behind the log" : null;
    }
}
