using Chat.Model.Rules;

namespace Chat.Model.Runs;

/// <summary>Five rooms of five kinds: open, by invitation, of two, encrypted, and slow with a closed history.</summary>
internal static class Beginnings
{
    public static IReadOnlyList<Command> Of(string name) =>
    [
        new("createRoom", 2) { NewName = $"{name} open", MakePublic = true },
        new("createRoom", 3) { NewName = $"{name} closed", Topic = "by invitation" },
        new("openDirect", 4) { Other = 5 },
        new("createRoom", 6) { NewName = $"{name} sealed", Flag = true },
        new("createRoom", 7) { NewName = $"{name} slow", MakePublic = true },
        new("updateRoom", 7) { Room = 4, Settings = new Dictionary<string, object> { ["slowModeSeconds"] = 20 } },
        new("updateRoom", 7)
        {
            Room = 4,
            Settings = new Dictionary<string, object> { ["historyForNewMembers"] = false },
        },
        .. Enumerable.Range(0, 10).Select(i => new Command("joinRoom", i) { Room = 0 }),
        .. Enumerable.Range(0, 10).Select(i => new Command("inviteMember", 3) { Room = 1, Other = i }),
        .. Enumerable.Range(2, 5).Select(i => new Command("joinRoom", i) { Room = 1 }),
        .. Enumerable.Range(2, 4).Select(i => new Command("inviteMember", 6) { Room = 3, Other = i }),
        .. Enumerable.Range(2, 3).Select(i => new Command("joinRoom", i) { Room = 3 }),
    ];
}
