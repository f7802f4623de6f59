using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.EventStore;

/// <summary>Which properties of an event type are personal, and whose data it is.</summary>
internal sealed class PersonalDataShape
{
    private const BindingFlags Visible = BindingFlags.Public | BindingFlags.Instance;

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

    /// <summary>The shape of an event or a state.</summary>
    /// <exception cref="ArgumentException">
    /// The attributes do not fit together, or something inside the type is marked: it would be encrypted under the key
    /// of the whole, and outlive the erasure of its own subject.
    /// </exception>
    public static PersonalDataShape? OfWhole(Type type)
    {
        var seen = new HashSet<Type> { type };
        var inside = new Queue<Type>(PartsOf(type));
        while (inside.TryDequeue(out var part))
        {
            if (!seen.Add(part))
                continue;
            if (MarkedProperties(part, nameof(PersonalDataAttribute)).Count > 0)
                throw new ArgumentException(
                    $"{type} holds {part}, whose properties are marked as personal: only its own can be.",
                    nameof(type));
            foreach (var next in PartsOf(part))
                inside.Enqueue(next);
        }

        return Of(type);
    }

    public static PersonalDataShape? Of(Type type)
    {
        var personal = MarkedProperties(type, nameof(PersonalDataAttribute));
        var subjects = MarkedProperties(type, nameof(DataSubjectAttribute));
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

    // What JSON would hold: types of properties, of elements and of values, and known derived types.
    private static IEnumerable<Type> PartsOf(Type type)
    {
        if (type.IsPrimitive || type == typeof(string) || type == typeof(object))
            return [];
        var parts = type.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(one => one.DerivedType)
            .Concat(type.IsGenericType ? type.GetGenericArguments() : []);
        if (type.GetElementType() is { } element)
            parts = parts.Append(element);
        return type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true
            ? parts
            : parts.Concat(type.GetProperties(Visible).Select(property => property.PropertyType));
    }

    private static List<PropertyInfo> MarkedProperties(Type type, string attribute) =>
        [.. type.GetProperties(Visible).Where(property => Carries(attribute, type, property))];

    // By name, as compilers do: a project of pure rules marks its events without a reference to this library.
    private static bool Carries(string attribute, Type type, PropertyInfo property) =>
        IsMarked(property.CustomAttributes, attribute)
        || type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Any(parameter =>
            parameter.Name == property.Name && IsMarked(parameter.CustomAttributes, attribute));

    private static bool IsMarked(IEnumerable<CustomAttributeData> attributes, string name) =>
        attributes.Any(attribute => attribute.AttributeType.Name == name);
}
