using System.Globalization;
using System.Text;
using Chat.Api.Limits;
using Chat.Domain.Tests;

namespace Chat.Api.Tests.Limits;

/// <summary>docs/limits.md says what the code does.</summary>
public sealed class LimitsTableTests
{
    [Fact]
    public void The_documented_limits_are_those_of_the_code() =>
        Markdown.ShouldBeAsWritten(Document(), "docs/limits.md");

    private static string Document()
    {
        var text = new StringBuilder(
            """
            # Rate limits

            Generated from `src/Chat.Api/Limits/RateLimit.cs`. Each is a token bucket: so many at once, and one more
            after each interval. Over it, mutations answer `RATE_LIMITED` with `retryAfterMs`. `CHAT__RATELIMITSCALE`
            multiplies all of them: how many at once, and how fast they come back.

            | limit | counts | for each | at once | one more each | counted |
            | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var limit in RateLimits.All)
        {
            text.Append(Markdown.Row(
                limit.Name, limit.Counts, ScopeOf(limit), $"{limit.Burst}", Seconds(limit.Refill),
                limit.IsExact ? "once for all nodes" : "on each node")).Append('\n');
        }

        text.Append(Markdown.Row(
            "sockets", "open sockets; one more is closed with 4429", "account", $"{RateLimits.SocketsMax}", "",
            "on each node")).Append('\n');
        return text.Append(
            """

            What is counted once for all nodes is counted in the database, or in Redis where that is the backplane. What
            is counted on each node costs no round trip: of a bucket that is less than half full the node tells the
            others, which take as much from theirs, into debt if need be. Who uses several nodes at once gets one burst
            more for each further node, once; in the long run it is what the table says. Of sockets, each node tells how
            many it has; those that are opened on several nodes within the same tenth of a second may be more than ten
            together.

            Where nobody is signed in, people are told apart by their address; of IPv6, by the first 64 bits. It is
            taken from `X-Forwarded-For` as far as the proxies named in `CHAT__TRUSTEDPROXIES` say so.

            """).ToString();
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s");

    private static string ScopeOf(RateLimit limit) => limit.Scope switch
    {
        LimitScope.AccountInRoom => "account and room",
        var scope => scope.ToString().ToLowerInvariant(),
    };
}
