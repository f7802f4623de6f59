using Chat.Api.Accounts;
using Chat.Api.Limits;
using Chat.Domain;
using Chat.EventStore;
using FluentValidation;

namespace Chat.Api.Commands;

/// <summary>
/// What every command passes before its own rules:
/// a session, input of the right shape, and an answer in case of an outage.
/// </summary>
internal static class CommandGate
{
    /// <summary>Runs a command of somebody who is signed in; what it is also limited by may count by room.</summary>
    public static Task<TPayload> SignedInAsync<TPayload>(
        Caller caller, Func<Session, Task<TPayload>> run, CancellationToken ct,
        RateLimit? limit = null, Guid roomId = default)
        where TPayload : ICommandPayload<TPayload> =>
        AnyoneAsync(caller, async () =>
        {
            if (await caller.SessionAsync(ct) is not { } session)
                return Refused<TPayload>(Refusal.Unauthenticated);
            var refusal = await caller.Limits.TakeAsync(RateLimits.Commands, session.Id, ct);
            if (refusal is null && limit is not null)
                refusal = await caller.Limits.TakeAsync(limit, session.Account.Id, ct, roomId);
            return refusal is null ? await run(session) : Refused<TPayload>(refusal);
        });

    /// <summary>
    /// Runs a command that needs no session. Outages are answered as data: the client retries with the same commandId.
    /// </summary>
    public static async Task<TPayload> AnyoneAsync<TPayload>(Caller caller, Func<Task<TPayload>> run)
        where TPayload : ICommandPayload<TPayload>
    {
        try
        {
            caller.RequireReady();
            return await run();
        }
        catch (Exception e) when (Unavailable.Is(e))
        {
            return TPayload.Failed([CommandError.Unavailable]);
        }
        catch (SubjectErasedException)
        {
            // Who is erased a moment ago is signed in nowhere, whatever a cache still says.
            return Refused<TPayload>(Refusal.Unauthenticated);
        }
    }

    public static TPayload Refused<TPayload>(Refusal refusal)
        where TPayload : ICommandPayload<TPayload> => TPayload.Failed([CommandError.From(refusal)]);

    public static CommandPayload DoneOrRefused(Refusal? refusal) =>
        refusal is null ? CommandPayload.Done : Refused<CommandPayload>(refusal);

    /// <summary>Malformed input as errors; empty when it has the right shape.</summary>
    public static List<CommandError> Check<TCommand>(this IValidator<TCommand> validator, TCommand command) =>
        validator.Validate(command).Errors.ConvertAll(CommandError.From);
}
