using FluentValidation;

namespace Chat.Domain.Rooms;

/// <summary>
/// How a room is run. <paramref name="HistoryForNewMembers"/>: false means that whoever joins from then on sees nothing
/// from before; what holds for a member is fixed at the join.
/// </summary>
public sealed record RoomSettings(
    int SlowModeSeconds, bool MembersCanInvite, bool MembersCanPin, bool GuestsCanPost, bool HistoryForNewMembers,
    int? RetentionDays)
{
    public const int SlowModeSecondsMax = 6 * 60 * 60;
    public const int RetentionDaysMax = 3650;

    public static readonly RoomSettings Default = new(
        SlowModeSeconds: 0, MembersCanInvite: true, MembersCanPin: false, GuestsCanPost: true,
        HistoryForNewMembers: true, RetentionDays: null);

    /// <summary>Two people who are equals; nobody else comes in.</summary>
    public static readonly RoomSettings OfDirect = Default with { MembersCanInvite = false, MembersCanPin = true };
}

/// <summary>New values of settings; null leaves one as it is.</summary>
/// <param name="RetentionDays">0: messages are kept for ever.</param>
public sealed record RoomSettingsChange(
    int? SlowModeSeconds = null, bool? MembersCanInvite = null, bool? MembersCanPin = null, bool? GuestsCanPost = null,
    bool? HistoryForNewMembers = null, int? RetentionDays = null)
{
    public RoomSettings ApplyTo(RoomSettings old) => new(
        SlowModeSeconds ?? old.SlowModeSeconds,
        MembersCanInvite ?? old.MembersCanInvite,
        MembersCanPin ?? old.MembersCanPin,
        GuestsCanPost ?? old.GuestsCanPost,
        HistoryForNewMembers ?? old.HistoryForNewMembers,
        RetentionDays switch { null => old.RetentionDays, 0 => null, var days => days });

    public sealed class Validator : AbstractValidator<RoomSettingsChange>
    {
        public Validator()
        {
            RuleFor(change => change.SlowModeSeconds).InclusiveBetween(0, RoomSettings.SlowModeSecondsMax)
                .WithMessage($"must be between 0 and {RoomSettings.SlowModeSecondsMax}");
            RuleFor(change => change.RetentionDays).InclusiveBetween(0, RoomSettings.RetentionDaysMax)
                .WithMessage($"must be between 0 and {RoomSettings.RetentionDaysMax}");
        }
    }
}
