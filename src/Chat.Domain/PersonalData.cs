namespace Chat.Domain;

/// <summary>
/// Marks what one person wrote or is called. The log keeps it encrypted under the key of the event's
/// <see cref="DataSubjectAttribute">data subject</see>, so that destroying that key erases it everywhere.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalDataAttribute : Attribute;

/// <summary>Marks the account whose data key encrypts the event's personal data.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DataSubjectAttribute : Attribute;
