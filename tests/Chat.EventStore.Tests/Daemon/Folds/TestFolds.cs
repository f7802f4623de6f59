using System.ComponentModel.DataAnnotations.Schema;
using System.Globalization;

namespace Chat.EventStore.Tests;

/// <summary>A state with a column of every kind.</summary>
public sealed record RoomSummary(Guid Id, long Version, string? LastText, int Messages)
{
    public bool IsLoud { get; init; }

    public long Sum { get; private set; }

    public short Small { get; init; }

    public decimal Price { get; set; }

    public double Ratio { get; init; }

    public float Half { get; init; }

    public DateTimeOffset? FirstAt { get; init; }

    public DateOnly? Day { get; init; }

    public Mood Mood { get; init; }

    public Mood? LastMood { get; init; }

    public byte[] Digest { get; init; } = [];

    public Dictionary<string, int> Counts { get; init; } = [];

    public int? Highest { get; init; }

    /// <summary>A name that SQL keeps for itself.</summary>
    public string Order => Messages.ToString(CultureInfo.InvariantCulture);

    [NotMapped]
    public string Secret { get; init; } = "never stored";

    public RoomSummary Next(StoredEvent one, MessagePosted posted) => this with
    {
        LastText = posted.Number % 7 == 0 ? null : posted.Text,
        Messages = Messages + 1,
        IsLoud = posted.Number > 50,
        Sum = Sum + posted.Number,
        Small = (short)posted.Number,
        Price = Price + 0.1m,
        Ratio = posted.Number / 3.0,
        Half = posted.Number / 2f,
        FirstAt = FirstAt ?? one.Timestamp,
        Day = DateOnly.FromDateTime(one.Timestamp.UtcDateTime),
        Mood = (Mood)(posted.Number % 2),
        LastMood = posted.Number % 3 == 0 ? null : Mood,
        Digest = [.. Digest.TakeLast(3), (byte)posted.Number],
        Counts = new(Counts) { [$"n{posted.Number % 5}"] = Counts.GetValueOrDefault($"n{posted.Number % 5}") + 1 },
        Highest = Math.Max(Highest ?? 0, posted.Number),
    };
}

/// <summary>One row for each room; an edit that says so removes it, a later message makes it anew.</summary>
public sealed class Rooms(string schema = "test_rooms") : SingleStreamProjection<RoomSummary>(schema)
{
    public const string Remove = "remove";

    /// <summary>Called before each event is folded.</summary>
    public Action<StoredEvent> Before { get; set; } = _ => { };

    /// <summary>What <see cref="OnFailure"/> is.</summary>
    public FailurePolicy Policy { get; init; }

    public override FailurePolicy OnFailure => Policy;

    protected override IReadOnlyList<TableIndex> Indexes => [new("messages", "sum")];

    public override RoomSummary? Evolve(RoomSummary? snapshot, Guid id, StoredEvent one)
    {
        Before(one);
        return one.Data switch
        {
            MessagePosted posted => (snapshot ?? new(id, 0, null, 0)).Next(one, posted),
            MessageEdited { Text: Remove } => null,
            _ => snapshot,
        };
    }
}

/// <summary>A class as Marten's users write it: changed in place.</summary>
public sealed class WordCount
{
    public string Id { get; private set; } = "";

    public int Uses { get; set; }

    public long Sequence { get; private set; }

    public Guid LastRoom { get; set; }
}

/// <summary>One row for each word that was ever posted, in whatever room.</summary>
public sealed class Words() : MultiStreamProjection<WordCount, string>("test_words")
{
    public override string Table => "words";

    public static IEnumerable<string> Of(StoredEvent one) =>
        one.Data is MessagePosted posted ? posted.Text.Split(' ') : [];

    public override WordCount? Evolve(WordCount? snapshot, string id, StoredEvent one)
    {
        snapshot ??= new();
        snapshot.Uses++;
        snapshot.LastRoom = one.StreamId;
        // A word that has become too common goes, and begins anew.
        return snapshot.Uses > 9 ? null : snapshot;
    }

    protected override IEnumerable<string> IdentitiesOf(StoredEvent one) => Of(one);
}

public sealed record PostedMessage(Guid Room, string Text, int Number, DateTimeOffset At);

/// <summary>One row for each message.</summary>
public sealed class Messages(string schema = "test_messages") : FlatTableProjection<PostedMessage>(schema)
{
    protected override IReadOnlyList<TableIndex> Indexes => [new("room", "sequence") { IsUnique = true }];

    protected override PostedMessage? Project(StoredEvent one) => one.Data is MessagePosted posted
        ? new(one.StreamId, posted.Text, posted.Number, one.Timestamp)
        : null;
}
