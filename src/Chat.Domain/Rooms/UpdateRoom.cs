using Chat.Domain.Accounts;
using FluentValidation;

namespace Chat.Domain.Rooms;

/// <summary>What is null stays as it is.</summary>
public sealed record UpdateRoom(Actor Editor)
{
    public string? Name { get; init; }

    public string? Topic { get; init; }

    public RoomVisibility? Visibility { get; init; }

    public RoomSettingsChange? Settings { get; init; }

    public IReadOnlyList<string> RestsOn => [Room.SettingsTag, Room.MemberTag(Editor.Id)];

    public Decision<RoomEvent> Decide(Room room, DateTimeOffset now)
    {
        if (room.Refuse(Permission.ChangeRoom, Editor, now) is { } refusal)
            return refusal;
        if (room.Encrypted && Visibility == RoomVisibility.Public)
            return Room.PublicCannotBeEncrypted with { Field = "visibility" };
        var settings = Settings?.ApplyTo(room.Settings);
        var changes = new RoomUpdated(
            Name == room.Name ? null : Name,
            Topic == room.Topic ? null : Topic,
            Visibility == room.Visibility ? null : Visibility,
            settings == room.Settings ? null : settings);
        return changes == new RoomUpdated() ? Decision<RoomEvent>.Nothing : changes;
    }

    public sealed class Validator : AbstractValidator<UpdateRoom>
    {
        public Validator()
        {
            RuleFor(command => command.Name!).Name(CreateRoom.NameGraphemesMax)
                .When(command => command.Name is not null);
            RuleFor(command => command.Topic!).Name(CreateRoom.TopicGraphemesMax)
                .When(command => command.Topic is { Length: > 0 });
            RuleFor(command => command.Settings!).SetValidator(new RoomSettingsChange.Validator())
                .When(command => command.Settings is not null);
        }
    }
}
