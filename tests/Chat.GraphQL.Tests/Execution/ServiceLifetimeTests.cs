using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>Services outlive all that uses them, and their end takes nothing from the response.</summary>
public sealed class ServiceLifetimeTests
{
    [Theory]
    [InlineData("{ impatient }", "REQUEST_TIMEOUT")]
    [InlineData("{ unawaited }", "{\"data\":{\"unawaited\":1}}")]
    [InlineData("mutation { unawaited }", "{\"data\":{\"unawaited\":1}}")]
    public async Task They_outlive_the_batches_of_a_loader(string query, string response)
    {
        var work = new Work();
        await using var server = Server(work, options => options.RequestTimeout = query.Contains("impatient")
            ? TimeSpan.FromSeconds(1)
            : TimeSpan.FromMinutes(10));
        (await server.TextAsync(query)).ShouldContain(response);
        work.Disposed.Task.IsCompleted.ShouldBeFalse();
        work.Go.SetResult();
        await work.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel.Test);
        work.Saw.ShouldBe(["first in use", "second in use"]);
    }

    [Theory]
    [InlineData("{ connected }")]
    [InlineData("mutation { connected }")]
    public async Task An_end_that_fails_is_logged_and_the_response_stays(string query)
    {
        var work = new Work { IsBroken = true };
        await using var server = Server(work);
        (await server.TextAsync(query)).ShouldBe("""{"data":{"connected":1}}""");
        server.Log.Entries.ShouldHaveSingleItem().Exception!.Message.ShouldBe("broken");
    }

    [Fact]
    public async Task An_end_that_fails_after_the_response_is_logged()
    {
        var work = new Work { IsBroken = true };
        await using var server = Server(work);
        (await server.TextAsync("{ unawaited }")).ShouldBe("""{"data":{"unawaited":1}}""");
        work.Go.SetResult();
        await Eventually.HoldsAsync(() => server.Log.Entries.Count == 1, "the failure is logged");
    }

    private static InProcess Server(Work work, Action<GraphQLOptions>? options = null) => InProcess.With(
        builder =>
        {
            builder.AddType(typeof(Queries)).AddType(typeof(Mutations)).AddDataLoader<SlowLoader>();
            builder.Services.AddSingleton(work).AddScoped<Connection>();
        },
        options);

    public sealed class Work
    {
        public bool IsBroken { get; init; }

        public TaskCompletionSource Go { get; } = new();

        public TaskCompletionSource Disposed { get; } = new();

        /// <summary>What each batch has seen of its connection.</summary>
        public List<string> Saw { get; } = [];
    }

    public sealed class Connection(Work work) : IAsyncDisposable
    {
        public string Look() => work.Disposed.Task.IsCompleted ? "disposed" : "in use";

        public ValueTask DisposeAsync()
        {
            work.Disposed.TrySetResult();
            return work.IsBroken ? throw new InvalidOperationException("broken") : ValueTask.CompletedTask;
        }
    }

    /// <summary>Loads when it is told to, whatever became of its request.</summary>
    public sealed class SlowLoader(Work work, Connection connection) : BatchDataLoader<string, int>
    {
        protected override async Task<IReadOnlyDictionary<string, int>> LoadBatchAsync(
            IReadOnlyList<string> keys, CancellationToken ct)
        {
            await work.Go.Task;
            await Task.Yield();
            work.Saw.Add($"{keys[0]} {connection.Look()}");
            return keys.ToDictionary(key => key, _ => 1);
        }
    }

    [QueryType]
    public static class Queries
    {
        public static async Task<int?> ImpatientAsync(SlowLoader loader, CancellationToken ct) =>
            await LoadBothAsync(loader).WaitAsync(ct);

        public static int Unawaited(SlowLoader loader)
        {
            _ = LoadBothAsync(loader);
            return 1;
        }

        public static int Connected(Connection connection) => connection.Look().Length > 0 ? 1 : 0;

        private static async Task<int> LoadBothAsync(SlowLoader loader) =>
            await loader.LoadAsync("first", CancellationToken.None) +
            await loader.LoadAsync("second", CancellationToken.None);
    }

    [MutationType]
    public static class Mutations
    {
        public static int Unawaited(SlowLoader loader) => Queries.Unawaited(loader);

        public static int Connected(Connection connection) => Queries.Connected(connection);
    }
}
