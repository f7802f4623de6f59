namespace Chat.EventStore;

/// <summary>The data key of a subject, or why there is none.</summary>
internal sealed class DataKey
{
    /// <summary>The key was destroyed.</summary>
    public static readonly DataKey Erased = new() { IsErased = true };

    /// <summary>The key, 32 bytes; null when there is none.</summary>
    public byte[]? Bytes { get; init; }

    public bool IsErased { get; private init; }

    /// <summary>Why a key that was not destroyed is not there.</summary>
    public string? Problem { get; init; }
}
