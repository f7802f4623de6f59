using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>
/// Specification 6.2.2: the root fields of a mutation follow each other, and none sees what the services of another
/// have read.
/// </summary>
public sealed class MutationScopeTests
{
    [Fact]
    public async Task Each_root_field_sees_the_changes_of_those_before_it()
    {
        await using var server = Server();
        (await server.TextAsync("mutation { a: add(amount: 1) { total scope } b: add(amount: 2) { total scope } }"))
            .ShouldBe("""{"data":{"a":{"total":1,"scope":1},"b":{"total":3,"scope":2}}}""");
    }

    [Fact]
    public async Task A_root_field_shares_one_loader_and_one_scope_with_all_below_it()
    {
        await using var server = Server();
        (await server.TextAsync("mutation { add(amount: 1) { total again { total scope } scope } }"))
            .ShouldBe("""{"data":{"add":{"total":1,"again":{"total":1,"scope":1},"scope":1}}}""");
        server.Service<Ledger>().Loads.ShouldBe(1);
    }

    [Fact]
    public async Task A_scope_is_created_before_its_field_and_disposed_before_the_next_one_begins()
    {
        await using var server = Server();
        await server.TextAsync("mutation { a: add(amount: 1) { scope slow } b: add(amount: 2) { scope slow } }");
        server.Service<Ledger>().ShouldBe(
        [
            "open 1", "add 1", "slow 1", "close 1",
            "open 2", "add 2", "slow 2", "close 2",
        ]);
    }

    [Fact]
    public async Task Fields_of_a_query_share_one_scope()
    {
        await using var server = Server();
        (await server.TextAsync("{ a: current { scope } b: current { scope } }"))
            .ShouldBe("""{"data":{"a":{"scope":1},"b":{"scope":1}}}""");
        server.Service<Ledger>().ShouldBe(["open 1", "close 1"]);
    }

