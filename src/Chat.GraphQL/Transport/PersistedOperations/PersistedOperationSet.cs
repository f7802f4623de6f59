using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Chat.GraphQL;

/// <summary>Stored documents that do not change while the server runs.</summary>
public sealed class PersistedOperationSet : IPersistedOperationStore
{
    private const string Extension = ".graphql";

    private readonly FrozenDictionary<string, string> texts;

    /// <summary>
    /// Makes a set of ids with their documents. An id may be the document's SHA-256 in lower-case hex.
    /// </summary>
    public PersistedOperationSet(IReadOnlyDictionary<string, string> documents) =>
        texts = documents.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>How many documents there are.</summary>
    public int Count => texts.Count;

    /// <summary>
    /// Reads all files <c>*.graphql</c> of a folder. A file's name is its document's id; it can also be asked for with
    /// the SHA-256 of its bytes.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static PersistedOperationSet FromFolder(string path)
    {
        var documents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(path, "*" + Extension))
        {
            var text = File.ReadAllText(file);
            documents[Path.GetFileNameWithoutExtension(file)] = text;
            documents[HashOf(text)] = text;
        }

        return new PersistedOperationSet(documents);
    }

    /// <inheritdoc/>
    public ValueTask<string?> FindAsync(string id, CancellationToken ct) => new(texts.GetValueOrDefault(id));

    /// <summary>The SHA-256 of a text in UTF-8, as lower-case hex.</summary>
    internal static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
