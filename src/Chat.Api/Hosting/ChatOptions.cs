using System.Net;
using System.Security.Cryptography;
using Chat.Api.Accounts;
using Chat.Api.Limits;
using Chat.Api.Realtime.Backplanes;
using Npgsql;
using IPNetwork = System.Net.IPNetwork;

namespace Chat.Api.Hosting;

public enum BackplaneKind
{
    /// <summary>NOTIFY of the server's own database.</summary>
    Postgres,

    /// <summary>The server has one node only.</summary>
    InProcess,
    Redis,
}

/// <summary>The section "Chat" of the configuration; in the environment CHAT__…</summary>
public sealed class ChatOptions
{
    public const string Section = "Chat";
    public const int MasterKeyBytes = 32;

    /// <summary>Npgsql connection string of the primary.</summary>
    public string Database { get; set; } = "";

    /// <summary>
    /// Base64 of 32 random bytes. It wraps the keys of all personal data: without it they cannot be read.
    /// </summary>
    public string MasterKey { get; set; } = "";

    public string ServerName { get; set; } = "Chat";

    public string NodeName { get; set; } = Environment.MachineName;

    /// <summary>
    /// Where people find the server, without a slash at the end: what links begin with, and the issuer of access
    /// tokens, the same on all nodes.
    /// </summary>
    public string PublicUrl { get; set; } = "http://localhost:5080";

    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>Origins, besides the server's own, whose pages may open sockets with the session cookie.</summary>
    public string[] AllowedOrigins { get; set; } = [];

    public bool GuestsCreateRooms { get; set; }

    /// <summary>How the nodes of a server tell each other who types and who is there.</summary>
    public BackplaneKind Backplane { get; set; } = BackplaneKind.Postgres;

    /// <summary>Connection string of Redis, for the backplane "redis".</summary>
    public string Redis { get; set; } = "";

    /// <summary>Multiplies all rate limits and how fast they refill.</summary>
    public double RateLimitScale { get; set; } = 1;

    /// <summary>
    /// Addresses or networks, separated by commas, whose X-Forwarded-For says where a request comes from.
    /// </summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>
    /// How long a command may take to be written, and again how long until the read models show it; then it answers
    /// "unavailable".
    /// </summary>
    public TimeSpan CommandDeadline { get; set; } = TimeSpan.FromSeconds(15);

    public IReadOnlyList<IPNetwork> TrustedNetworks => [.. Proxies.Select(ParseNetwork).OfType<IPNetwork>()];

    public byte[] MasterKeyValue => Convert.FromBase64String(MasterKey);

    /// <summary>The options; or everything that is wrong with them, in sentences that say how to mend it.</summary>
    public static bool TryRead(
        IConfiguration configuration, out ChatOptions options, out IReadOnlyList<string> problems)
    {
        options = new ChatOptions();
        try
        {
            configuration.GetSection(Section).Bind(options);
            problems = options.Problems();
        }
        catch (InvalidOperationException e)
        {
            problems = [$"A setting cannot be read. {e.Message} (In the environment, Chat:X is CHAT__X.)"];
        }

        return problems.Count == 0;
    }

    private List<string> Problems()
    {
        var problems = new List<string>();
        if (Database.Length == 0)
            problems.Add(
                "CHAT__DATABASE is not set: give the connection string of a PostgreSQL database, "
                + "or use ops/run, which brings its own.");
        else if (!IsConnectionString(Database))
            problems.Add(
                "CHAT__DATABASE is no connection string: "
                + "it looks like 'Host=127.0.0.1;Port=5432;Database=chat;Username=chat;Password=…'.");
        if (!IsMasterKey(MasterKey))
            problems.Add(
                "CHAT__MASTERKEY must be base64 of 32 random bytes ('openssl rand -base64 32' makes one). "
                + "Keep it safe: without it no message can be read.");
        if (string.IsNullOrWhiteSpace(ServerName) || ServerName.Length > 100)
            problems.Add("CHAT__SERVERNAME must have 1 to 100 characters.");
        if (!Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url)
            || !url.Scheme.StartsWith("http", StringComparison.Ordinal) || PublicUrl.EndsWith('/'))
            problems.Add("CHAT__PUBLICURL must be where people find the server, such as 'https://chat.example.org'.");
        problems.AddRange(Smtp.Problems());
        if (CommandDeadline < TimeSpan.FromSeconds(1) || CommandDeadline > TimeSpan.FromMinutes(1))
            problems.Add("CHAT__COMMANDDEADLINE must be 00:00:01 to 00:01:00.");
        if (AllowedOrigins.FirstOrDefault(origin => !Uri.TryCreate(origin, UriKind.Absolute, out _)) is { } wrong)
            problems.Add($"CHAT__ALLOWEDORIGINS: '{wrong}' is no origin; one looks like 'https://chat.example.org'.");
        if (Backplane == BackplaneKind.Redis && Redis.Length == 0)
            problems.Add("CHAT__BACKPLANE is redis, but CHAT__REDIS is not set: it looks like '127.0.0.1:6379'.");
        else if (Redis.Length > 0 && !IsRedis(Redis))
            problems.Add("CHAT__REDIS is no connection string of Redis: it looks like '127.0.0.1:6379,password=…'.");
        if (RateLimitScale is not (>= RateLimits.ScaleMin and <= RateLimits.ScaleMax))
            problems.Add($"CHAT__RATELIMITSCALE must be {RateLimits.ScaleMin} to {RateLimits.ScaleMax}; 1 is usual.");
        if (Proxies.FirstOrDefault(proxy => ParseNetwork(proxy) is null) is { } noProxy)
            problems.Add(
                $"CHAT__TRUSTEDPROXIES: '{noProxy}' is no address and no network; they look like '10.0.0.5' and "
                + "'10.0.0.0/24'.");
        return problems;
    }

    private string[] Proxies =>
        TrustedProxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IPNetwork? ParseNetwork(string text) =>
        IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, 8 * address.GetAddressBytes().Length)
            : IPNetwork.TryParse(text, out var network) ? network : null;

    private static bool IsRedis(string text)
    {
        try
        {
            RedisConnection.Parse(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }

    private static bool IsMasterKey(string text)
    {
        Span<byte> key = stackalloc byte[MasterKeyBytes + 1];
        var valid = Convert.TryFromBase64String(text, key, out var length) && length == MasterKeyBytes;
        CryptographicOperations.ZeroMemory(key);
        return valid;
    }
}
