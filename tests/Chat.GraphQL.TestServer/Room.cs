using System.Runtime.CompilerServices;

namespace Chat.GraphQL.TestServer;

/// <summary>A message of the room; positions are 1, 2, 3, …</summary>
[ObjectType]
public sealed record Message(int Position, string Text);

/// <summary>A chat room in memory. Watchers read on from a position, so none of them misses a message.</summary>
public sealed class Room
{
    private readonly Lock gate = new();
    private readonly List<Message> messages = [];
    private TaskCompletionSource posted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Message Post(string text)
    {
        TaskCompletionSource announced;
        Message message;
        lock (gate)
        {
            message = new Message(messages.Count + 1, text);
            messages.Add(message);
            announced = posted;
            posted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        announced.SetResult();
        return message;
    }

    public IReadOnlyList<Message> After(int position) => Read(position).Messages;

    public async IAsyncEnumerable<Message> WatchAsync(int after, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var (next, more) = Read(after);
            foreach (var message in next)
                yield return message;
            after += next.Length;
            await more.WaitAsync(ct);
        }
    }

    private (Message[] Messages, Task More) Read(int position)
    {
        lock (gate)
            return ([.. messages.Skip(position)], posted.Task);
    }
}
