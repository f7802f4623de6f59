namespace Chat.EventStore;

/// <summary>One mapped event type: how it is called in the log and which of its properties are personal.</summary>
internal sealed class EventType(string alias, Type clrType)
{
    public string Alias { get; } = alias;

    public Type ClrType { get; } = clrType;

    /// <summary>Marten's <c>mt_dotnet_type</c>.</summary>
    public string DotNetTypeName { get; } = $"{clrType.FullName}, {clrType.Assembly.GetName().Name}";

    public PersonalDataShape? PersonalData { get; } = PersonalDataShape.OfWhole(clrType);
}
