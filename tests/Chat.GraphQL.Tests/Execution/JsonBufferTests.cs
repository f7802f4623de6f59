using System.Text;
using System.Text.Json;

namespace Chat.GraphQL.Tests.Execution;

public sealed class JsonBufferTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("quote \" backslash \\ newline \n tab \t return \r bell \u0007 unit \u001f")]
    [InlineData("é ü 漢字 \U0001F600 \u2028")]
    public void Strings_read_back_as_they_were(string text)
    {
        using var json = new JsonBuffer();
        json.String(text);
        JsonSerializer.Deserialize<string>(json.Written.Span).ShouldBe(text);
    }

    [Fact]
    public void Long_strings_grow_the_buffer()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789\"é", 20_000));
        using var json = new JsonBuffer();
        json.String(text);
        JsonSerializer.Deserialize<string>(json.Written.Span).ShouldBe(text);
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        using var json = new JsonBuffer();
        json.String("a\uD800b");
        JsonSerializer.Deserialize<string>(json.Written.Span).ShouldBe("a\uFFFDb");
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(1e300, "1E+300")]
    [InlineData(0.1, "0.1")]
    public void Numbers_are_JSON(double number, string expected)
    {
        using var json = new JsonBuffer();
        json.Number(number);
        Encoding.UTF8.GetString(json.Written.Span).ShouldBe(expected);
        JsonSerializer.Deserialize<double>(json.Written.Span).ShouldBe(number);
    }

    [Fact]
    public void What_is_truncated_is_gone()
    {
        using var json = new JsonBuffer();
        json.Raw("[1"u8);
        var position = json.Position;
        json.Raw(",2"u8);
        json.Truncate(position);
        json.Byte((byte)']');
        Encoding.UTF8.GetString(json.Written.Span).ShouldBe("[1]");
    }
}
