namespace Chat.Model.Rules;

/// <summary>
/// What becomes of a person who erases the account (DESIGN.md §3): name and words are gone, what happened stays.
/// </summary>
internal static class Erasure
{
    public static Answer Of(World world, Person person, DateTimeOffset now)
    {
        if (person.ServerRole == "OWNER")
            return Answer.No("SERVER_OWNER_NOT_ERASABLE");
        world.People[person.Index] = person with { Name = "", ErasedAt = now };
        foreach (var room in world.Rooms)
        {
            Silence(room, person.Index);
            Leave(world, room, person, now);
        }

        return new Answer(null, 0, Changed: true);
    }

    private static void Silence(Room room, int person)
    {
        foreach (var message in room.Messages.Values.Where(one => one.Author == person).ToList())
            room.Messages[message.Position] = message with { Text = "" };
        for (var i = 0; i < room.Happenings.Count; i++)
        {
            if (room.Happenings[i].Actor == person)
                room.Happenings[i] = room.Happenings[i] with { Reason = null };
        }

        for (var i = 0; i < room.Reports.Count; i++)
        {
            if (room.Reports[i].By == person)
                room.Reports[i] = room.Reports[i] with { Reason = "" };
        }
    }

    // An owner cannot hand over any more: the highest of the others is the heir, among equals who came first. Guests
    // have no roles, so one of them inherits only where there is nobody else.
    private static void Leave(World world, Room room, Person person, DateTimeOffset now)
    {
        if (!room.Members.TryGetValue(person.Index, out var member))
        {
            MemberRules.Decline(room, person, now);
            return;
        }

        if (room.Members.Count > 1 && member.Role == Role.Owner)
        {
            var heir = room.Members.Where(one => one.Key != person.Index)
                .OrderBy(one => world.People[one.Key].IsGuest).ThenBy(one => one.Value.Role)
                .ThenBy(one => one.Value.JoinedPosition).First();
            room.Members[heir.Key] = heir.Value with { Role = Role.Owner };
            room.Happens(
                MemberRules.Changed(room, person, now, "ROLE_CHANGED", heir.Key) with { Role = Role.Owner });
        }

        MemberRules.Go(room, person, now);
    }
}
