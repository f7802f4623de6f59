namespace Chat.EventStore;

/// <summary>The data key of a subject, or why there is none.</summary>
internal sealed class DataKey
{
    /// <summary>The key was destroyed.</summary>
    public static readonly DataKey Erased = new() { IsErased = true };

    /// <summary>Which of the keys that the subject may have had; written into each value.</summary>
    public Guid Id { get; init; }

    /// <summary>The key, 32 bytes; null when there is none.</summary>
    public byte[]? Bytes { get; init; }

    public bool IsErased { get; private init; }

    /// <summary>Why a key that was not destroyed is not there.</summary>
    public string? Problem { get; init; }
}

/// <summary>The data key that an append relies on.</summary>
internal readonly record struct KeyInUse(Guid Subject, Guid KeyId);

/// <summary>
/// A key was destroyed, or lost with a server that died, after the append was encrypted under it; nothing is written.
/// </summary>
internal sealed class DataKeyMissingException(IReadOnlyList<KeyInUse> keys)
    : Exception("A data key of the append is not in the database.")
{
    public IReadOnlyList<KeyInUse> Keys { get; } = keys;
}
