namespace Chat.EventStore;

/// <summary>
/// The advisory lock key that a Marten daemon would take for the same shard, so that the two never run side by side.
/// </summary>
internal static class MartenShardLock
{
    private const int Offset = 4444;

    public static int KeyOf(string schema, string identity) =>
        Math.Abs(DeterministicHash($"{schema}:{identity}")) + Offset;

    // .NET's string hash without its per-process seed, as Marten uses it.
    private static int DeterministicHash(string text)
    {
        unchecked
        {
            var even = (5381 << 16) + 5381;
            var odd = even;
            for (var i = 0; i < text.Length; i += 2)
            {
                even = ((even << 5) + even) ^ text[i];
                if (i + 1 < text.Length)
                    odd = ((odd << 5) + odd) ^ text[i + 1];
            }

            return even + (odd * 1566083941);
        }
    }
}
