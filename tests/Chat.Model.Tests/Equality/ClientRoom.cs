using System.Globalization;
using System.Text.Json;
using Chat.Model.Runs;

namespace Chat.Model.Equality;

/// <summary>A room as a client holds it: fetched once, kept up to date by events.</summary>
internal sealed class ClientRoom
{
    public const string Events =
        $$"""
        subscription($id: UUID!, $after: Long!) { roomEvents(roomId: $id, after: $after) {
          __typename position at actor { id }
          ... on RoomUpdated { room { {{Header}} } }
          ... on MemberChanged { user { id } change role mutedUntil }
          ... on MessagePosted { message { ...M } }
          ... on MessageEdited { message { ...M } }
          ... on MessageDeleted { messageId }
          ... on ReactionAdded { messageId emoji }
          ... on ReactionRemoved { messageId emoji }
          ... on MessagePinned { messageId }
          ... on MessageUnpinned { messageId }
          ... on HistoryExpired { throughPosition }
        } }
        {{Queries.MessageFields}}
        """;

    private const string Header =
        """
        name topic visibility archived
        settings {
          slowModeSeconds membersCanInvite membersCanPin guestsCanPost historyForNewMembers retentionDays
        }
        """;

    private const string Snapshot =
        $$"""
        query($id: UUID!, $after: Long!) { viewer { cursor } room(id: $id) {
          {{Header}} position memberCount
          members(first: 100) { nodes { user { id } role joinedAt mutedUntil } }
          messages(first: 100, after: $after) { nodes { ...M } pageInfo { hasNextPage endCursor } }
          pinned { id }
        } }
        {{Queries.MessageFields}}
        """;

    private readonly SortedDictionary<string, Member> _members = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Guid, Message> _messages = [];
    private readonly SortedSet<Guid> _pins = [];
    private string _header = "";

    public long Position { get; private set; }

    /// <summary>From where on all events of the viewer tell what happened since.</summary>
    public long Cursor { get; private set; }

    /// <summary>Who wrote what is here, but for those who are known to be erased.</summary>
    public IReadOnlySet<string> Authors =>
        _messages.Values.Where(one => !one.IsAuthorErased).Select(one => one.Author).ToHashSet();

    /// <summary>Null where the viewer is not in the room.</summary>
    public static async Task<ClientRoom?> FetchAsync(Client client, int node, Guid roomId)
    {
        var fetched = new ClientRoom();
        for (long? after = 0; after is not null;)
        {
            var data = await client.DataAsync(node, Snapshot, new { id = roomId, after });
            var room = data.GetProperty("room");
            if (room.ValueKind == JsonValueKind.Null || room.GetProperty("members").ValueKind == JsonValueKind.Null)
                return null;
            fetched.Take(room);
            fetched.Cursor = data.GetProperty("viewer").GetProperty("cursor").GetInt64();
            var page = room.GetProperty("messages").GetProperty("pageInfo");
            after = page.GetProperty("hasNextPage").GetBoolean()
                ? long.Parse(page.GetProperty("endCursor").GetString()!, CultureInfo.InvariantCulture)
                : null;
        }

        return fetched;
    }

    public void Apply(JsonElement e)
    {
        e.GetProperty("position").GetInt64().ShouldBe(Position + 1);
        Position++;
        var type = e.GetProperty("__typename").GetString();
        switch (type)
        {
            case "RoomUpdated":
                _header = HeaderOf(e.GetProperty("room"));
                break;
            case "MemberChanged":
                ApplyToMember(e);
                break;
            case "MessagePosted":
                Add(e.GetProperty("message"));
                break;
            // What lies below the floor is edited, too: it is not on this client's page.
            case "MessageEdited" when _messages.ContainsKey(e.GetProperty("message").GetProperty("id").GetGuid()):
                Add(e.GetProperty("message"));
                break;
            case "MessageDeleted":
                Delete(e);
                break;
            case "ReactionAdded" or "ReactionRemoved":
                React(e, type == "ReactionAdded");
                break;
            case "MessagePinned":
                _pins.Add(e.GetProperty("messageId").GetGuid());
                break;
            case "MessageUnpinned":
                _pins.Remove(e.GetProperty("messageId").GetGuid());
                break;
            case "HistoryExpired":
                Expire(e.GetProperty("throughPosition").GetInt64());
                break;
        }
    }

    /// <summary>Somebody is erased: name and words are gone.</summary>
    public void Silence(string author)
    {
        foreach (var message in _messages.Values.Where(one => one.Author == author))
            message.Silence();
    }

    /// <summary>All of it in words; mutes that are over are none.</summary>
    public string Print(DateTimeOffset now)
    {
        var lines = new List<string> { $"{Position} {_header}" };
        lines.AddRange(_members.Select(one => $"member {one.Key} {one.Value.At(now)}"));
        lines.AddRange(_messages.Values.Select(one =>
            $"{one} {_pins.Contains(one.Id)} {Replies(one)}"));
        lines.Add($"pins {string.Join(' ', _pins.Where(_messages.ContainsKey))}");
        return string.Join('\n', lines);
    }

    private int Replies(Message root) =>
        _messages.Values.Count(reply => reply.ThreadRoot == root.Id && !reply.IsDeleted);

    private void Take(JsonElement room)
    {
        _header = HeaderOf(room);
        Position = room.GetProperty("position").GetInt64();
        foreach (var member in room.GetProperty("members").GetProperty("nodes").EnumerateArray())
        {
            _members[Id(member.GetProperty("user"))] = new Member(
                RoleOf(member), member.GetProperty("joinedAt").GetDateTimeOffset(), MuteOf(member));
        }

        foreach (var message in room.GetProperty("messages").GetProperty("nodes").EnumerateArray())
            Add(message);
        foreach (var pinned in room.GetProperty("pinned").EnumerateArray())
            _pins.Add(pinned.GetProperty("id").GetGuid());
        _members.Count.ShouldBe(room.GetProperty("memberCount").GetInt32());
    }

