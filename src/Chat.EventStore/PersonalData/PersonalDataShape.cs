using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.EventStore;

/// <summary>Which properties of an event type are personal, and whose data it is.</summary>
internal sealed class PersonalDataShape
{
    private readonly PropertyInfo subject;
    private readonly byte[] subjectName;

    private PersonalDataShape(PropertyInfo subject, IReadOnlyList<string> properties)
    {
        this.subject = subject;
        Properties = properties;
        SubjectName = subject.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? subject.Name;
        subjectName = Encoding.UTF8.GetBytes(SubjectName);
    }

    public IReadOnlyList<string> Properties { get; }

    /// <summary>The subject's name in the JSON.</summary>
    public string SubjectName { get; }

    public static PersonalDataShape? Of(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        var personal = properties.Where(property => Carries(nameof(PersonalDataAttribute), type, property)).ToList();
        var subjects = properties.Where(property => Carries(nameof(DataSubjectAttribute), type, property)).ToList();
        if (personal.Count == 0)
            return null;
        if (personal.Find(property => property.PropertyType != typeof(string)) is { } wrong)
            throw new ArgumentException($"{type}.{wrong.Name}: personal data must be a string.", nameof(type));
        if (subjects.Count != 1 || subjects[0].PropertyType != typeof(Guid))
            throw new ArgumentException(
                $"{type} holds personal data and so needs exactly one data subject, a Guid.", nameof(type));
        return new(subjects[0], personal.ConvertAll(property => property.Name));
    }

    public Guid SubjectOf(object data) => (Guid)subject.GetValue(data)!;

    /// <summary>The subject of a stored event; null when its JSON does not say.</summary>
    public Guid? SubjectIn(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var isSubject = reader.ValueTextEquals(subjectName);
            reader.Read();
            if (isSubject)
                return reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var found) ? found : null;
            reader.Skip();
        }

        return null;
    }

    // By name, as compilers do: a project of pure rules marks its events without a reference to this library.
    private static bool Carries(string attribute, Type type, PropertyInfo property) =>
        IsMarked(property.CustomAttributes, attribute)
        || type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Any(parameter =>
            parameter.Name == property.Name && IsMarked(parameter.CustomAttributes, attribute));

    private static bool IsMarked(IEnumerable<CustomAttributeData> attributes, string name) =>
        attributes.Any(attribute => attribute.AttributeType.Name == name);
}
