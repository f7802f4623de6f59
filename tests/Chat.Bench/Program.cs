using Chat.Bench;
using Chat.Bench.Chat;
using Chat.Bench.GraphQL;
using Chat.Bench.GraphQL.Servers;
using Chat.Bench.Store;

const string Usage =
    """
    Chat.Bench smoke URL [POSTGRESQL-VERSION]    (ops/bench smoke starts everything it needs)
    Chat.Bench store [ROW…] [--quick]            (ops/bench store does, too)
    Chat.Bench graphql [ROW…] [--quick]          (ops/bench graphql does, too)
    Chat.Bench chat [ROW…] [--quick]             (ops/bench chat does, too)
    """;

switch (args)
{
    case ["smoke", var address, ..] when Uri.TryCreate(address, UriKind.Absolute, out var server):
    {
        using var deadline = new CancellationTokenSource(Smoke.WholeRunMax);
        var report = await Smoke.RunAsync(server, deadline.Token);
        report.Print(Console.Out, args.Length > 2 ? args[2] : "unknown");
        return report.IsGood ? 0 : 1;
    }

    case ["store", .. var rest]:
        return await StoreBench.RunAsync(rest, CancellationToken.None);

    case ["graphql", .. var rest]:
        return await GraphQLBench.RunAsync(rest, CancellationToken.None);

    case ["chat", .. var rest]:
        return await ChatBench.RunAsync(rest, CancellationToken.None);

    case [ServerProgram.Command, var name]:
        await ServerProgram.RunAsync(name);
        return 0;

    case [Child.Command, .. var rest]:
        await Children.RunAsync(rest, CancellationToken.None);
        return 0;

    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
