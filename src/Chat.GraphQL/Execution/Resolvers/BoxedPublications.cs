namespace Chat.GraphQL;

/// <summary>Publications of a value type, as the objects that a source stream has; they stay publications.</summary>
internal sealed class BoxedPublications<T>(IAsyncEnumerable<T> publications)
    : IAsyncEnumerable<object?>, IAsyncEnumerator<object?>, IPublications
{
    private IAsyncEnumerator<T>? reading;

    public object? Current => reading!.Current;

    object IPublications.Current => ((IPublications)reading!).Current;

    public IAsyncEnumerator<object?> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        reading = publications.GetAsyncEnumerator(cancellationToken);
        return this;
    }

    public ValueTask<bool> MoveNextAsync() => reading!.MoveNextAsync();

    public ValueTask DisposeAsync() => reading?.DisposeAsync() ?? default;
}
