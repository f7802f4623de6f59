using Chat.Bench;

const string Usage = "Chat.Bench smoke URL [POSTGRESQL-VERSION]    (ops/bench smoke starts everything it needs)";

if (args is not ["smoke", var address, ..] || !Uri.TryCreate(address, UriKind.Absolute, out var server))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

using var deadline = new CancellationTokenSource(Smoke.WholeRunMax);
var report = await Smoke.RunAsync(server, deadline.Token);
report.Print(Console.Out, args.Length > 2 ? args[2] : "unknown");
return report.IsGood ? 0 : 1;
