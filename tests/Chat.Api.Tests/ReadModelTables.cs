using Chat.EventStore;
using Chat.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Api.Tests;

/// <summary>All rows of the read models, and the same made anew from the log.</summary>
public static class ReadModelTables
{
    public static Task<string> DumpAsync(this ChatServer server) => DumpAsync(server.Database);

    public static async Task<string> DumpAsync(NpgsqlDataSource database)
    {
        var dump = new List<string>();
        foreach (var table in await QueryAsync(
            database, "select tablename::text from pg_tables where schemaname = 'chat_read' order by 1"))
        {
            dump.AddRange(await QueryAsync(
                database, $"select '{table} ' || t::text from chat_read.{table} t order by 1"));
        }

        dump.ShouldNotBeEmpty();
        return string.Join('\n', dump);
    }

    /// <summary>The server keeps the live model up to date meanwhile. Small pages: a page must not matter.</summary>
    public static Task RebuildAsync(this ChatServer server, int pageEvents = 7) => new ProjectionRebuild(
        server.Services.GetRequiredService<EventStore.EventStore>(),
        server.Database,
        new RebuildOptions { PageEvents = pageEvents },
        NullLogger<ProjectionRebuild>.Instance)
        .RunAsync(new ReadModels());

    private static async Task<List<string>> QueryAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
