using Chat.Api.Accounts;
using Chat.Api.Hosting;
using Chat.Api.Limits;
using Chat.Api.Rebuilding;
using Spectre.Console;

var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

if (!ChatOptions.TryRead(builder.Configuration, out var options, out var problems))
{
    foreach (var problem in problems)
        await Console.Error.WriteLineAsync(problem);
    return 1;
}

if (args is [RebuildCommand.Verb, ..])
    return await RebuildCommand.RunAsync(options, args[1..], AnsiConsole.Console);

builder.Logging.ClearProviders();
if (builder.Environment.IsDevelopment())
    builder.Logging.AddSimpleConsole(console => { console.SingleLine = true; console.TimestampFormat = "HH:mm:ss "; });
else
{
    builder.Logging.AddJsonConsole(console =>
    {
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
    });
}

builder.Services.AddChat(options);
builder.Services.AddChatGraphQL(options);
if (builder.Configuration[Telemetry.EndpointVariable] is { Length: > 0 })
    builder.Services.AddHostedService<Telemetry>();

var app = builder.Build();
// Made now, so that a missing libsodium is warned of at the start.
app.Services.GetRequiredService<PasswordHashes>();
app.UseClientAddresses(options.TrustedNetworks);
app.UseWebClient();
app.MapHealth();
app.MapKeySet();
app.MapGraphQL("/graphql");
app.MapWebClient();
await app.RunAsync();
return Environment.ExitCode;

/// <summary>The entry point, named so that tests can host it.</summary>
public sealed partial class Program;
