namespace Chat.Api.Commands;

/// <summary>A mutation's answer: its result, or errors as data.</summary>
internal interface ICommandPayload<TSelf>
{
    static abstract TSelf Failed(IReadOnlyList<CommandError> errors);
}

public sealed record CommandPayload(bool Ok, IReadOnlyList<CommandError> Errors) : ICommandPayload<CommandPayload>
{
    public static readonly CommandPayload Done = new(Ok: true, []);

    public static CommandPayload Failed(IReadOnlyList<CommandError> errors) => new(Ok: false, errors);
}
