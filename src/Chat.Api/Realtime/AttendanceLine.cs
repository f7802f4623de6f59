using System.Globalization;

namespace Chat.Api.Realtime;

/// <summary>What one node tells of a person: how they are there, and with how many sockets.</summary>
internal readonly record struct Attendance(Presence Presence, int Sockets);

/// <summary>An attendance as nodes tell it: the account, one digit for the presence, the sockets.</summary>
internal static class AttendanceLine
{
    public static string Write(Guid accountId, Attendance attendance) =>
        string.Create(CultureInfo.InvariantCulture, $"{accountId:N}{(int)attendance.Presence}{attendance.Sockets}");

    public static (Guid AccountId, Attendance Attendance)? TryRead(string text) =>
        text.Length > 33 && Guid.TryParseExact(text[..32], "N", out var accountId)
        && text[32] is >= '0' and <= '2'
        && int.TryParse(text[33..], NumberStyles.None, CultureInfo.InvariantCulture, out var sockets)
            ? (accountId, new Attendance((Presence)(text[32] - '0'), sockets))
            : null;
}
