namespace Chat.GraphQL;

/// <summary>
/// The documents used last, parsed and validated. When it is full, by number or by size, those used least recently
/// leave.
/// </summary>
internal sealed class DocumentCache(int maxDocuments, long maxBytes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<ExecutableDocument>> byText = new(StringComparer.Ordinal);
    private readonly LinkedList<ExecutableDocument> byUse = new();
    private long bytes;

    public int Count
    {
        get
        {
            lock (gate)
                return byText.Count;
        }
    }

    /// <summary>What the documents take, with the plans made so far.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
                return bytes;
        }
    }

    public ExecutableDocument? Find(string text)
    {
        lock (gate)
        {
            if (!byText.TryGetValue(text, out var node))
                return null;
            if (byUse.First != node)
            {
                byUse.Remove(node);
                byUse.AddFirst(node);
            }

            return node.Value;
        }
    }

    public void Add(ExecutableDocument document)
    {
        lock (gate)
        {
            if (document.Bytes > maxBytes || byText.ContainsKey(document.Source))
                return;
            document.Cache = this;
            byText.Add(document.Source, byUse.AddFirst(document));
            bytes += document.Bytes;
            Trim();
        }
    }

    /// <summary>Counts what a document takes more; one that has left the cache no longer counts.</summary>
    public void Grow(ExecutableDocument document, long more)
    {
        lock (gate)
        {
            if (!byText.TryGetValue(document.Source, out var node) || node.Value != document)
                return;
            document.Bytes += more;
            bytes += more;
            Trim();
        }
    }

    private void Trim()
    {
        while (byText.Count > maxDocuments || bytes > maxBytes)
        {
            var oldest = byUse.Last!.Value;
            byUse.RemoveLast();
            byText.Remove(oldest.Source);
            bytes -= oldest.Bytes;
        }
    }
}
