namespace Chat.EventStore.Tests;

public sealed record RoomOpened(string Title, Guid RoomId);

public sealed record MessagePosted(string Text, int Number);

public sealed record MessageEdited(string Text);

public sealed record Reacted(Dictionary<string, int> Counts);

public sealed record ProfileChanged(
    [DataSubject] Guid AccountId, [PersonalData] string? DisplayName, [PersonalData] string Email, Mood Mood);

public enum Mood
{
    Calm,
    Merry,
}
