namespace Chat.Api.Accounts;

internal static class CallerSessions
{
    /// <summary>
    /// The sessions of those who ask, each once; who is not signed in is left out. Data loaders have callers in their
    /// keys and look here: what was loaded after each caller's own session would be loaded one by one.
    /// </summary>
    public static async Task<IReadOnlyDictionary<Caller, Session>> SessionsAsync(
        this IEnumerable<Caller> callers, CancellationToken ct)
    {
        var asked = callers.Distinct().ToList();
        var sessions = await Task.WhenAll(asked.Select(caller => caller.SessionAsync(ct)));
        return asked.Zip(sessions).Where(one => one.Second is not null)
            .ToDictionary(one => one.First, one => one.Second!);
    }
}
