using System.Security.Cryptography;
using System.Text;
using Chat.Domain.Accounts;

namespace Chat.Api.Accounts;

/// <summary>
/// Keys of the server itself. They derive from a data key of its own, which the master key wraps like everybody's: all
/// nodes have the same ones, and a new master key needs no other care.
/// </summary>
internal sealed class ServerSecrets(EventLog log)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private static readonly Guid Server = new("5e17e200-0000-4000-8000-000000000000");

    /// <summary>The form in which addresses are kept and compared outside the log.</summary>
    public Task<byte[]> EmailHmacAsync(string email, CancellationToken ct) =>
        log.Keys.HmacAsync(Server, Encoding.UTF8.GetBytes(EmailAddress.Canonical(email)), ct);

    /// <summary>A MAC, 32 bytes, that is good for one purpose only.</summary>
    public Task<byte[]> MacAsync(string purpose, ReadOnlySpan<byte> data, CancellationToken ct) =>
        log.Keys.HmacAsync(Server, Separated(purpose, data), ct);

    /// <summary>Encrypts, bound to a purpose and a name.</summary>
    public async Task<byte[]> SealAsync(string purpose, Guid name, byte[] secret, CancellationToken ct)
    {
        using var cipher = new AesGcm(await MacAsync(purpose, name.ToByteArray(bigEndian: true), ct), TagBytes);
        var box = new byte[NonceBytes + secret.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        cipher.Encrypt(box.AsSpan(0, NonceBytes), secret, box.AsSpan(NonceBytes..^TagBytes), box.AsSpan(^TagBytes..));
        return box;
    }

    /// <summary>What was sealed for the same purpose and name.</summary>
    /// <exception cref="AuthenticationTagMismatchException">It was not, or not by this server.</exception>
    public async Task<byte[]> OpenAsync(string purpose, Guid name, byte[] box, CancellationToken ct)
    {
        using var cipher = new AesGcm(await MacAsync(purpose, name.ToByteArray(bigEndian: true), ct), TagBytes);
        var secret = new byte[box.Length - NonceBytes - TagBytes];
        cipher.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes..^TagBytes), box.AsSpan(^TagBytes..), secret);
        return secret;
    }

    // An address has no control characters, so what is computed for a purpose is never that of an address.
    private static byte[] Separated(string purpose, ReadOnlySpan<byte> data) =>
        [0, .. Encoding.UTF8.GetBytes(purpose), 0, .. data];
}
