namespace Chat.GraphQL;

/// <summary>
/// The documents used last, parsed and validated. When it is full, by number or by size, those used least recently
/// leave.
/// </summary>
internal sealed class DocumentCache(int maxDocuments, int maxChars)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<ExecutableDocument>> byText = new(StringComparer.Ordinal);
    private readonly LinkedList<ExecutableDocument> byUse = new();
    private int chars;

    public int Count
    {
        get
        {
            lock (gate)
                return byText.Count;
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
        if (document.Source.Length > maxChars)
            return;
        lock (gate)
        {
            if (byText.ContainsKey(document.Source))
                return;
            byText.Add(document.Source, byUse.AddFirst(document));
            chars += document.Source.Length;
            while (byText.Count > maxDocuments || chars > maxChars)
            {
                var oldest = byUse.Last!.Value;
                byUse.RemoveLast();
                byText.Remove(oldest.Source);
                chars -= oldest.Source.Length;
            }
        }
    }
}
