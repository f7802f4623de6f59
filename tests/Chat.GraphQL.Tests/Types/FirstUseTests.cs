namespace Chat.GraphQL.Tests.Types;

/// <summary>What is made at first use is asked for by many requests at once when a server has just started.</summary>
public sealed class FirstUseTests
{
    private const int Rounds = 5_000;

    [Fact]
    public void Wrappers_are_the_same_object_for_everybody() => SideBySide(
        () => new EnumType("E", [new EnumMember("A", 0, null, null)]),
        type => (type.NonNull.List, type.List.NonNull),
        (one, other) => one.ShouldBe(other));

    [Fact]
    public void A_default_is_never_seen_half_made() => SideBySide(
        () => new InputField("f", new EnumType("E", [new EnumMember("A", 7, null, null)]).NonNull, "T")
        {
            DefaultLiteral = new EnumValueNode(0, "A"),
        },
        field => field.Default,
        (one, other) => (one, other).ShouldBe((7, 7)));

    private static void SideBySide<T, TResult>(Func<T> make, Func<T, TResult> use, Action<TResult, TResult> check)
    {
        using var barrier = new Barrier(2);
        var subject = make();
        var results = new TResult[2];
        void Run(int place)
        {
            for (var round = 0; round < Rounds; round++)
            {
                barrier.SignalAndWait();
                results[place] = use(subject);
                barrier.SignalAndWait();
                if (place == 0)
                {
                    check(results[0], results[1]);
                    subject = make();
                }
            }
        }

        Exception? failure = null;
        var other = new Thread(() => Run(1)) { IsBackground = true };
        other.Start();
        try
        {
            Run(0);
        }
        catch (Exception e)
        {
            failure = e;
            barrier.RemoveParticipant();
        }

        other.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        failure.ShouldBeNull();
    }
}
