namespace Chat.GraphQL.Tests.Types;

/// <summary>Numbers and strings as JavaScript writes them, which is how messages and the oracle show values.</summary>
public sealed class JsonTextTests
{
    [Theory]
    [InlineData(-0.0, "0")]
    [InlineData(1.0, "1")]
    [InlineData(-13.25, "-13.25")]
    [InlineData(100, "100")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e-6, "0.000001")]
    [InlineData(1.5e-7, "1.5e-7")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(12345678901234567890, "12345678901234567000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1e23, "1e+23")]
    [InlineData(-1.25e300, "-1.25e+300")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(9007199254740993, "9007199254740992")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void Numbers(double value, string expected) => JsonText.Number(value).ShouldBe(expected);

    [Fact]
    public void Strings() =>
        JsonText.Quote("\"\\\b\f\n\r\t\u0001\u007fé😀\ud800x\udc00")
            .ShouldBe("\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\u007fé😀\\ud800x\\udc00\"");
}
