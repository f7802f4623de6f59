using System.Diagnostics;
using Chat.Api.Commands;
using Chat.Api.Realtime;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.EventStore;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>A change of one account, to be decided on its own stream.</summary>
/// <param name="Decide">
/// Decides on the account as the log has it; null when there is none. Asked again when the account changed meanwhile.
/// </param>
internal sealed record AccountChange(
    Guid AccountId, EventMetadata Metadata, Func<Account?, CancellationToken, Task<Decision<AccountEvent>>> Decide)
{
    public AccountChange(Guid accountId, EventMetadata metadata, Func<Account?, Decision<AccountEvent>> decide)
        : this(accountId, metadata, (account, _) => Task.FromResult(decide(account)))
    {
    }

    /// <summary>The id of the first event, where it must be written once.</summary>
    public Guid? FirstEventId { get; init; }

    /// <summary>The command, where it may have a commandId.</summary>
    public Command? Command { get; init; }

    /// <summary>Rows for the same transaction.</summary>
    public Func<IReadOnlyList<NpgsqlBatchCommand>>? Alongside { get; init; }

    /// <summary>What to answer when one of the rows breaks a unique index; null: decide again.</summary>
    public Func<string, Refusal?>? WhenTaken { get; init; }
}

/// <summary>What became of a change.</summary>
/// <param name="IsRepeated">The first event was in the log already.</param>
internal readonly record struct AccountOutcome(Refusal? Refusal, bool IsRepeated = false);

/// <summary>
/// The path of every command on an account: fold its stream, decide, append under the condition that the stream has not
/// moved, and wait until the read models show it.
/// </summary>
internal sealed class AccountLog(EventLog log, ReadModelsFollower readModels, TimeProvider clock)
{
    /// <summary>How often a decision is made again because its ground moved.</summary>
    public const int AttemptsMax = 3;

    public Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>The account as the log has it; null when there is none.</summary>
    public async Task<Account?> FindAsync(Guid accountId, CancellationToken ct) =>
        (await LoadAsync(accountId, ct)).Account;

    /// <summary>What is kept beside the events of somebody who does something to their own account.</summary>
    public static EventMetadata Own(Guid accountId, string command, Caller caller, Session? session = null)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Command.CommandHeader] = command,
            [Command.AddressHeader] = caller.AddressClass,
        };
        if (session is not null)
            headers[Command.SessionHeader] = session.Id.ToString();
        return new EventMetadata
        {
            CorrelationId = Activity.Current?.TraceId.ToString(),
            Actor = accountId.ToString(),
            Headers = headers,
        };
    }

    /// <summary>Runs a command that may have a commandId.</summary>
    public async Task<AccountOutcome> RunAsync(
        Command command, Session session, Caller caller, Guid accountId,
        Func<Account?, Decision<AccountEvent>> decide, CancellationToken ct,
        Func<IReadOnlyList<NpgsqlBatchCommand>>? alongside = null)
    {
        var metadata = await command.MetadataAsync(log, session, caller, ct);
        return await RunAsync(new AccountChange(accountId, metadata, decide)
        {
            FirstEventId = command.FirstEventId(session.Account.Id, clock),
            Command = command,
            Alongside = alongside,
        }, ct);
    }

    public async Task<AccountOutcome> RunAsync(AccountChange change, CancellationToken ct)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var (account, version) = await LoadAsync(change.AccountId, ct);
            var decision = await change.Decide(account, ct);
            if (decision.Events.Count == 0)
                return await FirstResultAsync(change, ct) ?? await ShownAsync(decision.Refusal, ct);
            try
            {
                return await AppendAsync(change, version, decision.Events, ct);
            }
            catch (ConcurrencyException)
            {
                // Decided again above.
            }
            catch (AlongsideConflictException e)
            {
                if (change.WhenTaken?.Invoke(e.ConstraintName) is { } refusal)
                    return new AccountOutcome(refusal);
            }
        }

        return new AccountOutcome(Refusal.Conflict);
    }

    private async Task<AccountOutcome> AppendAsync(
        AccountChange change, long version, IReadOnlyList<AccountEvent> events, CancellationToken ct)
    {
        var firstEventId = change.FirstEventId ?? NewId();
        var result = await log.AppendAsync(new Append
        {
            StreamId = change.AccountId,
            StreamType = "account",
            Events = [.. events.Select((e, i) => new NewEvent(CommandIds.Event(firstEventId, i), e))],
            Condition = AppendCondition.Version(version),
            Metadata = change.Metadata,
            Alongside = change.Alongside?.Invoke(),
        }, ct);
        var refusal = result.AlreadyAppended && change.Command is not null
            ? Command.ReuseOf(result, change.Metadata)
            : null;
        if (refusal is null)
            await readModels.WaitForAsync(result.LastSequence, ct);
        return new AccountOutcome(refusal, result.AlreadyAppended);
    }

    // A repeated command gets its first result, also where today's rules would say no.
    private async Task<AccountOutcome?> FirstResultAsync(AccountChange change, CancellationToken ct)
    {
        if (change is not { Command: { } command, FirstEventId: { } id }
            || await command.FirstResultAsync(log, id, change.Metadata, ct) is not var (found, refusal))
            return null;
        if (refusal is null)
            await readModels.WaitForAsync(found.LastSequence, ct);
        return new AccountOutcome(refusal, IsRepeated: true);
    }

    // What this answer rests on may have been written by somebody else a moment ago: show it.
    private async Task<AccountOutcome> ShownAsync(Refusal? refusal, CancellationToken ct)
    {
        await readModels.WaitForAsync(log.Tail.Position, ct);
        return new AccountOutcome(refusal);
    }

    private async Task<(Account? Account, long Version)> LoadAsync(Guid accountId, CancellationToken ct)
    {
        (Account? account, long version) = (null, 0);
        await foreach (var stored in log.ReadStreamAsync(accountId, cancellationToken: ct))
        {
            // The id of another stream, a room's, is no account.
            if (stored.Data is not AccountEvent @event)
                return (null, stored.Version);
            (account, version) = (Account.Evolve(account, @event), stored.Version);
        }

        return (account, version);
    }
}
