using System.Text;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>How much a response lists and how large it may be.</summary>
public sealed class ResponseLimitsTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Errors_are_listed_up_to_a_number(int count)
    {
        await using var server = Server(options => options.MaxErrors = 5);
        var response = await server.ExecuteAsync($"{{ nodes(first: {count}) {{ refused }} }}");
        response.GetProperty("data").GetProperty("nodes").GetArrayLength().ShouldBe(count);
        var codes = response.GetProperty("errors").EnumerateArray()
            .Select(error => error.GetProperty("extensions").GetProperty("code").GetString()).ToList();
        codes.Take(5).ShouldBe(Enumerable.Repeat("REFUSED", 5));
        codes.Skip(5).ShouldBe(count > 5 ? [ErrorCodes.TooManyErrors] : []);
        if (count > 5)
            response.GetRawText().ShouldContain("There are 1 more errors.");
    }

    [Fact]
    public async Task Validation_errors_are_listed_up_to_a_number()
    {
        await using var server = Server(options => options.MaxValidationErrors = 5);
        Codes("{ a b c d e }").ShouldBe(Enumerable.Repeat(ErrorCodes.ValidationFailed, 5));
        Codes("{ a b c d e f }")
            .ShouldBe([.. Enumerable.Repeat(ErrorCodes.ValidationFailed, 5), ErrorCodes.TooManyErrors]);

        string?[] Codes(string document)
        {
            server.Executor.Prepare(new GraphQLRequest(document, null, default), out var errors).ShouldBeNull();
            return [.. errors.Select(error => error.Code)];
        }
    }

    [Fact]
    public async Task An_error_about_very_many_places_names_the_first()
    {
        await using var server = Server();
        var document = $"{{ count({string.Join(' ', Enumerable.Repeat("text: \"\"", 200))}) }}";
        (await server.ExecuteAsync(document)).GetProperty("errors")[0].GetProperty("locations").GetArrayLength()
            .ShouldBe(ValidationContext.MaxLocations);
    }

    [Fact]
    public async Task A_response_is_as_large_as_it_may_be_and_no_larger()
    {
        const string document = "{ nodes(first: 100) { name level } }";
        await using var unlimited = Server();
        var size = Encoding.UTF8.GetByteCount(await unlimited.TextAsync(document));
        await using var exact = Server(options => options.MaxResponseBytes = size);
        (await exact.TextAsync(document)).ShouldStartWith("{\"data\":");
        await using var smaller = Server(options => options.MaxResponseBytes = size - 1);
        (await smaller.TextAsync(document)).ShouldBe(
            $$$"""{"errors":[{"message":"The response is larger than {{{size - 1}}} bytes.",""" +
            "\"extensions\":" + """{"code":"RESPONSE_TOO_LARGE"}}]}""");
    }

    [Fact]
    public async Task A_response_that_is_far_too_large_is_given_up_early()
    {
        await using var server = Server(options => options.MaxResponseBytes = 10_000);
        (await server.TextAsync($"{{ nodes(first: 100) {{ {new string('x', 5_000)}: name }} }}"))
            .ShouldContain(ErrorCodes.ResponseTooLarge);
    }

    private static InProcess Server(Action<GraphQLOptions>? options = null) =>
        InProcess.With(builder => builder.AddHostile(), options);
}
