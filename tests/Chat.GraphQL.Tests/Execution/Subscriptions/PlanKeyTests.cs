using System.Text.Json;

namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>Who is taken for a subscriber to the same thing.</summary>
public sealed class PlanKeyTests
{
    private const string Document =
        """
        subscription A($c: Boolean = true) { story { counted ...more @include(if: $c) } }
        subscription B($c: Boolean = true) { story { ...more counted @include(if: $c) } }
        fragment more on Story { number }
        """;

    [Fact]
    public async Task Operations_and_decided_fields_tell_plans_apart_and_who_made_them_does_not()
    {
        await using var server = Newsroom.Start(options => options.MaxCachedDocumentBytes = 1);
        var keys = new HashSet<PlanKey>();
        foreach (var operation in new[] { "A", "B" })
        {
            foreach (var variables in new[] { """{"c": true}""", """{"c": false}""", """{"c": null}""" })
            {
                var (plan, again) = (PlanOf(operation, variables), PlanOf(operation, variables));
                again.ShouldNotBeSameAs(plan);
                again.Key.ShouldBe(plan.Key);
                keys.Add(plan.Key).ShouldBeTrue();
            }
        }

        keys.Contains(PlanOf("A", "{}").Key).ShouldBeTrue("true is the default");

        OperationPlan PlanOf(string operation, string variables)
        {
            var request = new GraphQLRequest(Document, operation, JsonDocument.Parse(variables).RootElement);
            var prepared = server.Executor.Prepare(request, out var errors);
            prepared.ShouldNotBeNull(string.Join("; ", errors.Select(error => error.Message)));
            return prepared.Plan;
        }
    }
}
