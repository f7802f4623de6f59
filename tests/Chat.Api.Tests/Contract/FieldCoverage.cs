[assembly: AssemblyFixture(typeof(Chat.Api.Tests.Contract.FieldCoverage))]

namespace Chat.Api.Tests.Contract;

/// <summary>
/// At the end of the run: each field, argument, input field and enum value of the served schema was at work in at least
/// one test. What was sent is taken from <see cref="ChatClient"/> and <see cref="ChatSocket"/>.
/// </summary>
public sealed class FieldCoverage : IDisposable
{
    // Options of the runner that leave tests out: part of the tests reach part of the fields.
    private static readonly string[] Filters = ["-class", "-method", "-namespace", "-trait", "-filter"];

    // The server itself lets history expire: nobody did it. Attachments are yet to come: their list is empty.
    private static readonly string[] AlwaysEmpty = ["HistoryExpired.actor", "PostMessageInput.attachmentIds"];

    private readonly SchemaDocument _schema = ContractTests.Copy();
    private readonly ReachedFields _reached;

    private static bool IsWholeRun => !Environment.GetCommandLineArgs().Any(argument =>
        Filters.Any(filter => argument.StartsWith(filter, StringComparison.Ordinal)));

    public FieldCoverage()
    {
        _reached = new ReachedFields(_schema);
        Exchanges.Answered += _reached.Add;
    }

    public void Dispose()
    {
        Exchanges.Answered -= _reached.Add;
        if (!IsWholeRun)
            return;
        var missing = MissingAmong(_schema, _reached.Names);
        if (missing.Count > 0)
        {
            throw new InvalidOperationException(
                $"{missing.Count} members of the schema are reached by no test:\n{string.Join('\n', missing)}");
        }
    }

    /// <summary>Types, unions and interfaces are reached by their fields.</summary>
    internal static IReadOnlyList<string> MissingAmong(SchemaDocument schema, IReadOnlyCollection<string> reached) =>
        [.. schema.Members.Keys
            .Where(name => name.Contains('.') && !name.StartsWith("schema.", StringComparison.Ordinal))
            .Except(reached).Except(AlwaysEmpty).Order(StringComparer.Ordinal)];
}
