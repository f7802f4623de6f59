namespace Chat.Domain;

/// <summary>
/// Where and when an event of a stream happened: what the log knows of it beside its content. It is provided by the
/// stored event; for events just appended, by the append's result.
/// </summary>
/// <param name="Position">The version of the stream that the event made: 1, 2, 3, …</param>
/// <param name="At">When it was written.</param>
public readonly record struct Moment(long Position, DateTimeOffset At);
