namespace Chat.EventStore;

/// <summary>Names of Marten's tables, constraints and channels in the configured schema.</summary>
internal sealed class MartenTables(string schema)
{
    public const string StreamId = "pkey_mt_streams_id";
    public const string StreamAndVersion = "pk_mt_events_stream_and_version";
    public const string EventId = "idx_mt_events_event_id";
    public const string AppendedChannel = "mt_events_appended";

    public string Streams { get; } = $"{schema}.mt_streams";

    public string Events { get; } = $"{schema}.mt_events";

    public string Sequence { get; } = $"{schema}.mt_events_sequence";

    public string Progression { get; } = $"{schema}.mt_event_progression";
}
