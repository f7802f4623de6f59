using System.Net;
using System.Text;

namespace Chat.Bench.Chat.Clients;

/// <summary>A person on an XMPP server (RFC 6120, XEP-0045), in one room.</summary>
internal sealed class XmppConnection : Connection
{
    public const string Domain = "localhost";
    public const string Conference = "conference." + Domain;

    private const string OpenStream =
        $"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        + $"to='{Domain}' version='1.0'>";

    private readonly byte[] post;
    private readonly int textAt;

    private XmppConnection(IPEndPoint server, int person, int room, string roomName) : base(server, person, room)
    {
        var text = new string('#', NumberedText.Bytes);
        post = Encoding.UTF8.GetBytes(
            $"<message to='{roomName}@{Conference}' type='groupchat' id='bench'><body>{text}</body></message>");
        textAt = post.AsSpan().IndexOf("<body>"u8) + "<body>".Length;
    }

    /// <summary>Signs in and enters the room without asking for its past.</summary>
    public static XmppConnection Open(
        int port, string user, string password, string roomName, int person, int room)
    {
        var connection = new XmppConnection(new(IPAddress.Loopback, port), person, room, roomName);
        connection.Send(OpenStream);
        connection.WaitFor("</stream:features>");
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
        connection.Send($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{credentials}</auth>");
        connection.WaitFor("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        connection.Send(OpenStream);
        connection.WaitFor("</stream:features>");
        connection.Send(
            "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            + "<resource>bench</resource></bind></iq>");
        connection.WaitFor("</iq>");
        connection.Send("<presence/>");
        connection.Send(
            $"<presence to='{roomName}@{Conference}/{user}'><x xmlns='http://jabber.org/protocol/muc'>"
            + "<history maxstanzas='0'/></x></presence>");
        // Of oneself, the last of all presences.
        connection.WaitFor("<status code='110'/>");
        return connection;
    }

    public override void Post(int number)
    {
        NumberedText.Write(post.AsSpan(textAt), number);
        Send(post);
    }

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("</message>"u8);
        if (end < 0)
            return 0;
        var stanza = bytes[..end];
        if (stanza.IndexOf("<error "u8) >= 0)
            Failure(Encoding.UTF8.GetString(stanza));
        else if (NumberedText.NumberAfter("<body>"u8, stanza) is >= 0 and var number)
            Message(number);
        return end + "</message>".Length;
    }
}
