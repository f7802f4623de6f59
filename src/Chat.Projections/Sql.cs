using System.Runtime.CompilerServices;
using Npgsql;

namespace Chat.Projections;

internal static class Sql
{
    /// <summary>A command with positional parameters: $1, $2, …</summary>
    public static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    public static NpgsqlParameter[] Parameters(params ReadOnlySpan<object?> values)
    {
        var parameters = new NpgsqlParameter[values.Length];
        for (var i = 0; i < values.Length; i++)
            parameters[i] = new NpgsqlParameter { Value = values[i] ?? DBNull.Value };
        return parameters;
    }

    /// <summary>A pattern for LIKE that finds the text literally, anywhere.</summary>
    public static string Containing(string text) =>
        $"%{text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";

    /// <summary>Enums are stored by their number.</summary>
    public static T Enum<T>(this NpgsqlDataReader reader, int ordinal)
        where T : struct, Enum
    {
        int number = reader.GetInt16(ordinal);
        return Unsafe.As<int, T>(ref number);
    }

    /// <summary>A time as the database keeps it, in microseconds.</summary>
    public static DateTime Stored(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    public static DateTimeOffset Time(this NpgsqlDataReader reader, int ordinal) =>
        reader.GetFieldValue<DateTimeOffset>(ordinal);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.Time(ordinal);

    public static Guid? GuidOrNull(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetGuid(ordinal);

    public static int? IntOrNull(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetInt32(ordinal);
}
