namespace Chat.Api.Accounts;

/// <summary>
/// The sessions of those who ask: what is loaded for their sakes is loaded for all of them together then. Null for who
/// is not signed in.
/// </summary>
internal sealed class SessionLoader : BatchDataLoader<Caller, Session>
{
    protected override async Task<IReadOnlyDictionary<Caller, Session>> LoadBatchAsync(
        IReadOnlyList<Caller> keys, CancellationToken ct)
    {
        var sessions = await Task.WhenAll(keys.Select(caller => caller.SessionAsync(ct)));
        return keys.Zip(sessions).Where(one => one.Second is not null)
            .ToDictionary(one => one.First, one => one.Second!);
    }
}
