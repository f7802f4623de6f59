using System.Net.WebSockets;
using System.Text;

namespace Chat.GraphQL;

/// <summary>Why the server closes a socket: the codes of graphql-transport-ws, and some of RFC 6455.</summary>
internal sealed record CloseReason(int Code, string Text)
{
    public static readonly CloseReason Normal = new((int)WebSocketCloseStatus.NormalClosure, "");
    public static readonly CloseReason ShuttingDown =
        new((int)WebSocketCloseStatus.EndpointUnavailable, "Server is shutting down");

    public static readonly CloseReason TooBig = new((int)WebSocketCloseStatus.MessageTooBig, "Message is too big");
    public static readonly CloseReason Unauthorized = new(4401, "Unauthorized");
    public static readonly CloseReason Forbidden = new(4403, "Forbidden");
    public static readonly CloseReason SessionEnded = new(4403, "Session ended");
    public static readonly CloseReason BadSubprotocol = new(4406, "Subprotocol not acceptable");
    public static readonly CloseReason InitTimeout = new(4408, "Connection initialisation timeout");
    public static readonly CloseReason TooManyInits = new(4429, "Too many initialisation requests");
    public static readonly CloseReason Internal = new(4500, "Internal server error");

    /// <summary>Bytes that a close frame has for the text (RFC 6455, section 5.5).</summary>
    private const int MaxTextBytes = 123;

    public static CloseReason Invalid(string what) => new(4400, Shorten(what));

    public static CloseReason Refused(GraphQLException refusal) =>
        new(refusal.Code == "RATE_LIMITED" ? 4429 : 4403, Shorten(refusal.Message));

    public static CloseReason Duplicate(string id) => new(4409, Shorten($"Subscriber for {id} already exists"));

    private static string Shorten(string text)
    {
        var length = Math.Min(text.Length, MaxTextBytes);
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) > MaxTextBytes)
            length--;
        if (length > 0 && char.IsHighSurrogate(text[length - 1]))
            length--;
        return text[..length];
    }
}
