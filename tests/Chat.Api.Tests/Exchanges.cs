using System.Text.Json;

namespace Chat.Api.Tests;

/// <summary>What the test clients sent and were answered, for whoever keeps account of it.</summary>
public static class Exchanges
{
    public static event Action<string, JsonElement?, JsonElement>? Answered;

    internal static void Add(string document, JsonElement? variables, JsonElement response) =>
        Answered?.Invoke(document, variables, response);
}
