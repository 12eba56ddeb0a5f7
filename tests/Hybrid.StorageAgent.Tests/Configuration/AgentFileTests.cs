using System.Text;
using Hybrid.StorageAgent.Configuration;
using Microsoft.Extensions.Configuration;

namespace Hybrid.StorageAgent.Tests.Configuration;

public sealed class AgentFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-file").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void File_WithManyMistakes_SaysEachOfThemWithItsMend()
    {
        var (_, mistakes) = Read("""
            { "controlPlane": "https://hybrid.example", "publicURL": "not an address", "drainSecond": 3,
              "limits": { "alowView": false, "perPersonPerMinute": "many", "clientRanges": "10.0.0.0/8", "projects": ["mine"], "people": "ann", "hours": { "timeZone": "Berlin", "open": [ { "days": ["mo"], "from": "7" } ] } },
              "connections": [ { "name": "ward", "provider": "s3", "bucket": "b", "prefixs": ["in/"], "secretKey": ["s3cret"], "accessKey": "k", "pathStyle": "yes", "maxUrlSeconds": 5 } ] }
            """);

        Assert.Equal(15, mistakes.Count);
        string[] said =
        [
            "publicURL is not an address such as https://hybrid.example: give an address such as https://hybrid.example.",
            "drainSecond is not known: correct its name or remove it. Known here: ",
            "limits.alowView is not known: correct its name or remove it. Known here: allowView, ",
            "limits.perPersonPerMinute is not a whole number: give a whole number.",
            "limits.clientRanges is one value: give a list, [ … ].",
            "limits.projects[0] is not an id such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301: give an id",
            "limits.people is one value: give an object, { … }.",
            "limits.hours.timeZone is Berlin; give an IANA time zone",
            "limits.hours.open: mo is no day; give monday to sunday.",
            "limits.hours.open: from is 7; give a time from 00:00 to 23:59.",
            "connections[0].prefixs is not known: correct its name or remove it. Known here: ",
            "connections[0].secretKey is a list or an object: give a text.",
            "connections[0].pathStyle is not true or false: give true or false.",
        ];
        // The second look, at what was readable: accessKey without the secretKey that was not, and the URL's life.
        string[] second = ["connection ward: maxUrlSeconds is 5", "connection ward: give accessKey and secretKey both"];
        foreach (var start in said.Concat(second)) Assert.Contains(mistakes, m => m.StartsWith(start, StringComparison.Ordinal));
        Assert.DoesNotContain(mistakes, m => m.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public void File_AsDocumented_HasNoMistake()
    {
        var (options, mistakes) = Read("""
            { "controlPlane": "https://hybrid.example", "publicUrl": "https://agent.example", "trustedProxies": ["10.0.0.7/32"],
              "limits": { "perPersonBurst": 100, "perPersonPerDay": 20000, "perProjectPerMinute": 5000, "clientRanges": [], "origins": ["https://hybrid.example"],
                "people": { "deny": ["p-1"] }, "projects": ["3f2504e0-4f89-41d3-9a0c-0305e82c3301"], "maxUrlSeconds": 30, "allowView": null,
                "hours": { "timeZone": "Europe/Berlin", "open": [ { "days": ["monday", "tuesday"], "from": "07:00", "to": "19:00" } ] } },
              "connections": [ { "name": "ward", "provider": "s3", "bucket": "b", "prefixes": [] } ] }
            """);

        Assert.Empty(mistakes);
        Assert.Equal((100, 20000, 30, true), (options.Limits.PerPersonBurst, options.Limits.PerPersonPerDay, options.Limits.MaxUrlSeconds, options.Limits.AllowView));
        Assert.Equal(["person-burst", "person-per-minute", "person-per-hour", "person-per-day"], options.Limits.PersonCeilings.Select(c => c.Name));
        Assert.Equal(("p-1", "monday"), (options.Limits.People.Deny.Single(), options.Limits.Hours.Open.Single().Days[0]));
    }

    [Theory]
    [InlineData("{ \"controlPlane\": ", " cannot be read: ")]
    [InlineData("{ \"listen\": \"a\", \"listen\": \"b\" }", " cannot be read: ")]
    [InlineData(null, " does not exist: write it")]
    public void File_WhenItCannotBeRead_SaysSo(string? text, string said)
    {
        var path = Path.Combine(folder, "agent.json");
        if (text is not null) File.WriteAllText(path, text);

        Assert.StartsWith(path + said, AgentFile.Read(path).Mistakes.Single(), StringComparison.Ordinal);
    }

    private static (AgentOptions Options, IReadOnlyList<string> Mistakes) Read(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return AgentFile.Read(new ConfigurationBuilder().AddJsonStream(stream).Build());
    }
}