    [Fact]
    public async Task A_null_in_one_root_field_leaves_the_others_and_their_order_alone()
    {
        await using var server = Server();
        var text = await server.TextAsync(
            "mutation { a: add(amount: 1) { scope } b: add(amount: 2) { broken } c: add(amount: 3) { scope } }");
        text.ShouldStartWith("""{"data":{"a":{"scope":1},"b":null,"c":{"scope":3}},"errors":[{"message":"broken",""");
        text.ShouldContain("\"path\":[\"b\",\"broken\"]");
        server.Service<Ledger>().Count(entry => entry.StartsWith("close", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task A_null_in_a_root_field_that_is_not_nullable_is_the_whole_datas()
    {
        await using var server = Server();
        var text = await server.TextAsync("mutation { must(amount: 1) { broken } }");
        text.ShouldStartWith("""{"data":null,"errors":[{"message":"broken",""");
    }

    [Theory]
    [InlineData("a: must(amount: 1) { broken }")]
    [InlineData("a: must(amount: 1) { self { self { broken } } }")]
    [InlineData("a: must(amount: 1) { selves { broken } }")]
    [InlineData("a: refused")]
    [InlineData("a: missing { scope }")]
    public async Task No_field_begins_whose_effect_could_not_be_seen(string first)
    {
        await using var server = Server();
        var text = await server.TextAsync($"mutation {{ {first} b: add(amount: 2) {{ scope }} }}");
        text.ShouldStartWith("""{"data":null,"errors":[{"message":""");
        server.Service<Ledger>().Total.ShouldBeLessThan(2);
    }

    [Fact]
    public async Task A_mutation_without_time_left_begins_no_further_field_and_closes_its_scope()
    {
        await using var server = Server(options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        (await server.TextAsync("mutation { a: hang { scope } b: add(amount: 2) { scope } }"))
            .ShouldBe(
                "{\"errors\":[{\"message\":\"The operation took longer than 1 seconds.\"," +
                "\"extensions\":{\"code\":\"REQUEST_TIMEOUT\"}}]}");
        var ledger = server.Service<Ledger>();
        await ledger.Closed.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel.Test);
        ledger.ShouldBe(["open 1", "close 1"]);
    }

    [Fact]
    public async Task A_resolver_that_hears_of_the_timeout_first_does_not_fail_its_field()
    {
        await using var server = Server(options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        (await server.TextAsync("mutation { blocked { scope } }")).ShouldContain(ErrorCodes.RequestTimeout);
        server.Log.Entries.ShouldBeEmpty();
    }

    private static InProcess Server(Action<GraphQLOptions>? options = null) => InProcess.With(
        builder =>
        {
            builder.AddType(typeof(Queries)).AddType(typeof(Mutations)).AddType(typeof(AccountFields))
                .AddDataLoader<TotalLoader>();
            builder.Services.AddSingleton<Ledger>().AddScoped<Connection>();
        },
        options);

    /// <summary>The state of the world, and what happened in it.</summary>
    public sealed class Ledger : ConcurrentQueue<string>
    {
        public int Total { get; set; }

        public int Loads { get; set; }

        public int Connections { get; set; }

        public TaskCompletionSource Closed { get; } = new();
    }

    public sealed class Connection : IAsyncDisposable
    {
        private readonly Ledger ledger;

        public Connection(Ledger ledger)
        {
            this.ledger = ledger;
            Number = ++ledger.Connections;
            ledger.Enqueue($"open {Number}");
        }

        public int Number { get; }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            ledger.Enqueue($"close {Number}");
            ledger.Closed.TrySetResult();
        }
    }

    public sealed class TotalLoader(Ledger ledger) : BatchDataLoader<string, int>
    {
        protected override async Task<IReadOnlyDictionary<string, int>> LoadBatchAsync(
            IReadOnlyList<string> keys, CancellationToken ct)
        {
            await Task.Yield();
            ledger.Loads++;
            return keys.ToDictionary(key => key, _ => ledger.Total);
        }
    }

    public sealed record Account(int Amount);

    [ObjectType<Account>]
    public static class AccountFields
    {
        public static Task<int> TotalAsync([Parent] Account account, TotalLoader totals, CancellationToken ct) =>
            totals.LoadAsync(account.Amount < 0 ? "none" : "all", ct);

        public static Account Again([Parent] Account account) => account;

        public static int Scope([Parent] Account account, Connection connection) =>
            account.Amount < 0 ? 0 : connection.Number;

        public static async Task<string> SlowAsync([Parent] Account account, Ledger ledger)
        {
            await Task.Delay(20);
            ledger.Enqueue($"slow {account.Amount}");
            return "done";
        }

        public static Account Self([Parent] Account account) => account;

        public static IReadOnlyList<Account> Selves([Parent] Account account) => [new(-1), account];

        public static string Broken([Parent] Account account) =>
            account.Amount < 0 ? "" : throw new GraphQLException("broken", "BROKEN");
    }

    [QueryType]
    public static class Queries
    {
        public static Account? Current() => new(0);
    }

    [MutationType]
    public static class Mutations
    {
        public static Account? Add(int amount, Ledger ledger, Connection connection)
        {
            ledger.Total += amount;
            ledger.Enqueue($"add {connection.Number}");
            return new Account(amount);
        }

        public static Account Must(int amount, Ledger ledger, Connection connection) =>
            Add(amount, ledger, connection)!;

        public static int Refused() => throw new GraphQLException("refused", "REFUSED");

        public static Account Missing() => null!;

        public static async Task<Account?> HangAsync(Connection connection, CancellationToken ct)
        {
            await Task.Delay(Timeout.Infinite, ct);
            return new Account(connection.Number);
        }

        public static Account? Blocked(Connection connection, CancellationToken ct)
        {
            ct.WaitHandle.WaitOne(TimeSpan.FromSeconds(10));
            ct.ThrowIfCancellationRequested();
            return new Account(connection.Number);
        }
    }
}
