namespace Chat.Model.Rules;

/// <summary>Who comes, goes, is put out, is muted, and as what people are there.</summary>
internal static class MemberRules
{
    public static Answer Join(Room room, Person person, DateTimeOffset now)
    {
        if (!room.Sees(person))
            return Answer.No("NOT_FOUND");
        if (room.Banned.Contains(person.Index))
            return Answer.No("ROOM_BANNED");
        if (room.Members.ContainsKey(person.Index))
            return room.Nothing();
        if (room.IsArchived)
            return Answer.No("ROOM_ARCHIVED");
        return Enter(room, person, now);
    }

    public static Answer Enter(Room room, Person person, DateTimeOffset now)
    {
        var joined = room.Position + 1;
        room.Members[person.Index] =
            new Membership(Role.Member, now, joined, room.Settings.HistoryForNewMembers ? 0 : joined - 1);
        room.Invited.Remove(person.Index);
        return room.Happens(Changed(room, person, now, "JOINED", person.Index) with
        {
            Role = Role.Member,
            // Leaving and coming back ends no mute.
            MutedUntil = room.IsMuted(person.Index, now) ? room.MutedUntil[person.Index] : null,
        });
    }

    public static Answer Leave(Room room, Person person, DateTimeOffset now)
    {
        if (!room.Sees(person))
            return Answer.No("NOT_FOUND");
        if (!room.Members.TryGetValue(person.Index, out var member))
            return Decline(room, person, now);
        if (room.IsDirect)
            return Answer.No("ROOM_DIRECT");
        if (room.Members.Count > 1 && member.Role == Role.Owner)
            return Answer.No("ROOM_LAST_OWNER");
        return Go(room, person, now);
    }

    public static Answer Decline(Room room, Person person, DateTimeOffset now) => room.Invited.Remove(person.Index)
        ? room.Happens(Changed(room, person, now, "LEFT", person.Index))
        : room.Nothing();

    /// <summary>The last one who goes closes the room.</summary>
    public static Answer Go(Room room, Person person, DateTimeOffset now)
    {
        room.Members.Remove(person.Index);
        var left = room.Happens(Changed(room, person, now, "LEFT", person.Index));
        if (room.Members.Count > 0 || room.IsArchived)
            return left;
        room.IsArchived = true;
        return room.Happens(room.Next("RoomUpdated", person.Index, now));
    }

    /// <summary>A guest who inherited a room may invite, but only whom they know of.</summary>
    public static Answer Invite(Room room, Person person, Person other, bool isKnown, DateTimeOffset now)
    {
        if (room.Refuse("invite", person, now) is { } refusal)
            return Answer.No(refusal);
        if (other.IsErased || !isKnown)
            return Answer.No("NOT_FOUND");
        if (room.Banned.Contains(other.Index))
            return Answer.No("ROOM_MEMBER_BANNED");
        if (room.Members.ContainsKey(other.Index)
            || !room.Invited.TryAdd(other.Index, new Invitation(person.Index, now)))
            return room.Nothing();
        return room.Happens(Changed(room, person, now, "INVITED", other.Index));
    }

    public static Answer Kick(Room room, Person person, int other, string? reason, DateTimeOffset now)
    {
        if (room.Refuse("moderate", person, now) is { } refusal)
            return Answer.No(refusal);
        if (!room.Members.ContainsKey(other) && !room.Invited.ContainsKey(other))
            return room.Nothing();
        if (WhyNotOut(room, person, other) is { } why)
            return Answer.No(why);
        Remove(room, other);
        return room.Happens(Changed(room, person, now, "KICKED", other) with { Reason = reason });
    }

    public static Answer Ban(Room room, Person person, int other, string? reason, DateTimeOffset now)
    {
        if (room.Refuse("ban", person, now) is { } refusal)
            return Answer.No(refusal);
        if (room.Banned.Contains(other))
            return room.Nothing();
        if (WhyNotOut(room, person, other) is { } why)
            return Answer.No(why);
        Remove(room, other);
        room.Banned.Add(other);
        return room.Happens(Changed(room, person, now, "BANNED", other) with { Reason = reason });
    }

    public static Answer Unban(Room room, Person person, int other, DateTimeOffset now)
    {
        if (room.Refuse("ban", person, now) is { } refusal)
            return Answer.No(refusal);
        if (!room.Banned.Contains(other))
            return room.Nothing();
        if (!room.IsAbove(person, other))
            return Answer.No("ROOM_ROLE_NOT_LOWER");
        room.Banned.Remove(other);
        return room.Happens(Changed(room, person, now, "UNBANNED", other));
    }

    public static Answer Mute(Room room, Person person, int other, int seconds, string? reason, DateTimeOffset now)
    {
        if (room.Refuse("moderate", person, now) is { } refusal)
            return Answer.No(refusal);
        var isMuted = room.IsMuted(other, now);
        if (!room.Members.ContainsKey(other) && !isMuted)
            return Answer.No("NOT_FOUND");
        if (!room.IsAbove(person, other))
            return Answer.No("ROOM_ROLE_NOT_LOWER");
        var until = now.AddSeconds(seconds);
        if (seconds == 0 ? !isMuted : isMuted && room.MutedUntil[other] == until)
            return room.Nothing();
        if (seconds == 0)
        {
            room.MutedUntil.Remove(other);
            return room.Happens(Changed(room, person, now, "UNMUTED", other));
        }

        room.MutedUntil[other] = until;
        return room.Happens(
            Changed(room, person, now, "MUTED", other) with { MutedUntil = until, Reason = reason });
    }

    public static Answer SetRole(Room room, Person person, Person other, Role role, DateTimeOffset now)
    {
        if (room.Refuse(role == Role.Owner ? "handover" : "roles", person, now) is { } refusal)
            return Answer.No(refusal);
        if (!room.Members.TryGetValue(other.Index, out var member))
            return Answer.No("NOT_FOUND");
        if (member.Role == role)
            return room.Nothing();
        var own = room.Members[person.Index];
        if (member.Role <= own.Role || role != Role.Owner && role <= own.Role)
            return Answer.No("ROOM_ROLE_NOT_LOWER");
        if (other.IsGuest && role != Role.Member)
            return Answer.No("ROOM_GUEST_ROLE");
        room.Members[other.Index] = member with { Role = role };
        var given = room.Happens(Changed(room, person, now, "ROLE_CHANGED", other.Index) with { Role = role });
        if (role != Role.Owner)
            return given;
        room.Members[person.Index] = own with { Role = Role.Admin };
        return room.Happens(Changed(room, person, now, "ROLE_CHANGED", person.Index) with { Role = Role.Admin });
    }

    public static Happening Changed(Room room, Person person, DateTimeOffset now, string change, int who) =>
        room.Next("MemberChanged", person.Index, now) with { Change = change, Who = who };

    private static string? WhyNotOut(Room room, Person person, int other) =>
        !room.IsAbove(person, other) ? "ROOM_ROLE_NOT_LOWER"
        : room.Members.TryGetValue(other, out var member) && member.Role == Role.Owner ? "ROOM_OWNER_STAYS"
        : null;

    private static void Remove(Room room, int other)
    {
        room.Members.Remove(other);
        room.Invited.Remove(other);
    }
}
