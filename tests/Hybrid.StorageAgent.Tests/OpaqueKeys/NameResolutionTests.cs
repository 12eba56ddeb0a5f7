using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.OpaqueKeys;
using Hybrid.StorageAgent.Tests.Harness;

namespace Hybrid.StorageAgent.Tests.OpaqueKeys;

/// <summary>Exports joined back to names, in every format and through the verb itself.</summary>
public sealed class NameResolutionTests : IDisposable
{
    private const string Odd = "ward-3/jane \"ä\", doe.png";
    private const string Formula = "=cmd.png";

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-resolve").FullName;
    private readonly OpaqueNames names;

    public NameResolutionTests()
    {
        using var identity = AgentIdentity.Create(Path.Combine(folder, "data"), Guid.NewGuid(), ECDsa.Create(ECCurve.NamedCurves.nistP256), "pinned");
        names = new OpaqueNames(OpaqueNames.FileIn(Path.Combine(folder, "data")), identity.Secret);
        names.Keep("c", [Odd, Formula]);
    }

    public void Dispose()
    {
        names.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Json_StaysJson()
    {
        var (text, resolved, unknown) = Copy($$"""{ "items": [ { "key": "{{Name(Odd)}}", "note": "see {{Name(Odd)}}{{Name(Formula)}}" } ] }""", NameFormat.Json);

        var item = JsonElement.Parse(text).GetProperty("items")[0];
        Assert.Equal((Odd, $"see {Odd}{Formula}", 3L, 0L), (item.GetProperty("key").GetString(), item.GetProperty("note").GetString(), resolved, unknown));
    }

    [Fact]
    public void Table_StaysATable_AndHoldsNoFormula() => Assert.Equal(
        "id,key\r\n1,\"ward-3/jane \"\"ä\"\", doe.png\"\r\n\"2\",\"'=cmd.png\"\r\n3,\"'=cmd.png\"\r\n",
        Copy($"id,key\r\n1,{Name(Odd)}\r\n\"2\",\"{Name(Formula)}\"\r\n3,{Name(Formula)}\r\n", NameFormat.Csv).Text);

    [Fact]
    public void Unknown_StaysAsItIs_AndIsCounted()
    {
        var stranger = "hk1_" + new string('A', 43);
        Assert.Equal(($"{stranger} hk1_short hk1_ {Formula}", 1L, 1L), Copy($"{stranger} hk1_short hk1_ {Name(Formula)}", NameFormat.Text));
    }

    [Fact]
    public void Text_OfAnySize_IsResolvedAcrossEveryBorderOfItsPieces()
    {
        // Names at every offset around the borders of the buffer.
        for (var before = 65_536 - 60; before <= 65_536 + 5; before++)
            Assert.Equal((new string('x', before) + Formula + "y", 1L, 0L), Copy(new string('x', before) + Name(Formula) + "y", NameFormat.Text));
    }

    [Fact]
    public async Task Verb_PrintsNames_AndCopiesFiles()
    {
        var config = Path.Combine(folder, "agent.json");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new
        {
            controlPlane = "https://hybrid.example", publicUrl = "https://agent.example", dataDirectory = Path.Combine(folder, "data"), connections = new[] { new { name = "c", provider = "file", folder, opaqueKeys = true } },
        }), TestContext.Current.CancellationToken);
        var (export, made) = (Path.Combine(folder, "export.json"), Path.Combine(folder, "named.json"));
        await File.WriteAllTextAsync(export, $"[\"{Name(Formula)}\"]", TestContext.Current.CancellationToken);

        var printed = await AgentProcess.RunAsync("resolve", "--config", config, Name(Formula), "hk1_none");
        var copied = await AgentProcess.RunAsync("resolve", "--config", config, "--in", export, "--out", made);
        var again = await AgentProcess.RunAsync("resolve", "--config", config, "--in", export, "--out", made);
        var rebuilt = await AgentProcess.RunAsync("resolve", "--config", config, "--rebuild", names.NameOf("c", "export.json"));

        Assert.Equal((3, $"{Name(Formula)}\tc\t{Formula}\nhk1_none\tnot known\n"), (printed.ExitCode, printed.Output));
        Assert.Equal((0, $"[\"{Formula}\"]"), (copied.ExitCode, await File.ReadAllTextAsync(made, TestContext.Current.CancellationToken)));
        Assert.Equal("1 names resolved, 0 not known.\n", copied.Error);
        Assert.Equal(2, again.ExitCode);
        Assert.Equal((0, $"{names.NameOf("c", "export.json")}\tc\texport.json\n"), (rebuilt.ExitCode, rebuilt.Output));
    }

    private string Name(string key) => names.NameOf("c", key);

    private (string Text, long Resolved, long Unknown) Copy(string text, NameFormat format)
    {
        using var from = new StringReader(text);
        using var to = new StringWriter();
        var (resolved, unknown) = NameResolution.Copy(from, to, names, format);
        return (to.ToString(), resolved, unknown);
    }
}
