namespace Chat.Api.Accounts;

/// <summary>
/// Hashes and checks passwords, at most as many at a time as there are cores. The stored string says how it was made;
/// one made with other parameters is replaced at the next sign-in.
/// </summary>
internal sealed class PasswordHashes : IDisposable
{
    /// <summary>
    /// Callers that may wait for a core. At 13 ms a hash the last of them waits about a second and a half on one core.
    /// </summary>
    public const int WaitingMax = 100;

    private readonly Argon2id? _argon2id;
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly Lazy<string> _nobodysHash;
    private int _waiting;

    public PasswordHashes(ILogger<PasswordHashes> logger)
        : this(Argon2id.TryLoad())
    {
        if (_argon2id is null)
        {
            logger.LogWarning(
                "libsodium is not installed: passwords are hashed with PBKDF2-SHA512 until it is "
                + "(Debian: apt-get install libsodium23).");
        }
    }

    internal PasswordHashes(Argon2id? argon2id)
    {
        _argon2id = argon2id;
        _nobodysHash = new Lazy<string>(() => HashNow("nobody has this password"));
    }

    public Task<string> HashAsync(string password, CancellationToken ct) => OnACoreAsync(() => HashNow(password), ct);

    /// <summary>
    /// Compares with the stored hash, or with nobody's where the account does not exist: both take the same time.
    /// </summary>
    public Task<PasswordCheck> CheckAsync(string? stored, string password, CancellationToken ct) => OnACoreAsync(() =>
    {
        var nobodys = _nobodysHash.Value;
        var matches = Verify(stored ?? nobodys, password) && stored is not null;
        return new PasswordCheck(matches, matches && NeedsRehash(stored!) ? HashNow(password) : null);
    }, ct);

    public void Dispose() => _cores.Dispose();

    private string HashNow(string password) => _argon2id?.Hash(password) ?? Pbkdf2.Hash(password);

    private bool Verify(string stored, string password)
    {
        if (stored.StartsWith(Pbkdf2.Prefix, StringComparison.Ordinal))
            return Pbkdf2.Verify(stored, password);
        if (_argon2id is null)
            throw new InvalidOperationException(
                "This password was hashed with Argon2id: install libsodium to check it.");
        return _argon2id.Verify(stored, password);
    }

    private bool NeedsRehash(string stored) =>
        _argon2id is not null
        && (stored.StartsWith(Pbkdf2.Prefix, StringComparison.Ordinal) || _argon2id.NeedsRehash(stored));

    private async Task<T> OnACoreAsync<T>(Func<T> work, CancellationToken ct)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ServerBusyException("Too many people are signing in at this moment.");
        }

        try
        {
            await _cores.WaitAsync(ct);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await Task.Run(work, ct);
        }
        finally
        {
            _cores.Release();
        }
    }
}

/// <summary>What the comparison with a stored hash says.</summary>
/// <param name="Matches">Whether the password is the account's.</param>
/// <param name="NewHash">A hash with today's parameters to store instead; null where the stored one has them.</param>
internal sealed record PasswordCheck(bool Matches, string? NewHash);

/// <summary>A bounded queue is full. The caller may try again with the same commandId.</summary>
internal sealed class ServerBusyException(string message) : Exception(message);
