using Chat.Api.Hosting;
using Microsoft.Extensions.Configuration;

namespace Chat.Api.Tests.Hosting;

/// <summary>A wrong setting is told in a sentence, and the server does not start.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData("Backplane", "pigeons", "Backplane")]
    [InlineData("Backplane", "redis", "CHAT__REDIS")]
    [InlineData("Redis", "127.0.0.1,nonsense=1", "CHAT__REDIS")]
    [InlineData("RateLimitScale", "0", "CHAT__RATELIMITSCALE")]
    [InlineData("RateLimitScale", "NaN", "CHAT__RATELIMITSCALE")]
    [InlineData("TrustedProxies", "10.0.0.1, proxy", "'proxy'")]
    public void A_wrong_setting_is_named(string setting, string value, string named)
    {
        ChatOptions.TryRead(Configuration((setting, value)), out _, out var problems).ShouldBeFalse();
        problems.ShouldHaveSingleItem().ShouldContain(named);
    }

    [Fact]
    public void Right_settings_are_taken()
    {
        ChatOptions.TryRead(
            Configuration(
                ("Backplane", "redis"), ("Redis", "127.0.0.1:6379,channelPrefix=team:"),
                ("TrustedProxies", "10.0.0.1, fd00::/8")),
            out var options, out var problems).ShouldBeTrue(string.Join('\n', problems));
        options.Backplane.ShouldBe(BackplaneKind.Redis);
        options.TrustedNetworks.Select(network => network.ToString()).ShouldBe(["10.0.0.1/32", "fd00::/8"]);
    }

    [Fact]
    public async Task The_server_does_not_start_with_a_wrong_backplane()
    {
        await using var process = new ChatProcess(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CHAT__DATABASE"] = "Host=127.0.0.1",
            ["CHAT__MASTERKEY"] = Convert.ToBase64String(new byte[32]),
            ["CHAT__BACKPLANE"] = "redis",
        });
        (await process.ExitAsync()).ShouldBe(1);
        process.Output.ShouldContain("CHAT__REDIS is not set");
    }

    private static IConfiguration Configuration(params (string Setting, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(
            settings.Append(("Database", "Host=127.0.0.1")).Append(("MasterKey", Convert.ToBase64String(new byte[32])))
                .Select(setting => KeyValuePair.Create($"Chat:{setting.Item1}", (string?)setting.Item2)))
            .Build();
}
