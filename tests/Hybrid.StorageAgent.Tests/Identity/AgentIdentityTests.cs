using System.Security.Cryptography;
using Hybrid.StorageAgent.Identity;

namespace Hybrid.StorageAgent.Tests.Identity;

public sealed class AgentIdentityTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-identity").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Identity_ComesBackAsItWasKept_ReadableByItsOwnerAlone()
    {
        Assert.False(AgentIdentity.Exists(folder));
        var made = AgentIdentity.Create(folder, Guid.NewGuid(), key, "pinned");
        Assert.True(AgentIdentity.Exists(folder));

        using var loaded = AgentIdentity.Load(folder);

        Assert.Equal((made.AgentId, made.KeyId, made.Pinned), (loaded.AgentId, loaded.KeyId, loaded.Pinned));
        Assert.Equal(made.Secret, loaded.Secret);
        Assert.Equal(32, loaded.Secret.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "identity.json")));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void Load_WhenOthersMayTouchTheFile_RefusesWithTheMend(UnixFileMode open)
    {
        AgentIdentity.Create(folder, Guid.NewGuid(), key, "pinned");
        var path = Path.Combine(folder, "identity.json");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | open);

        var refused = Assert.Throws<InvalidOperationException>(() => AgentIdentity.Load(folder));

        Assert.Contains($"chmod 600 {path}", refused.Message, StringComparison.Ordinal);
    }
}
