namespace Chat.Model.Rules;

/// <summary>The higher, the less it may.</summary>
internal enum Role
{
    Owner,
    Admin,
    Moderator,
    Member,
}

/// <summary>Somebody, for the whole run: <paramref name="Index"/> is how the model speaks of them.</summary>
internal sealed record Person(int Index, string Name, Guid Id, string ServerRole)
{
    public DateTimeOffset? ErasedAt { get; init; }

    public bool IsErased => ErasedAt is not null;

    public bool IsGuest => ServerRole == "GUEST";

    public bool ModeratesServer => ServerRole is "OWNER" or "ADMIN";
}

internal sealed record Settings
{
    public int SlowModeSeconds { get; init; }

    public bool MembersCanInvite { get; init; } = true;

    public bool MembersCanPin { get; init; }

    public bool GuestsCanPost { get; init; } = true;

    public bool HistoryForNewMembers { get; init; } = true;

    public int? RetentionDays { get; init; }
}

internal sealed record Membership(Role Role, DateTimeOffset JoinedAt, long JoinedPosition, long Floor);

internal sealed record Invitation(int By, DateTimeOffset At);

internal sealed record Report(long Message, int By, string Reason, DateTimeOffset At);

internal sealed record Message(long Position, int Author, string Text, DateTimeOffset SentAt)
{
    public DateTimeOffset? EditedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public long? ReplyTo { get; init; }

    public long? ThreadRoot { get; init; }

    public IReadOnlyList<int> Mentions { get; init; } = [];

    public bool MentionsRoom { get; init; }

    /// <summary>Who reacted with which emoji, in the order in which they did.</summary>
    public IReadOnlyList<(string Emoji, int Who)> Reactions { get; init; } = [];

    public bool IsDeleted => DeletedAt is not null;
}

/// <summary>
/// One line of a room's activity; the names are the contract's. Without an <paramref name="Actor"/> the server did it.
/// </summary>
internal sealed record Happening(long Position, string Type, int? Actor, DateTimeOffset At)
{
    public string? Change { get; init; }

    public int? Who { get; init; }

    public Role? Role { get; init; }

    public DateTimeOffset? MutedUntil { get; init; }

    public string? Reason { get; init; }

    public long? Message { get; init; }

    public string? Emoji { get; init; }

    public long? Through { get; init; }
}

internal sealed record Link(string Code, int Room, int By, int? MaxUses, DateTimeOffset? ExpiresAt)
{
    public int Uses { get; init; }

    public bool Revoked { get; init; }
}

/// <summary>What a command is answered: a refusal, or the room's position and whether anything happened.</summary>
internal sealed record Answer(string? Refusal, long Position, bool Changed)
{
    public static Answer No(string code) => new(code, 0, Changed: false);
}

/// <summary>
/// One command of one person. Rooms, people and links are named by their indices, messages by room and position.
/// </summary>
internal sealed record Command(string Name, int By)
{
    public int Room { get; init; }

    public int Other { get; init; }

    /// <summary>The other one was known of when the command was sent, whatever has happened since.</summary>
    public bool IsOtherKnown { get; init; }

    public long Message { get; init; }

    public string Text { get; init; } = "";

    public long? ReplyTo { get; init; }

    public long? ThreadRoot { get; init; }

    public IReadOnlyList<int>? Mentions { get; init; }

    public bool MentionsRoom { get; init; }

    public Role Role { get; init; }

    public int Seconds { get; init; }

    public int? Uses { get; init; }

    public bool Flag { get; init; }

    public string? NewName { get; init; }

    public string? Topic { get; init; }

    public bool? MakePublic { get; init; }

    /// <summary>New values of settings, by the names of the contract.</summary>
    public IReadOnlyDictionary<string, object> Settings { get; init; } = new Dictionary<string, object>();

    public int Link { get; init; }

    /// <summary>Which of the nodes it is sent to.</summary>
    public int Node { get; init; }
}
