using System.Globalization;

namespace Chat.EventStore;

/// <summary>What the owner of a projection tells other processes: its name, how far it is, and who it is.</summary>
internal readonly record struct ProgressPayload(string Name, long Position, string Owner)
{
    private const char Separator = '\t';

    public static string Format(string name, long position, string owner) =>
        string.Join(Separator, name, position.ToString(CultureInfo.InvariantCulture), owner);

    public static ProgressPayload? Parse(string payload) =>
        payload.Split(Separator) is [var name, var position, var owner]
        && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new(name, sequence, owner)
            : null;
}
