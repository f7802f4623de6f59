using System.Runtime.InteropServices;
using System.Text;

namespace Chat.Api.Accounts;

/// <summary>
/// Argon2id of libsodium, called directly. The string it makes is the PHC format: it names its own parameters.
/// </summary>
internal sealed unsafe class Argon2id
{
    /// <summary>OWASP's choice for one lane: 19 MiB and two passes, about 13 ms.</summary>
    public const int MemoryBytes = 19 * 1024 * 1024;
    public const int Passes = 2;

    private const int HashBytesMax = 128; // crypto_pwhash_STRBYTES

    private static readonly string[] LibraryNames =
        ["libsodium.so.23", "libsodium.so.26", "libsodium.so", "libsodium.dylib", "libsodium"];

    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, ulong, ulong, nuint, int> _hash;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, ulong, int> _verify;
    private readonly delegate* unmanaged[Cdecl]<byte*, ulong, nuint, int> _needsRehash;

    private Argon2id(nint library)
    {
        var initialise = (delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(library, "sodium_init");
        if (initialise() < 0)
            throw new InvalidOperationException("libsodium could not be initialised.");
        _hash = (delegate* unmanaged[Cdecl]<byte*, byte*, ulong, ulong, nuint, int>)
            NativeLibrary.GetExport(library, "crypto_pwhash_argon2id_str");
        _verify = (delegate* unmanaged[Cdecl]<byte*, byte*, ulong, int>)
            NativeLibrary.GetExport(library, "crypto_pwhash_argon2id_str_verify");
        _needsRehash = (delegate* unmanaged[Cdecl]<byte*, ulong, nuint, int>)
            NativeLibrary.GetExport(library, "crypto_pwhash_argon2id_str_needs_rehash");
    }

    /// <summary>Null where libsodium is not installed.</summary>
    public static Argon2id? TryLoad()
    {
        foreach (var name in LibraryNames)
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return new Argon2id(library);
        }

        return null;
    }

    public string Hash(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        Span<byte> hash = stackalloc byte[HashBytesMax];
        fixed (byte* hashPointer = hash)
        fixed (byte* passwordPointer = bytes)
        {
            if (_hash(hashPointer, passwordPointer, (ulong)bytes.Length, Passes, MemoryBytes) != 0)
                throw new InvalidOperationException("libsodium could not get the memory for Argon2id.");
        }

        return Encoding.ASCII.GetString(hash[..hash.IndexOf((byte)0)]);
    }

    public bool Verify(string hash, string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        fixed (byte* hashPointer = Terminated(hash))
        fixed (byte* passwordPointer = bytes)
            return _verify(hashPointer, passwordPointer, (ulong)bytes.Length) == 0;
    }

    public bool NeedsRehash(string hash)
    {
        fixed (byte* hashPointer = Terminated(hash))
            return _needsRehash(hashPointer, Passes, MemoryBytes) != 0;
    }

    private static byte[] Terminated(string hash) => Encoding.ASCII.GetBytes(hash + '\0');
}
