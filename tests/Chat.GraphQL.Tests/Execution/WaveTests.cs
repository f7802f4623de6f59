using System.Collections.Concurrent;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>What one batch brings is one wave, however soon the thread wakes up that waited for its values.</summary>
public sealed class WaveTests
{
    private const int Rounds = 1_500;
    private static readonly ConcurrentQueue<int> Batches = new();

    [Fact]
    public async Task Fields_that_waited_for_one_batch_load_what_is_below_in_one_batch()
    {
        await using var server = InProcess.With(builder => builder
            .AddType(typeof(Queries)).AddType(typeof(RowFields)).AddType(typeof(UserFields))
            .AddDataLoader<UserLoader>().AddDataLoader<TeamLoader>());
        for (var round = 0; round < Rounds; round++)
        {
            Batches.Clear();
            await server.ExecuteAsync("{ rows(count: 200) { author { team } editor { team } } }");
            Batches.ShouldBe([400]);
        }
    }

    public sealed record Row(int Id);

    public sealed record User(int Id);

    [QueryType]
    public static class Queries
    {
        public static IEnumerable<Row> Rows(int count) => Enumerable.Range(0, count).Select(id => new Row(id));
    }

    [ObjectType<Row>]
    public static class RowFields
    {
        public static Task<User?> AuthorAsync([Parent] Row row, UserLoader users, CancellationToken ct) =>
            users.LoadAsync(row.Id, ct);

        public static Task<User?> EditorAsync([Parent] Row row, UserLoader users, CancellationToken ct) =>
            users.LoadAsync(-1 - row.Id, ct);
    }

    [ObjectType<User>]
    public static class UserFields
    {
        public static Task<string?> TeamAsync([Parent] User user, TeamLoader teams, CancellationToken ct) =>
            teams.LoadAsync(user.Id, ct);
    }

    public sealed class UserLoader : BatchDataLoader<int, User>
    {
        protected override async Task<IReadOnlyDictionary<int, User>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken ct)
        {
            await Task.Yield();
            return keys.ToDictionary(key => key, key => new User(key));
        }
    }

    public sealed class TeamLoader : BatchDataLoader<int, string>
    {
        protected override async Task<IReadOnlyDictionary<int, string>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken ct)
        {
            Batches.Enqueue(keys.Count);
            await Task.Yield();
            return keys.ToDictionary(key => key, key => $"team {key}");
        }
    }
}
