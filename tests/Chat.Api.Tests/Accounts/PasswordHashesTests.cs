using Chat.Api.Accounts;

namespace Chat.Api.Tests.Accounts;

public sealed class PasswordHashesTests
{
    [Fact]
    public async Task Libsodium_is_installed_and_hashes_with_our_parameters()
    {
        using var hashes = new PasswordHashes(Argon2id.TryLoad().ShouldNotBeNull("ops/test installs libsodium23"));
        var hash = await hashes.HashAsync("pässword", TestContext.Current.CancellationToken);
        hash.ShouldStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
        (await hashes.CheckAsync(hash, "pässword", default)).ShouldBe(new PasswordCheck(Matches: true, NewHash: null));
        (await hashes.CheckAsync(hash, "password", default)).Matches.ShouldBeFalse();
        (await hashes.CheckAsync(null, "nobody has this password", default)).Matches.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_libsodium_the_platforms_hash_is_used_and_replaced_later()
    {
        using var without = new PasswordHashes(argon2id: null);
        var old = await without.HashAsync("secret password", default);
        old.ShouldStartWith("$pbkdf2-sha512$i=210000$");
        (await without.CheckAsync(old, "secret password", default))
            .ShouldBe(new PasswordCheck(Matches: true, NewHash: null));
        (await without.CheckAsync(old, "another", default)).Matches.ShouldBeFalse();

        using var with = new PasswordHashes(Argon2id.TryLoad());
        var check = await with.CheckAsync(old, "secret password", default);
        check.Matches.ShouldBeTrue();
        check.NewHash.ShouldNotBeNull().ShouldStartWith("$argon2id$");
        (await with.CheckAsync(old, "another", default)).NewHash.ShouldBeNull();
    }

    [Fact]
    public async Task The_queue_for_a_core_is_bounded()
    {
        using var hashes = new PasswordHashes(Argon2id.TryLoad());
        var callers = Enumerable.Range(0, PasswordHashes.WaitingMax + (Environment.ProcessorCount * 4) + 50)
            .Select(_ => hashes.HashAsync("secret password", default)).ToList();
        var refused = 0;
        foreach (var caller in callers)
        {
            try
            {
                await caller;
            }
            catch (ServerBusyException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(0);
        refused.ShouldBeLessThan(callers.Count - PasswordHashes.WaitingMax + 1);
    }
}
