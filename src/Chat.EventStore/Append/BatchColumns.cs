namespace Chat.EventStore;

/// <summary>
/// A batch turned into the columns that <c>append_events</c> takes. Indexes start at 1, as PostgreSQL's do.
/// </summary>
internal sealed class BatchColumns
{
    public const long AnyVersion = -1;

    public BatchColumns(IReadOnlyList<EncodedAppend> appends)
    {
        // The function compares these ids with the rows in id order; both sides order a uuid by its bytes.
        StreamIds = [.. appends.Select(append => append.StreamId).Distinct().Order()];
        var places = new Dictionary<Guid, int>(StreamIds.Length);
        for (var i = 0; i < StreamIds.Length; i++)
            places.Add(StreamIds[i], i + 1);
        StreamTypes = new string?[StreamIds.Length];
        StreamGains = new long[StreamIds.Length];
        for (var i = 0; i < appends.Count; i++)
            Add(appends[i], i + 1, places[appends[i].StreamId]);
    }

    public Guid[] StreamIds { get; }

    public string?[] StreamTypes { get; }

    public long[] StreamGains { get; }

    public List<int> RequestStreams { get; } = [];

    public List<Guid> RequestFirstEvents { get; } = [];

    public List<long> RequestExpected { get; } = [];

    public List<int> ConditionRequests { get; } = [];

    public List<string> ConditionTags { get; } = [];

    public List<long> ConditionSince { get; } = [];

    public List<int> KeyRequests { get; } = [];

    public List<Guid> KeySubjects { get; } = [];

    public List<Guid> KeyIds { get; } = [];

    public List<int> EventRequests { get; } = [];

    public List<int> EventStreams { get; } = [];

    public List<long> EventSteps { get; } = [];

    public List<Guid> EventIds { get; } = [];

    public List<string> EventTypes { get; } = [];

    public List<string> EventDotNetTypes { get; } = [];

    public List<byte[]> EventData { get; } = [];

    public List<string?> EventCorrelations { get; } = [];

    public List<string?> EventCausations { get; } = [];

    public List<byte[]?> EventHeaders { get; } = [];

    public List<int> GroupRequests { get; } = [];

    public List<int> GroupSizes { get; } = [];

    public List<int> TagEvents { get; } = [];

    public List<string> TagNames { get; } = [];

    private void Add(EncodedAppend append, int request, int stream)
    {
        StreamTypes[stream - 1] ??= append.Source.StreamType;
        RequestStreams.Add(stream);
        RequestFirstEvents.Add(append.FirstEventId);
        RequestExpected.Add(append.Condition.ExpectedVersion ?? AnyVersion);
        foreach (var tag in append.Condition.Tags)
        {
            ConditionRequests.Add(request);
            ConditionTags.Add(tag);
            ConditionSince.Add(append.Condition.SinceVersion);
        }

        foreach (var key in append.Keys)
        {
            KeyRequests.Add(request);
            KeySubjects.Add(key.Subject);
            KeyIds.Add(key.KeyId);
        }

        if (append.Events.Count > 1)
        {
            GroupRequests.Add(request);
            GroupSizes.Add(append.Events.Count);
        }

        foreach (var one in append.Events)
            Add(one, append, request, stream);
    }

    private void Add(EncodedEvent one, EncodedAppend append, int request, int stream)
    {
        EventRequests.Add(request);
        EventStreams.Add(stream);
        EventSteps.Add(++StreamGains[stream - 1]);
        EventIds.Add(one.Id);
        EventTypes.Add(one.Type.Alias);
        EventDotNetTypes.Add(one.Type.DotNetTypeName);
        EventData.Add(one.Json);
        EventCorrelations.Add(append.Source.Metadata.CorrelationId);
        EventCausations.Add(append.Source.Metadata.CausationId);
        EventHeaders.Add(append.Headers);
        foreach (var tag in one.Tags)
        {
            TagEvents.Add(EventIds.Count);
            TagNames.Add(tag);
        }
    }
}
