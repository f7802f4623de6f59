namespace Chat.EventStore.Tests;

public sealed class ByteBudgetTests
{
    private readonly ByteBudget budget = new(10);

    [Fact]
    public void It_has_an_end()
    {
        budget.TryTake(7).ShouldBeTrue();
        budget.TryTake(4).ShouldBeFalse();
        budget.TryTake(3).ShouldBeTrue();
        budget.Return(7);
        budget.TryTake(7).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_waits_is_served_in_order_and_not_overtaken()
    {
        budget.TryTake(10).ShouldBeTrue();
        var large = budget.TakeAsync(8, default);
        var small = budget.TakeAsync(2, default);

        budget.Return(2);
        small.IsCompleted.ShouldBeFalse();
        budget.TryTake(1).ShouldBeFalse();
        budget.Return(8);

        await Task.WhenAll(large, small);
        budget.TryTake(1).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_gives_up_lets_the_next_one_through()
    {
        budget.TryTake(5).ShouldBeTrue();
        using var cancel = new CancellationTokenSource();
        var large = budget.TakeAsync(8, cancel.Token);
        var small = budget.TakeAsync(5, default);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => large);
        await small;
        budget.Return(10);
        budget.TryTake(10).ShouldBeTrue();
    }
}
