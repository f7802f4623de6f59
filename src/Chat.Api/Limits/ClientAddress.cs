using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Chat.Api.Limits;

/// <summary>Where a request comes from.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// What limits count: an IPv4 address, or the /64 network that one IPv6 customer has at the least.
    /// </summary>
    public static string KeyOf(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? address.ToString() : $"{Convert.ToHexString(bytes.AsSpan(0, 8))}::/64";
    }

    /// <summary>
    /// Takes the client's address from X-Forwarded-For, as far as the proxies that say so are trusted; without one,
    /// the header means nothing.
    /// </summary>
    public static void UseClientAddresses(this IApplicationBuilder app, IReadOnlyList<IPNetwork> trustedProxies)
    {
        if (trustedProxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in trustedProxies)
            options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
