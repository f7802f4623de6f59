namespace Chat.EventStore;

/// <summary>
/// A batch turned into the columns that <c>append_events</c> takes. Indexes start at 1, as PostgreSQL's do. A column
/// that no append of the batch needs is null.
/// </summary>
internal sealed class BatchColumns
{
    public const long AnyVersion = -1;

    private int events;

    public BatchColumns(IReadOnlyList<EncodedAppend> appends)
    {
        // The function compares these ids with the rows in id order; both sides order a uuid by its bytes.
        StreamIds = SortedStreams(appends);
        StreamTypes = new string?[StreamIds.Length];
        StreamGains = new long[StreamIds.Length];
        RequestStreams = new int[appends.Count];
        RequestFirstEvents = new Guid[appends.Count];

        var count = 0;
        for (var i = 0; i < appends.Count; i++)
            count += appends[i].Events.Count;
        EventRequests = new int[count];
        EventStreams = new int[count];
        EventSteps = new long[count];
        EventIds = new Guid[count];
        EventTypes = new string[count];
        EventDotNetTypes = new string[count];
        EventData = new byte[count][];
        EventCorrelations = new string?[count];
        EventCausations = new string?[count];
        EventHeaders = new byte[]?[count];
        for (var i = 0; i < appends.Count; i++)
            Add(appends[i], i, Array.BinarySearch(StreamIds, appends[i].StreamId), appends.Count);
    }

    public Guid[] StreamIds { get; }

    public string?[] StreamTypes { get; }

    public long[] StreamGains { get; }

    public int[] RequestStreams { get; }

    public Guid[] RequestFirstEvents { get; }

    public long[]? RequestExpected { get; private set; }

    public List<int>? ConditionRequests { get; private set; }

    public List<string>? ConditionTags { get; private set; }

    public List<long>? ConditionSince { get; private set; }

    public List<int>? KeyRequests { get; private set; }

    public List<Guid>? KeySubjects { get; private set; }

    public List<Guid>? KeyIds { get; private set; }

    public int[] EventRequests { get; }

    public int[] EventStreams { get; }

    public long[] EventSteps { get; }

    public Guid[] EventIds { get; }

    public string[] EventTypes { get; }

    public string[] EventDotNetTypes { get; }

    public byte[][] EventData { get; }

    public string?[] EventCorrelations { get; }

    public string?[] EventCausations { get; }

    public byte[]?[] EventHeaders { get; }

    public List<int>? GroupRequests { get; private set; }

    public List<int>? GroupSizes { get; private set; }

    public List<int>? TagEvents { get; private set; }

    public List<string>? TagNames { get; private set; }

    private static Guid[] SortedStreams(IReadOnlyList<EncodedAppend> appends)
    {
        var ids = new Guid[appends.Count];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = appends[i].StreamId;
        Array.Sort(ids);
        var distinct = 1;
        for (var i = 1; i < ids.Length; i++)
        {
            if (ids[i] != ids[i - 1])
                ids[distinct++] = ids[i];
        }

        return ids[..distinct];
    }

    private void Add(EncodedAppend append, int request, int stream, int requests)
    {
        StreamTypes[stream] ??= append.Source.StreamType;
        RequestStreams[request] = stream + 1;
        RequestFirstEvents[request] = append.FirstEventId;
        AddCondition(append.Condition, request, requests);
        foreach (var key in append.Keys)
        {
            (KeyRequests ??= []).Add(request + 1);
            (KeySubjects ??= []).Add(key.Subject);
            (KeyIds ??= []).Add(key.KeyId);
        }

        if (append.Events.Count > 1)
        {
            (GroupRequests ??= []).Add(request + 1);
            (GroupSizes ??= []).Add(append.Events.Count);
        }

        foreach (var one in append.Events)
            Add(one, append, request, stream);
    }

    private void AddCondition(AppendCondition condition, int request, int requests)
    {
        if (condition.ExpectedVersion is { } expected)
        {
            if (RequestExpected is null)
            {
                RequestExpected = new long[requests];
                Array.Fill(RequestExpected, AnyVersion);
            }

            RequestExpected[request] = expected;
        }

        foreach (var tag in condition.Tags)
        {
            (ConditionRequests ??= []).Add(request + 1);
            (ConditionTags ??= []).Add(tag);
            (ConditionSince ??= []).Add(condition.SinceVersion);
        }
    }

    private void Add(EncodedEvent one, EncodedAppend append, int request, int stream)
    {
        var place = events++;
        EventRequests[place] = request + 1;
        EventStreams[place] = stream + 1;
        EventSteps[place] = ++StreamGains[stream];
        EventIds[place] = one.Id;
        EventTypes[place] = one.Type.Alias;
        EventDotNetTypes[place] = one.Type.DotNetTypeName;
        EventData[place] = one.Json;
        EventCorrelations[place] = append.Source.Metadata.CorrelationId;
        EventCausations[place] = append.Source.Metadata.CausationId;
        EventHeaders[place] = append.Headers;
        foreach (var tag in one.Tags)
        {
            (TagEvents ??= []).Add(place + 1);
            (TagNames ??= []).Add(tag);
        }
    }
}
