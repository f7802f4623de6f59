using System.Text.RegularExpressions;

namespace Chat.EventStore;

/// <summary>
/// Settings of an <see cref="EventStore"/>. Every queue, page, buffer and wait of the store is bounded by a limit named
/// here.
/// </summary>
public sealed partial class EventStoreOptions
{
    /// <summary>Length of a master key in bytes (AES-256).</summary>
    public const int MasterKeyBytes = 32;

    /// <summary>Longest <see cref="ExtensionSchema"/>: names of channels are made of it.</summary>
    public const int MaxExtensionSchemaLength = 50;

    /// <summary>Longest <see cref="NodeName"/>, in characters: it is part of announcements.</summary>
    public const int MaxNodeNameLength = 200;

    /// <summary>The schema of Marten's tables.</summary>
    public string Schema { get; set; } = "public";

    /// <summary>
    /// The schema of what this store adds: data keys, stream tags, the append function, the migrations done.
    /// </summary>
    public string ExtensionSchema { get; set; } = "chat_store";

    /// <summary>The event types that can be written and read.</summary>
    public EventTypes Types { get; } = new();

    /// <summary>The types of states that can be saved as snapshots.</summary>
    public SnapshotTypes Snapshots { get; } = new();

    /// <summary>
    /// How many events a fold that saves snapshots lets pass before it saves the next one.
    /// </summary>
    public int SnapshotEveryEvents { get; set; } = 1000;

