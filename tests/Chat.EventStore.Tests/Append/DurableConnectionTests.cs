namespace Chat.EventStore.Tests;

public sealed class DurableConnectionTests(StoreDatabase database) : StoreTest(database)
{
    [Theory]
    [InlineData("off", "on")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task Commits_last_and_the_lock_of_a_vanished_host_is_freed_whatever_the_defaults(
        string given, string used)
    {
        var careless = NewDataSource(connect => connect.Options =
            $"-c synchronous_commit={given} -c default_transaction_isolation=serializable -c statement_timeout=1000");
        await using var durable = await DurableConnection.OpenAsync(
            careless, TimeProvider.System, TimeSpan.FromSeconds(10), Stop);

        (await SettingAsync("synchronous_commit")).ShouldBe(used);
        (await SettingAsync("default_transaction_isolation")).ShouldBe("read committed");
        (await SettingAsync("statement_timeout")).ShouldBe("0");
        (await SettingAsync("idle_in_transaction_session_timeout")).ShouldBe("5s");
        (await SettingAsync("tcp_keepalives_idle")).ShouldBe("2");
        (await SettingAsync("tcp_keepalives_interval")).ShouldBe("1");
        (await SettingAsync("tcp_keepalives_count")).ShouldBe("2");

        async Task<string> SettingAsync(string name)
        {
            await using var command = durable.Connection.CreateCommand();
            command.CommandText = $"SELECT current_setting('{name}')";
            return (string)(await command.ExecuteScalarAsync(Stop))!;
        }
    }
}
