using System.Globalization;
using System.Text;

namespace Chat.GraphQL.Tests.Fuzz;

/// <summary>What a client may send to a socket of graphql-transport-ws, more or less as it should.</summary>
internal sealed class SocketScript(Random random)
{
    public const string Init = """{"type":"connection_init"}""";

    private const int Ids = 8;
    private const int LargeMax = 20_000;

    private static readonly string[] Queries =
    [
        "{ one }", "subscription { ticks }", "subscription { t: ticks }", "{ nope }", "{", "", "mutation { one }",
        "subscription { ticks ticks }", "query A { one } query B { one }", "{ __schema { types { name } } }",
        "\u0000", "{ one @skip(if: true) }",
    ];

    private static readonly string[] Types =
    [
        "connection_init", "ping", "pong", "subscribe", "complete", "next", "error", "connection_ack", "start", "",
        "\\u0000",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "1", "-1e999", "\"\"", "\"\\ud800\"", "[]", "{}", "[[[[[]]]]]", "{\"query\":null}",
        "{\"query\":\"{ one }\",\"variables\":[]}", "{\"query\":\"{ one }\",\"operationName\":1}", "", "\"",
    ];

    private static readonly int[] Opcodes = [0, 1, 2, 3, 7, 8, 9, 10, 11, 15];

    /// <summary>The bytes of the next step: one frame or several, or something that is none.</summary>
    public byte[] Next() => random.Next(20) switch
    {
        < 9 => Message(Valid()),
        < 12 => Message(Odd()),
        < 14 => Message(Damaged(Valid())),
        14 => Fragments(Valid()),
        15 => RawSocket.Frame(RawSocket.Ping, Bytes(random.Next(126))),
        16 => RawSocket.Frame(RawSocket.Pong, Bytes(random.Next(126))),
        17 => Message(new string(' ', random.Next(LargeMax))),
        18 => Broken(),
        _ => Bytes(random.Next(1, 64)),
    };

    private string Valid() => random.Next(6) switch
    {
        0 => """{"type":"ping","payload":{"a":[1,"x"]}}""",
        1 => $$"""{"type":"complete","id":"{{Id()}}"}""",
        2 => """{"type":"pong"}""",
        _ => $$$"""{"id":"{{{Id()}}}","type":"subscribe","payload":{"query":"{{{Pick(Queries)}}}"}}""",
    };

    private string Odd()
    {
        var id = random.Next(2) == 0 ? Pick(Values) : $"\"{Id()}\"";
        return $$"""{"id":{{id}},"type":"{{Pick(Types)}}","payload":{{Pick(Values)}}}""";
    }

    private string Damaged(string text)
    {
        var chars = text.ToCharArray();
        for (var i = random.Next(1, 4); i > 0; i--)
            chars[random.Next(chars.Length)] = (char)random.Next(0x20, 0x500);
        return random.Next(3) == 0 ? new string(chars, 0, random.Next(chars.Length)) : new string(chars);
    }

    private static byte[] Message(string text) => RawSocket.Frame(RawSocket.Text, Encoding.UTF8.GetBytes(text));

    /// <summary>One message in many frames, with control frames between them.</summary>
    private byte[] Fragments(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        using var frames = new MemoryStream();
        for (var start = 0; start < utf8.Length;)
        {
            var length = Math.Min(random.Next(0, 12), utf8.Length - start);
            var opcode = start == 0 && frames.Length == 0 ? RawSocket.Text : RawSocket.Continuation;
            var isLast = start + length == utf8.Length;
            frames.Write(RawSocket.Frame(opcode, utf8.AsSpan(start, length), first: isLast ? 0x80 : 0));
            start += length;
            if (random.Next(4) == 0)
                frames.Write(RawSocket.Frame(RawSocket.Ping, []));
        }

        return frames.ToArray();
    }

    private byte[] Broken() => random.Next(6) switch
    {
        0 => RawSocket.Frame(Pick(Opcodes), Bytes(random.Next(200)), first: random.Next(16) << 4),
        1 => RawSocket.Frame(RawSocket.Text, "x"u8, isMasked: false),
        2 => RawSocket.Frame(RawSocket.Text, "x"u8, length: ulong.MaxValue >> random.Next(40)),
        3 => RawSocket.Frame(RawSocket.Close, Bytes(random.Next(4))),
        4 => RawSocket.Frame(RawSocket.Text, Bytes(random.Next(1, 20))),
        _ => RawSocket.Frame(RawSocket.Binary, Bytes(random.Next(20))),
    };

    private string Id() => random.Next(Ids).ToString(CultureInfo.InvariantCulture);

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
