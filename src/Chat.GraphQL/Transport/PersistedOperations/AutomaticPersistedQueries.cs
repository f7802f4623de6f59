namespace Chat.GraphQL;

/// <summary>
/// Documents that clients registered under their hashes. When they need more memory than allowed, those used least
/// recently leave: their clients send them again.
/// </summary>
internal sealed class AutomaticPersistedQueries(int maxBytes) : IPersistedOperationStore
{
    /// <summary>Bytes of an entry beside its text, roughly: hash, node and place in the index.</summary>
    private const int EntryBytes = 300;

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Hash, string Text)>> byHash =
        new(StringComparer.Ordinal);

    private readonly LinkedList<(string Hash, string Text)> byUse = new();
    private int bytes;

    public ValueTask<string?> FindAsync(string id, CancellationToken ct)
    {
        lock (gate)
        {
            if (!byHash.TryGetValue(id, out var node))
                return default;
            byUse.Remove(node);
            byUse.AddFirst(node);
            return new ValueTask<string?>(node.Value.Text);
        }
    }

    public void Add(string hash, string text)
    {
        if (BytesOf(text) > maxBytes)
            return;
        lock (gate)
        {
            if (byHash.ContainsKey(hash))
                return;
            byHash.Add(hash, byUse.AddFirst((hash, text)));
            bytes += BytesOf(text);
            while (bytes > maxBytes)
            {
                var oldest = byUse.Last!.Value;
                byUse.RemoveLast();
                byHash.Remove(oldest.Hash);
                bytes -= BytesOf(oldest.Text);
            }
        }
    }

    private static int BytesOf(string text) => (text.Length * sizeof(char)) + EntryBytes;
}
