using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Chat.GraphQL;

/// <summary>
/// The shared streams of this process by their tokens. A token is a secret: whoever has it can send to the stream.
/// </summary>
internal sealed class SharedStreams(GraphQLOptions options, TimeProvider time)
{
    private const int TokenBytes = 32;

    private readonly ConcurrentDictionary<string, Reservation> byToken = new(StringComparer.Ordinal);
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <summary>Reserves a stream; null when there are as many as allowed.</summary>
    public string? Reserve()
    {
        if (Interlocked.Increment(ref count) > options.MaxEventStreams)
        {
            Interlocked.Decrement(ref count);
            return null;
        }

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        var reservation = new Reservation(new SharedStream(options, time));
        byToken[token] = reservation;
        reservation.Expiry = time.CreateTimer(
            _ => Expire(token), null, options.StreamReservationTimeout, Timeout.InfiniteTimeSpan);
        return token;
    }

    public SharedStream? Find(string token) => byToken.GetValueOrDefault(token)?.Stream;

    /// <summary>Closes a stream that has ended.</summary>
    public async Task CloseAsync(string token)
    {
        if (Remove(token) is { } stream)
            await stream.CloseAsync();
    }

    private void Expire(string token)
    {
        if (Find(token)?.TryExpire() == true)
            Remove(token);
    }

    private SharedStream? Remove(string token)
    {
        if (!byToken.TryRemove(token, out var reservation))
            return null;
        Interlocked.Decrement(ref count);
        reservation.Expiry?.Dispose();
        return reservation.Stream;
    }

    private sealed class Reservation(SharedStream stream)
    {
        public SharedStream Stream { get; } = stream;

        public ITimer? Expiry { get; set; }
    }
}
