using System.Globalization;

namespace Chat.GraphQL;

/// <summary>The errors of one response, of which no more are kept than it may list.</summary>
/// <param name="max">See <see cref="GraphQLOptions.MaxErrors"/>.</param>
internal sealed class ErrorList(int max)
{
    private readonly List<GraphQLError> errors = [];
    private int unlisted;

    public int Count => errors.Count;

    /// <summary>The first error that ends a subscription, when there is one.</summary>
    public GraphQLError? Ending => errors.Find(static error => error.EndsSubscription);

    /// <summary>Adds an error; one over the limit is only counted, unless it is the first that ends.</summary>
    public void Add(GraphQLError error)
    {
        if (errors.Count < max || (error.EndsSubscription && Ending is null))
            errors.Add(error);
        else
            unlisted++;
    }

    /// <summary>The errors to send, the last of which counts those that are left out.</summary>
    public IReadOnlyList<GraphQLError> ToSend() => unlisted == 0 ? errors :
    [
        .. errors,
        new GraphQLError(string.Create(CultureInfo.InvariantCulture, $"There are {unlisted} more errors."))
        {
            Code = ErrorCodes.TooManyErrors,
        },
    ];
}
