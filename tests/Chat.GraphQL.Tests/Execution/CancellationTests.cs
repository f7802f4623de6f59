namespace Chat.GraphQL.Tests.Execution;

/// <summary>A request that is cancelled stops, also where nothing in it waits.</summary>
public sealed class CancellationTests : IDisposable
{
    private const int RowCount = 10_000;

    private readonly Client client = new();

    [Theory]
    [InlineData("{ rows { leave } }")]
    [InlineData("{ rows { leaveSoon } }")]
    [InlineData("{ rows { fail } }")]
    public async Task No_further_rows_are_resolved(string query)
    {
        await RunAsync(query);
        client.Resolved.ShouldBeLessThan(RowCount / 10);
    }

    [Fact]
    public async Task No_further_field_of_the_rows_begins()
    {
        await RunAsync("{ row { leave count } }");
        client.Counted.ShouldBe(0);
    }

    [Fact]
    public async Task No_further_level_begins()
    {
        await RunAsync("{ left { count } }");
        client.Counted.ShouldBe(0);
    }

    [Fact]
    public async Task No_further_field_of_a_mutation_begins()
    {
        await RunAsync("mutation { leave count }");
        client.Counted.ShouldBe(0);
    }

    public void Dispose() => client.Dispose();

    private async Task RunAsync(string query)
    {
        await using var server = InProcess.Of(typeof(Queries), typeof(RowFields), typeof(Mutations));
        server.State["client"] = client;
        var operation = server.Executor.Prepare(new GraphQLRequest(query, null, default), out _)!;
        using var json = new JsonBuffer();
        await Should.ThrowAsync<OperationCanceledException>(
            () => server.Executor.ExecuteAsync(operation, server.State, json, client.Left));
    }

    /// <summary>Leaves while its request is being executed.</summary>
    public sealed class Client : IDisposable
    {
        private readonly CancellationTokenSource leaving = new();

        public int Resolved { get; set; }

        public int Counted { get; set; }

        public CancellationToken Left => leaving.Token;

        public void Leave() => leaving.Cancel();

        public void Dispose() => leaving.Dispose();
    }

    public sealed record Row(int Number);

    [ObjectType<Row>]
    public static class RowFields
    {
        public static int Leave([Parent] Row row, [GlobalState] Client client)
        {
            client.Resolved++;
            client.Leave();
            return row.Number;
        }

        public static Task<int> LeaveSoonAsync([Parent] Row row, [GlobalState] Client client) =>
            Task.FromResult(Leave(row, client));

        public static int? Fail([Parent] Row row, [GlobalState] Client client) =>
            throw new GraphQLException($"no {Leave(row, client)}", "NO");

        public static int Count([Parent] Row row, [GlobalState] Client client) => client.Counted += row.Number;
    }

    [QueryType]
    public static class Queries
    {
        public static IEnumerable<Row> Rows() => Enumerable.Range(1, RowCount).Select(number => new Row(number));

        public static Row Row() => new(1);

        public static Row Left([GlobalState] Client client)
        {
            client.Leave();
            return new Row(1);
        }
    }

    [MutationType]
    public static class Mutations
    {
        public static int Leave([GlobalState] Client client) => RowFields.Leave(new Row(1), client);

        public static int Count([GlobalState] Client client) => RowFields.Count(new Row(1), client);
    }
}