    /// <summary>Largest stored size of one snapshot, in bytes of JSON.</summary>
    public int MaxSnapshotBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// How this process is called in the status of projections: 1 to <see cref="MaxNodeNameLength"/> printable
    /// characters.
    /// </summary>
    public string NodeName { get; set; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>The clock of timestamps, deadlines and delays.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Largest stored size of one event, in bytes of JSON.</summary>
    public int MaxEventBytes { get; set; } = 1024 * 1024;

    /// <summary>Most events in one append.</summary>
    public int MaxEventsPerAppend { get; set; } = 1000;

    /// <summary>Appends that may wait for the writer; further callers wait for a place.</summary>
    public int AppendQueueCapacity { get; set; } = 4096;

    /// <summary>Bytes of JSON of the appends that may wait or be at work; further callers wait for room.</summary>
    public long AppendQueueBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Most events that the writer commits together, unless a single append has more.</summary>
    public int MaxBatchEvents { get; set; } = 1000;

    /// <summary>Most bytes of JSON that the writer commits together; also the most that one append may hold.</summary>
    public int MaxBatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Shortest time from one commit of the writer to the next: what arrives meanwhile is committed together. It bounds
    /// what committing costs, in this process, in the database and for every projection, and is the most that it adds
    /// to an append. Who appends after a silence never waits; 0 for a writer that does not wait for company.
    /// </summary>
    public TimeSpan AppendInterval { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// An append that is not decided within this time fails with <see cref="StoreUnavailableException"/>.
    /// </summary>
    public TimeSpan AppendDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most events fetched by one read.</summary>
    public int ReadPageEvents { get; set; } = 1000;

    /// <summary>Bytes of JSON after which a page of a read ends.</summary>
    public int ReadPageBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Most connections that reads use, all together, to fetch pages ahead of the one in work; 0 for none. A read that
    /// finds none free fetches its pages one after the other.
    /// </summary>
    public int ReadAheadConnections { get; set; } = 8;

    /// <summary>Most events in one page that a follower of the tail gets.</summary>
    public int TailPageEvents { get; set; } = 1000;

    /// <summary>
    /// Recent events that the tail keeps in memory for its followers; who is further behind reads the log.
    /// </summary>
    public int TailWindowEvents { get; set; } = 20_000;

    /// <summary>Bytes of JSON behind the recent events that the tail keeps in memory.</summary>
    public int TailWindowBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Most events in a page that is read for followers behind the tail's memory, and in one that projections apply.
    /// </summary>
    public int CatchUpPageEvents { get; set; } = 2000;

    /// <summary>
    /// Memory for pages that several followers behind the tail share, in bytes; there is none while nobody is behind.
    /// </summary>
    public long CatchUpBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How often the tail looks at the log when nothing wakes it.</summary>
    public TimeSpan TailPollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Shortest time between two announcements to other processes: what happens meanwhile is told together. It bounds
    /// what announcing costs, and adds to how late the others hear.
    /// </summary>
    public TimeSpan AnnounceInterval { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// How long the listener hears nothing before it asks whether the server is still there, and waits for the answer.
    /// </summary>
    public TimeSpan ListenerCheckInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// First delay before a lost connection is opened again; it doubles up to <see cref="ReconnectDelayMax"/>.
    /// </summary>
    public TimeSpan ReconnectDelayMin { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest delay before a lost connection is opened again.</summary>
    public TimeSpan ReconnectDelayMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Master keys by version, <see cref="MasterKeyBytes"/> bytes each. They wrap the data keys of subjects.
    /// </summary>
    public IReadOnlyDictionary<int, byte[]> MasterKeys { get; set; } = new Dictionary<int, byte[]>();

    /// <summary>The version of the master key that wraps new data keys.</summary>
    public int CurrentMasterKey { get; set; } = 1;

    /// <summary>Most data keys held in memory.</summary>
    public int DataKeyCacheEntries { get; set; } = 10_000;

    /// <summary>How long a data key is held in memory before it is looked up again.</summary>
    public TimeSpan DataKeyCacheTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Data keys that are wrapped anew together when the master key has changed.</summary>
    public int RewrapPageKeys { get; set; } = 500;

    /// <summary>The advisory lock that every append holds through its commit, as an expression of SQL.</summary>
    internal string AppendLock => $"hashtextextended('{ExtensionSchema}.append', 0)";

    internal string ProgressChannel => $"{ExtensionSchema}_progress";

    internal string ErasedChannel => $"{ExtensionSchema}_erased";

    internal IEnumerable<string> Channels => [MartenTables.AppendedChannel, ProgressChannel, ErasedChannel];

    /// <summary>
    /// Whether a name can be told to other processes: announcements are bounded, and their parts stand between tabs.
    /// </summary>
    internal static bool IsPrintable(string name) =>
        name.Length is > 0 and <= MaxNodeNameLength
        && !name.Any(char.IsControl) && StorableText.Problem(name) is null;

    internal void Validate()
    {
        Require(Identifier().IsMatch(Schema), $"{nameof(Schema)} must be a lower-case SQL identifier.");
        Require(
            Identifier().IsMatch(ExtensionSchema), $"{nameof(ExtensionSchema)} must be a lower-case SQL identifier.");
        Require(
            ExtensionSchema.Length <= MaxExtensionSchemaLength,
            $"{nameof(ExtensionSchema)} has at most {MaxExtensionSchemaLength} characters.");
        Require(Schema != ExtensionSchema, $"{nameof(ExtensionSchema)} must differ from {nameof(Schema)}.");
        Require(
            IsPrintable(NodeName), $"{nameof(NodeName)} must be 1 to {MaxNodeNameLength} printable characters.");
        Require(
            MaxEventBytes > 0 && MaxEventBytes <= MaxBatchBytes,
            $"{nameof(MaxEventBytes)} must be 1 to {nameof(MaxBatchBytes)}.");
        Require(MaxEventsPerAppend > 0, $"{nameof(MaxEventsPerAppend)} must be positive.");
        Require(AppendQueueCapacity > 0, $"{nameof(AppendQueueCapacity)} must be positive.");
        Require(
            AppendQueueBytes >= MaxBatchBytes, $"{nameof(AppendQueueBytes)} must be {nameof(MaxBatchBytes)} or more.");
        Require(MaxBatchEvents > 0, $"{nameof(MaxBatchEvents)} must be positive.");
        Require(AppendDeadline > TimeSpan.Zero, $"{nameof(AppendDeadline)} must be positive.");
        Require(
            AppendInterval >= TimeSpan.Zero && AppendInterval < AppendDeadline,
            $"{nameof(AppendInterval)} must be 0 or more, and less than {nameof(AppendDeadline)}.");
        Require(
            ReadPageEvents > 0 && ReadPageBytes > 0,
            $"{nameof(ReadPageEvents)} and {nameof(ReadPageBytes)} must be positive.");
        Require(ReadAheadConnections >= 0, $"{nameof(ReadAheadConnections)} must not be negative.");
        Require(
            SnapshotEveryEvents > 0 && MaxSnapshotBytes > 0,
            $"{nameof(SnapshotEveryEvents)} and {nameof(MaxSnapshotBytes)} must be positive.");
        Require(TailPageEvents > 0, $"{nameof(TailPageEvents)} must be positive.");
        Require(
            TailWindowEvents > 0 && TailWindowBytes > 0,
            $"{nameof(TailWindowEvents)} and {nameof(TailWindowBytes)} must be positive.");
        Require(
            CatchUpPageEvents > 0 && CatchUpBytes > 0,
            $"{nameof(CatchUpPageEvents)} and {nameof(CatchUpBytes)} must be positive.");
        Require(TailPollInterval > TimeSpan.Zero, $"{nameof(TailPollInterval)} must be positive.");
        Require(AnnounceInterval >= TimeSpan.Zero, $"{nameof(AnnounceInterval)} must not be negative.");
        Require(
            ListenerCheckInterval.TotalMilliseconds is >= 1 and <= int.MaxValue,
            $"{nameof(ListenerCheckInterval)} must be positive.");
        Require(
            ReconnectDelayMin > TimeSpan.Zero && ReconnectDelayMin <= ReconnectDelayMax,
            "Reconnect delays must be positive and in order.");
        Require(
            DataKeyCacheEntries > 0 && DataKeyCacheTime > TimeSpan.Zero, "The data key cache needs positive bounds.");
        Require(RewrapPageKeys > 0, $"{nameof(RewrapPageKeys)} must be positive.");
        Require(
            MasterKeys.Values.All(key => key.Length == MasterKeyBytes),
            $"Master keys must have {MasterKeyBytes} bytes.");
        Require(
            MasterKeys.Count == 0 || MasterKeys.ContainsKey(CurrentMasterKey),
            $"{nameof(CurrentMasterKey)} is not among {nameof(MasterKeys)}.");
        Require(
            MasterKeys.Count > 0 || !(Types.HoldPersonalData || Snapshots.HoldPersonalData),
            $"Event and snapshot types with personal data need {nameof(MasterKeys)}.");
    }

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
            throw new InvalidOperationException(sentence);
    }

    [GeneratedRegex(@"^[a-z_][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Identifier();
}
