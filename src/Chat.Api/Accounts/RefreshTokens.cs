using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Chat.Api.Accounts;

/// <summary>Which token of which session: generation 0 is the session's first.</summary>
internal readonly record struct RefreshToken(Guid SessionId, int Generation);

/// <summary>
/// Refresh tokens: session, generation, and a MAC over both that only the server can make. Nothing of a token is
/// stored, and the answer to a refresh can be given once more.
/// </summary>
internal sealed class RefreshTokens(ServerSecrets secrets)
{
    private const int NameBytes = 16 + sizeof(int);
    private const int TokenBytes = NameBytes + HMACSHA256.HashSizeInBytes;
    private const string Purpose = "refresh token";

    public async Task<string> MakeAsync(RefreshToken token, CancellationToken ct) =>
        Base64Url.EncodeToString([.. NameOf(token), .. await secrets.MacAsync(Purpose, NameOf(token), ct)]);

    /// <summary>Null when it is none of ours.</summary>
    public async Task<RefreshToken?> ReadAsync(string text, CancellationToken ct)
    {
        var bytes = new byte[TokenBytes];
        if (text.Length != Base64Url.GetEncodedLength(TokenBytes) || !text.All(char.IsAscii)
            || !Base64Url.TryDecodeFromUtf8(Encoding.ASCII.GetBytes(text), bytes, out var written)
            || written != TokenBytes)
            return null;
        var mac = await secrets.MacAsync(Purpose, bytes.AsSpan(..NameBytes), ct);
        return CryptographicOperations.FixedTimeEquals(mac, bytes.AsSpan(NameBytes..))
            ? new RefreshToken(
                new Guid(bytes.AsSpan(..16), bigEndian: true), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16..)))
            : null;
    }

    private static byte[] NameOf(RefreshToken token)
    {
        var name = new byte[NameBytes];
        token.SessionId.TryWriteBytes(name, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(name.AsSpan(16), token.Generation);
        return name;
    }
}
