using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Hybrid.StorageAgent.OpaqueKeys;

namespace Hybrid.StorageAgent.Tests.OpaqueKeys;

public sealed class OpaqueNamesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-opaque").FullName;
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);
    private readonly OpaqueNames names;

    public OpaqueNamesTests() => names = new OpaqueNames(OpaqueNames.FileIn(folder), secret);

    public void Dispose()
    {
        names.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Name_IsTheKeyedHashOfConnectionAndKey()
    {
        // By the definitions, in other words than the product's.
        var key = HMACSHA256.HashData(HMACSHA256.HashData(new byte[32], secret), "hybrid opaque name\u0001"u8.ToArray());
        var expected = "hk1_" + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("4:ward\nward-3/jane.dcm"))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        Assert.Equal(expected, names.NameOf("ward", "ward-3/jane.dcm"));
        using var replica = new OpaqueNames(Path.Combine(folder, "other.db"), secret);
        using var stranger = new OpaqueNames(Path.Combine(folder, "third.db"), RandomNumberGenerator.GetBytes(32));
        Assert.Equal(expected, replica.NameOf("ward", "ward-3/jane.dcm"));
        Assert.NotEqual(expected, stranger.NameOf("ward", "ward-3/jane.dcm"));
        Assert.NotEqual(expected, names.NameOf("lab", "ward-3/jane.dcm"));
    }

    [Fact]
    public void Map_FindsWhatItKept_AlsoAfterARestart_AndNothingElse() => Gen.String.Where(s => s.Length > 0 && !s.Any(char.IsSurrogate)).Array[1, 20].Sample(
        keys =>
        {
            names.Keep("ward", keys);
            names.Keep("ward", keys);
            using var restarted = new OpaqueNames(OpaqueNames.FileIn(folder), secret);
            foreach (var key in keys)
            {
                Assert.Equal(("ward", key), restarted.Find(names.NameOf("ward", key)));
                Assert.Null(restarted.Find(names.NameOf("lab", key)));
                Assert.Null(restarted.Find(key));
            }
        },
        iter: 50);

    [Theory]
    [InlineData("")]
    [InlineData("hk1_")]
    [InlineData("hk1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!")]
    [InlineData("hk2_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("../etc/passwd")]
    public void Name_ThatIsNone_IsNotFound(string name) => Assert.Null(names.Find(name));

    [Fact]
    public void Cursor_OpensForItsReplicasOnly_AndTellsNothing()
    {
        var cursor = names.Seal("0\nward-3/jane.dcm");
        Assert.DoesNotContain("jane", cursor, StringComparison.Ordinal);
        using var replica = new OpaqueNames(Path.Combine(folder, "other.db"), secret);
        Assert.Equal("0\nward-3/jane.dcm", replica.Unseal(cursor));

        using var stranger = new OpaqueNames(Path.Combine(folder, "third.db"), RandomNumberGenerator.GetBytes(32));
        Assert.Null(stranger.Unseal(cursor));
        Assert.All(Enumerable.Range(0, cursor.Length), i => Assert.Null(names.Unseal(cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..])));
        Assert.All((string[])["", "x", "AAAA", "ward-3/jane.dcm"], c => Assert.Null(names.Unseal(c)));
    }

    [Fact]
    public void EntityTag_ChangesWithTheStores_AndIsAnother()
    {
        var tag = names.TagOf("ward", "9e107d9d372bb6826bd81d3542a419d6");
        Assert.Equal(tag, names.TagOf("ward", "9e107d9d372bb6826bd81d3542a419d6"));
        Assert.NotEqual(tag, names.TagOf("ward", "e4d909c290d0fb1ca068ffaddf22cbd0"));
        Assert.DoesNotContain("9e107d9d", tag, StringComparison.Ordinal);
        Assert.Null(names.TagOf("ward", null));
    }
}
