namespace Chat.EventStore;

/// <summary>
/// A string property of an event that is stored encrypted under the key of the event's <see
/// cref="DataSubjectAttribute"/>. Goes on the property or on the record's parameter. An attribute of this name declared
/// elsewhere counts too.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PersonalDataAttribute : Attribute;

/// <summary>The <see cref="Guid"/> property of an event that says whose personal data the event holds.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class DataSubjectAttribute : Attribute;

/// <summary>The subject's data key was destroyed: nothing more can be written under it.</summary>
public sealed class SubjectErasedException(Guid subject)
    : Exception($"The data key of subject {subject} was destroyed.")
{
    /// <summary>The erased subject.</summary>
    public Guid Subject { get; } = subject;
}
