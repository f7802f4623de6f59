namespace Chat.Bench.Store.Append;

/// <summary>How long and with what a run appends.</summary>
/// <param name="WarmUp">Not measured: code is compiled, pages are cached, queues fill.</param>
/// <param name="Measured">Measured.</param>
/// <param name="Ids">The event ids.</param>
/// <param name="Seed">Of everything random.</param>
internal sealed record AppendSettings(TimeSpan WarmUp, TimeSpan Measured, IdKind Ids, int Seed);