    private void ApplyToMember(JsonElement e)
    {
        var who = Id(e.GetProperty("user"));
        switch (e.GetProperty("change").GetString())
        {
            case "JOINED":
                _members[who] = new Member(RoleOf(e), e.GetProperty("at").GetDateTimeOffset(), MuteOf(e));
                break;
            case "LEFT" or "KICKED" or "BANNED":
                _members.Remove(who);
                break;
            case "MUTED" or "UNMUTED" when _members.TryGetValue(who, out var member):
                _members[who] = member with { MutedUntil = MuteOf(e) };
                break;
            case "ROLE_CHANGED":
                _members[who] = _members[who] with { Role = RoleOf(e) };
                break;
        }
    }

    // What an event brings is as it is now: what later events do to it, they do once more, and it stays the same.
    private void Add(JsonElement message) => _messages[message.GetProperty("id").GetGuid()] = new Message(message);

    private void Delete(JsonElement e)
    {
        if (_messages.TryGetValue(e.GetProperty("messageId").GetGuid(), out var message))
            message.Delete(e.GetProperty("at").GetDateTimeOffset());
    }

    private void React(JsonElement e, bool added)
    {
        if (_messages.TryGetValue(e.GetProperty("messageId").GetGuid(), out var message))
            message.React(e.GetProperty("emoji").GetString()!, Id(e.GetProperty("actor")), added);
    }

    private void Expire(long through)
    {
        foreach (var gone in _messages.Values.Where(one => one.Position <= through).ToList())
        {
            _messages.Remove(gone.Id);
            foreach (var message in _messages.Values)
                message.Lose(gone.Id);
        }
    }

    private static string RoleOf(JsonElement one) => one.GetProperty("role").GetString()!;

    private static DateTimeOffset? MuteOf(JsonElement one) =>
        one.GetProperty("mutedUntil") is { ValueKind: JsonValueKind.String } until ? until.GetDateTimeOffset() : null;

    private static string HeaderOf(JsonElement room) => string.Join(' ', Header
        .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .Take(4).Select(name => room.GetProperty(name).ToString()).Append(room.GetProperty("settings").ToString()));

    private static string Id(JsonElement element) => element.GetProperty("id").GetString()!;

    private sealed record Member(string Role, DateTimeOffset JoinedAt, DateTimeOffset? MutedUntil)
    {
        public Member At(DateTimeOffset now) => this with { MutedUntil = MutedUntil > now ? MutedUntil : null };
    }

    private sealed class Message
    {
        private readonly string _fixed;
        private readonly string _mentions;
        private readonly SortedSet<string> _reactions = new(StringComparer.Ordinal);
        private string _text;
        private string _name;
        private Guid? _replyTo;
        private DateTimeOffset? _deletedAt;

        public Message(JsonElement message)
        {
            Id = message.GetProperty("id").GetGuid();
            Position = message.GetProperty("position").GetInt64();
            var (author, replyTo) = (message.GetProperty("author"), message.GetProperty("replyTo"));
            Author = ClientRoom.Id(author);
            IsAuthorErased = author.GetProperty("erasedAt").ValueKind != JsonValueKind.Null;
            _name = author.GetProperty("displayName").GetString()!;
            _replyTo = replyTo.ValueKind == JsonValueKind.Null ? null : replyTo.GetProperty("id").GetGuid();
            ThreadRoot = message.GetProperty("threadRootId") is { ValueKind: JsonValueKind.String } root
                ? root.GetGuid()
                : null;
            _fixed = $"{message.GetProperty("sentAt")} {message.GetProperty("mentionsRoom")} "
                + message.GetProperty("editedAt");
            _deletedAt = message.GetProperty("deletedAt") is { ValueKind: JsonValueKind.String } deletedAt
                ? deletedAt.GetDateTimeOffset()
                : null;
            _text = message.GetProperty("text").GetString()!;
            _mentions = message.GetProperty("mentions").ToString();
            foreach (var group in message.GetProperty("reactions").EnumerateArray())
            {
                foreach (var user in group.GetProperty("users").EnumerateArray())
                    _reactions.Add($"{group.GetProperty("key")} {ClientRoom.Id(user)}");
            }
        }

        public Guid Id { get; }

        public long Position { get; }

        public string Author { get; }

        public Guid? ThreadRoot { get; private set; }

        public bool IsAuthorErased { get; private set; }

        public bool IsDeleted => _deletedAt is not null;

        public void Delete(DateTimeOffset at)
        {
            (_text, _deletedAt) = ("", at);
            _reactions.Clear();
        }

        public void Silence() => (_text, _name, IsAuthorErased) = ("", "", true);

        /// <summary>What this one speaks of may be gone.</summary>
        public void Lose(Guid gone)
        {
            _replyTo = _replyTo == gone ? null : _replyTo;
            ThreadRoot = ThreadRoot == gone ? null : ThreadRoot;
        }

        public void React(string emoji, string who, bool added)
        {
            if (added && !IsDeleted)
                _reactions.Add($"{emoji} {who}");
            else
                _reactions.Remove($"{emoji} {who}");
        }

        public override string ToString() =>
            $"{Position} {Id} {Author} {_name} {_fixed} {_replyTo} {ThreadRoot} {_text} {(IsDeleted ? "" : _mentions)} "
            + $"{_deletedAt?.UtcTicks} {string.Join(',', _reactions)}";
    }
}
