using System.Text.Json;
using Chat.Model.Rules;

namespace Chat.Model.Runs;

/// <summary>Threads, people and reports: as <see cref="Queries"/>, a refusal is its code.</summary>
internal static class Lookups
{
    private const string ThreadDocument =
        $$"""
        query($rootId: UUID!, $first: Int!, $after: Long) {
          thread(rootId: $rootId, first: $first, after: $after) {
            nodes { ...M } pageInfo { hasPreviousPage hasNextPage }
          }
        }
        {{Queries.MessageFields}}
        """;

    private const string PeopleDocument =
        """
        query($search: String!, $id: UUID!) {
          users(search: $search, first: 100) { id displayName isGuest isBot erasedAt }
          user(id: $id) { id displayName erasedAt }
        }
        """;

    private const string ReportsDocument =
        """
        query($roomId: UUID, $after: String) { reports(roomId: $roomId, first: 100, after: $after) {
          nodes { roomId messageId reporter { id displayName } reason at message { text } }
          pageInfo { hasNextPage endCursor }
        } }
        """;

    public static async Task<object?> ThreadAsync(Client client, int node, Guid rootId, int first, long? after)
    {
        var answer = await client.SendAsync(node, ThreadDocument, new { rootId, first, after });
        return CodeOf(answer) ?? Queries.Page(answer.GetProperty("data").GetProperty("thread"));
    }

    public static async Task<object> PeopleAsync(Client client, int node, string search, Guid id)
    {
        var data = await client.DataAsync(node, PeopleDocument, new { search, id });
        return new
        {
            Found = data.GetProperty("users").EnumerateArray().Select(user => new
            {
                Key = new { Id = user.GetProperty("id") },
                DisplayName = user.GetProperty("displayName"),
                IsGuest = user.GetProperty("isGuest"),
                IsBot = user.GetProperty("isBot"),
                ErasedAt = user.GetProperty("erasedAt"),
            }),
            One = data.GetProperty("user"),
        };
    }

    /// <summary>All pages of them; without a room, of all rooms.</summary>
    public static async Task<object> ReportsAsync(Client client, int node, World world, Guid? roomId)
    {
        var rooms = world.Rooms.Select(room => room.Id).ToHashSet();
        var reports = new List<object>();
        string? after = null;
        do
        {
            var answer = await client.SendAsync(node, ReportsDocument, new { roomId, after });
            if (CodeOf(answer) is { } code)
                return code;
            var page = answer.GetProperty("data").GetProperty("reports");
            reports.AddRange(page.GetProperty("nodes").EnumerateArray()
                .Where(report => rooms.Contains(report.GetProperty("roomId").GetGuid())).Select(Report));
            var info = page.GetProperty("pageInfo");
            after = info.GetProperty("hasNextPage").GetBoolean() ? info.GetProperty("endCursor").GetString() : null;
        }
        while (after is not null);
        return reports;
    }

    private static object Report(JsonElement report) => new
    {
        Key = $"{report.GetProperty("messageId")} {report.GetProperty("reporter").GetProperty("id")}",
        RoomId = report.GetProperty("roomId"),
        Name = report.GetProperty("reporter").GetProperty("displayName"),
        Reason = report.GetProperty("reason"),
        At = report.GetProperty("at"),
        Text = report.GetProperty("message") is { ValueKind: JsonValueKind.Object } message
            ? message.GetProperty("text").GetString()
            : null,
    };

    private static string? CodeOf(JsonElement answer) => answer.TryGetProperty("errors", out var errors)
        ? errors[0].GetProperty("extensions").GetProperty("code").GetString()
        : null;
}
