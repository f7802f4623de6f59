using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>A statement for the transaction of an append.</summary>
internal static class Row
{
    public static NpgsqlBatchCommand Of(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
