namespace Chat.GraphQL;

/// <summary>The scalar types of the library and the C# types they are mapped from.</summary>
internal static class Scalars
{
    public static readonly ScalarType Int = new IntScalar();
    public static readonly ScalarType Float = new FloatScalar();
    public static readonly ScalarType String = new StringScalar();
    public static readonly ScalarType Boolean = new BooleanScalar();
    public static readonly ScalarType ID = new IDScalar();
    public static readonly ScalarType UUID = new UuidScalar();
    public static readonly ScalarType Long = new LongScalar();
    public static readonly ScalarType DateTime = new DateTimeScalar();

    /// <summary>Specification 3.5: the scalars that every schema may use without defining them.</summary>
    public static readonly IReadOnlyList<ScalarType> Specified = [String, Int, Float, Boolean, ID];

    private static readonly Dictionary<Type, ScalarType> ByClrType = new()
    {
        [typeof(int)] = Int,
        [typeof(double)] = Float,
        [typeof(float)] = Float,
        [typeof(string)] = String,
        [typeof(bool)] = Boolean,
        [typeof(Guid)] = UUID,
        [typeof(long)] = Long,
        [typeof(DateTimeOffset)] = DateTime,
    };

    public static ScalarType? Of(Type clrType) => ByClrType.GetValueOrDefault(clrType);

    /// <summary>Whether the attribute [ID] can be put on a member of the type.</summary>
    public static bool CanBeID(Type clrType) =>
        clrType == typeof(string) || clrType == typeof(Guid) || clrType == typeof(int) || clrType == typeof(long);
}
