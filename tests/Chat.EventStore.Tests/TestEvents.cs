namespace Chat.EventStore.Tests;

public sealed record RoomOpened(string Title, Guid RoomId);

public sealed record MessagePosted(string Text, int Number);

public sealed record MessageEdited(string Text);

public sealed record Reacted(Dictionary<string, int> Counts);

public sealed record ProfileChanged(
    [DataSubject] Guid AccountId, [PersonalData] string? DisplayName, [PersonalData] string Email, Mood Mood);

public sealed record Quote([DataSubject] Guid AuthorId, [PersonalData] string Text);

public sealed record Quoted([DataSubject] Guid By, [PersonalData] string Comment, IReadOnlyList<Quote> Quotes);

public sealed record Quoting(Guid By, Dictionary<string, Quote> Quotes);

public enum Mood
{
    Calm,
    Merry,
}
