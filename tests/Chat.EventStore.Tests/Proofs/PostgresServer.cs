using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>
/// A PostgreSQL of a test's own, with production's durability, to be killed and started again. Runs as an unprivileged
/// user, on loopback and a free port, in a temporary folder that goes with it.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string BinVariable = "CHAT_TEST_POSTGRES_BIN";
    private const string SystemPlace = "/usr/lib/postgresql";
    private const string Unprivileged = "nobody";
    private const int StartsMax = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string bin = FindBin();
    private readonly string password;
    private readonly IReadOnlyList<string> settings;
    private Process? postmaster;

    private PostgresServer(string data, string password, IReadOnlyList<string> settings) =>
        (Data, this.password, this.settings) = (data, password, settings);

    public int Port { get; private set; } = FreePort();

    public string Data { get; }

    /// <summary>The superuser's, without a pool: who kills servers wants no connection of before.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Password = password,
        Database = "postgres",
        Pooling = false,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    public string Log => ReadAs(LogFile);

    private string LogFile => $"{Data}.log";

    private int PostmasterPid =>
        postmaster?.Id ?? throw new InvalidOperationException("The server is not running.");

    /// <summary>Makes a server and starts it.</summary>
    public static async Task<PostgresServer> StartNewAsync(params IReadOnlyList<string> settings)
    {
        var server = new PostgresServer(
            Path.Combine(Path.GetTempPath(), $"chat-store-{Guid.NewGuid():n}"),
            Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
            settings);
        try
        {
            await server.InitialiseAsync();
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A synchronous standby of this server, by a copy of its files while it is stopped: the embedded PostgreSQL has no
    /// pg_basebackup.
    /// </summary>
    public async Task<PostgresServer> StartStandbyAsync(string name)
    {
        await StopAsync(Signals.Interrupt);
        var standby = new PostgresServer($"{Data}-{name}", password, []);
        try
        {
            await RunAsync("/bin/cp", ["-a", Data, standby.Data]);
            await RunAsync(
                "/bin/sh",
                ["-c", "touch \"$0/standby.signal\" && cat >> \"$0/postgresql.auto.conf\"", standby.Data],
                $"primary_conninfo = 'host=127.0.0.1 port={Port} user=postgres password={password} "
                + $"application_name={name}'\n");
            await StartAsync();
            await standby.StartAsync();
            await ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
            await ExecuteAsync("SELECT pg_reload_conf()");
            while (await ScalarAsync<long>("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 0)
                await Task.Delay(20, StoreTest.Stop);
            return standby;
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts on the same port as before, and waits until connections are taken.</summary>
    public async Task StartAsync()
    {
        for (var starts = 1; ; starts++)
        {
            var shown = await TryStartAsync();
            if (shown is null)
                return;
            if (starts == StartsMax)
                throw new InvalidOperationException($"PostgreSQL does not start:\n{shown}");

            // The children of a killed server need a moment to let go of its memory.
            await Task.Delay(TimeSpan.FromSeconds(1), StoreTest.Stop);
        }
    }

    /// <summary>Sends the postmaster a signal that ends it, and waits for its end and that of its children.</summary>
    public async Task StopAsync(int signal)
    {
        if (postmaster is not { } running)
            return;
        var children = Signals.ChildrenOf(running.Id);
        Signals.Send(running.Id, signal);
        await running.WaitForExitAsync().WaitAsync(Patience);
        running.Dispose();
        postmaster = null;
        foreach (var child in children)
            await Signals.EndedAsync(child).WaitAsync(Patience);
    }

    /// <summary>The process ids of the server's processes whose title has this word.</summary>
    public IReadOnlyList<int> ProcessesTitled(string word) =>
        [.. Signals.ChildrenOf(PostmasterPid).Where(pid => Signals.TitleOf(pid).Contains(word))];

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(StoreTest.Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(StoreTest.Stop))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(StoreTest.Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(StoreTest.Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (postmaster is { } running)
        {
            // Stopped processes take no other signal.
            foreach (var child in Signals.ChildrenOf(running.Id))
                Signals.Send(child, Signals.Continue);
            await StopAsync(Signals.Quit);
        }

        if (Directory.Exists(Data))
            Directory.Delete(Data, recursive: true);
        File.Delete(LogFile);
    }

    private async Task InitialiseAsync()
    {
        var passwordFile = $"{Data}.password";
        try
        {
            await RunAsync("/bin/sh", ["-c", "umask 077; cat > \"$0\"", passwordFile], password);
            await RunAsync(Path.Combine(bin, "initdb"), [
                "-D", Data, "-U", "postgres", "--auth=scram-sha-256", $"--pwfile={passwordFile}",
                "--encoding=UTF8", "--locale=C",
            ]);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    /// <summary>Null when it takes connections, else what it said.</summary>
    private async Task<string?> TryStartAsync()
    {
        var log = LogFile;
        string[] all =
        [
            $"port={Port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=on",
            "shared_buffers=32MB", "max_connections=200", .. settings,
        ];

        // A backend that waits for a standby when its postmaster dies goes on to read commands from standard input: it
        // must find the end of it there.
        var start = StartInfo("/bin/sh", [
            "-c", "log=$1; shift; exec \"$@\" < /dev/null >> \"$log\" 2>&1", "sh",
            log, Path.Combine(bin, "postgres"), "-D", Data,
            .. all.SelectMany(one => new[] { "-c", one }),
        ]);
        var started = Process.Start(start)!;
        var since = Stopwatch.GetTimestamp();
        while (!started.HasExited && Stopwatch.GetElapsedTime(since) < Patience)
        {
            if (await TakesConnectionsAsync())
            {
                postmaster = started;
                return null;
            }

            await Task.Delay(20, StoreTest.Stop);
        }

        if (!started.HasExited)
            started.Kill();
        started.Dispose();
        return Log;
    }

    private async Task<bool> TakesConnectionsAsync()
    {
        try
        {
            await ScalarAsync<int>("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task RunAsync(string program, IReadOnlyList<string> arguments, string input = "")
    {
        using var process = Process.Start(StartInfo(program, arguments))!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync().WaitAsync(Patience, StoreTest.Stop);
        await process.WaitForExitAsync(StoreTest.Stop);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed: {await output}{error}");
    }

    // PostgreSQL refuses to run as root.
    private static ProcessStartInfo StartInfo(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        if (Environment.IsPrivilegedProcess)
            start.UserName = Unprivileged;
        return start;
    }

    private static string ReadAs(string file)
    {
        using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(open);
        return reader.ReadToEnd();
    }

    private static string FindBin()
    {
        if (Environment.GetEnvironmentVariable(BinVariable) is { Length: > 0 } given)
            return File.Exists(Path.Combine(given, "initdb"))
                ? given
                : throw new InvalidOperationException($"{BinVariable} is {given}, where there is no initdb.");
        var versions = Directory.Exists(SystemPlace) ? Directory.GetDirectories(SystemPlace) : [];
        return versions.Select(version => Path.Combine(version, "bin"))
            .OrderDescending(StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException(
                $"These tests start PostgreSQL servers: set {BinVariable} to the folder of initdb and postgres.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
