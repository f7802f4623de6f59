using System.Globalization;
using System.Security.Cryptography;

namespace Chat.Api.Accounts;

/// <summary>
/// PBKDF2-HMAC-SHA512, as <c>$pbkdf2-sha512$i=iterations$salt$hash</c>: the platform's own, where libsodium is missing.
/// </summary>
internal static class Pbkdf2
{
    public const string Prefix = "$pbkdf2-sha512$";

    /// <summary>OWASP's number for SHA-512.</summary>
    public const int Iterations = 210_000;

    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    public static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA512, HashBytes);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Prefix}i={Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    public static bool Verify(string stored, string password)
    {
        var parts = stored[Prefix.Length..].Split('$');
        var iterations = int.Parse(parts[0].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture);
        var expected = Convert.FromBase64String(parts[2]);
        var actual = Rfc2898DeriveBytes.Pbkdf2(
            password, Convert.FromBase64String(parts[1]), iterations, HashAlgorithmName.SHA512, expected.Length);
        return CryptographicOperations.FixedTimeEquals(expected, actual);
    }
}
