namespace Chat.GraphQL;

/// <summary>
/// A stream of what has been published to many: each time it is another object, whatever was published, and the same
/// one for all.
/// </summary>
internal interface IPublications
{
    object Current { get; }
}
