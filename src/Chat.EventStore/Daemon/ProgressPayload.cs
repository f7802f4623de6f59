using System.Globalization;

namespace Chat.EventStore;

/// <summary>
/// What the owner of a shard tells other processes: the shard, which ownership this is, how far it is, and who it is.
/// </summary>
internal readonly record struct ProgressPayload(string Shard, long Epoch, long Position, string Owner)
{
    private const char Separator = '\t';

    public string Format() => string.Create(
        CultureInfo.InvariantCulture, $"{Shard}{Separator}{Epoch}{Separator}{Position}{Separator}{Owner}");

    /// <summary>Null for what is something else, such as the bare name of a projection that is to go on.</summary>
    public static ProgressPayload? Parse(string payload) =>
        payload.Split(Separator) is [var shard, var epoch, var position, var owner]
        && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var ownership)
        && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new(shard, ownership, sequence, owner)
            : null;
}
