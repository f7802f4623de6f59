using System.Globalization;

namespace Chat.EventStore;

/// <summary>
/// The live tables of a projection are of another version than this program's, so it can neither read nor write them.
/// </summary>
public sealed class ModelVersionException(string projection, int stored, int own) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"The tables of {projection} are of version {stored}, those of this program of version {own}: start the program "
    + $"that made them, or rebuild them with this one."))
{
    /// <summary>The version of the live tables.</summary>
    public int Stored { get; } = stored;
}
