namespace Chat.EventStore.Tests.Proofs;

/// <summary>
/// Tests that load the machine and kill what runs on it. They run one after the other and beside no other test, whose
/// waits have bounds.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProofsCollection
{
    public const string Name = "Proofs";
}
