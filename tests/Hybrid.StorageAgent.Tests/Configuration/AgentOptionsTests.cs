using Hybrid.StorageAgent.Configuration;
using Microsoft.Extensions.Configuration;

namespace Hybrid.StorageAgent.Tests.Configuration;

/// <summary>Every mistake in the agent's file is named at start, all at once, each with its mend.</summary>
public sealed class AgentOptionsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-options").FullName;

    public void Dispose() => Directory.Delete(folder);

    [Fact]
    public void Options_WhenRight_HaveNoMistake()
    {
        Assert.Empty(Options().Mistakes());
        Assert.Empty(Options(o => o.ControlPlane = new Uri("http://localhost:5080")).Mistakes());
        Assert.Equal("https://hybrid.example", Options().Origin);
        Assert.Equal("https://work.example", Options(o => o.WorkspaceOrigin = "https://work.example").Origin);
    }

    public static TheoryData<string, Action<AgentOptions>> Mistakes => new()
    {
        { "controlPlane is missing: give the control plane's address, e.g. \"https://hybrid.example\".", o => o.ControlPlane = null },
        { "controlPlane is http://hybrid.example/: give scheme, host and port only; plain http is for loopback only.", o => o.ControlPlane = new Uri("http://hybrid.example") },
        { "controlPlane is https://hybrid.example/x: give scheme, host and port only; plain http is for loopback only.", o => o.ControlPlane = new Uri("https://hybrid.example/x") },
        { "publicUrl is missing: browsers read connection ward from this agent itself, so give the address at which they reach it.", o => o.PublicUrl = null },
        { "controlPlaneCaFile /absent.pem does not exist or cannot be read by this process.", o => o.ControlPlaneCaFile = "/absent.pem" },
        { "proxy is not an address of an HTTP proxy: give e.g. \"http://proxy.example:3128\"; name and secret go to proxyCredentialsFile.", o => o.Proxy = new Uri("http://me:secret@proxy.example:3128") },
        { "proxyCredentialsFile is for a proxy: give proxy too, or remove it.", o => o.ProxyCredentialsFile = "/etc/passwd" },
        { "proxyCredentialsFile /absent cannot be read by this process, or its first line is not name:secret.", o => (o.Proxy, o.ProxyCredentialsFile) = (new Uri("http://proxy.example:3128"), "/absent") },
        { "listen is https://0.0.0.0:5090: https needs certificateFile and certificateKeyFile.", o => o.Listen = "https://0.0.0.0:5090" },
        { "certificateFile and certificateKeyFile belong together: give both.", o => o.CertificateFile = "/etc/passwd" },
        { "listen is http://127.0.0.1:5090: with certificateFile every address begins with https://.", o => (o.CertificateFile, o.CertificateKeyFile) = ("/etc/passwd", "/etc/passwd") },
        { "publicUrl is ftp://agent.example/: give scheme, host and port only; plain http is for loopback only.", o => o.PublicUrl = new Uri("ftp://agent.example") },
        { "workspaceOrigin is https://work.example/: give scheme, host and port only, without a slash at the end.", o => o.WorkspaceOrigin = "https://work.example/" },
        { "workspaceOrigin is *: give scheme, host and port only, without a slash at the end.", o => o.WorkspaceOrigin = "*" },
        { "connections has 0 entries: give 1 to 100.", o => o.Connections.Clear() },
        { "connections: the name ward stands 2 times; names are unique.", o => o.Connections.Add(o.Connections[0]) },
        { "connection \"Ward 7\": a name has 1–64 lower-case letters, digits and hyphens.", o => o.Connections[0].Name = "Ward 7" },
        { "connection \"\": a name has 1–64 lower-case letters, digits and hyphens.", o => o.Connections[0].Name = "" },
        { "connection ward: maxUrlSeconds is 5; give 10 to 3600.", o => o.Connections[0].MaxUrlSeconds = 5 },
        { "connection ward: maxUrlSeconds is 3601; give 10 to 3600.", o => o.Connections[0].MaxUrlSeconds = 3601 },
        { "connection ward: timeoutSeconds is 0; give 1 to 20.", o => o.Connections[0].TimeoutSeconds = 0 },
        { "connection ward: timeoutSeconds is 21; give 1 to 20.", o => o.Connections[0].TimeoutSeconds = 21 },
        { "connection ward: folder is missing.", o => o.Connections[0].Folder = null },
        { "connection ward: folder /absent does not exist or cannot be read by this process.", o => o.Connections[0].Folder = "/absent" },
        { "connection ward: bucket is missing.", o => (o.Connections[0].Provider, o.Connections[0].Bucket) = ("s3", "") },
        { "connection ward: give accessKey and secretKey both, or neither (then the default chain is used).", o => (o.Connections[0].Provider, o.Connections[0].Bucket, o.Connections[0].AccessKey) = ("s3", "b", "k") },
        { "connection ward: caFile /absent.crt does not exist or cannot be read by this process.", o => o.Connections[0].CaFile = "/absent.crt" },
        { "connection ward: endpoint is ftp://store/; give an address that begins with https:// (or http:// within a trusted network), without a query.", o => o.Connections[0].Endpoint = new Uri("ftp://store") },
        { "connection ward: publicEndpoint is https://store/?a=b; give an address that begins with https:// (or http:// within a trusted network), without a query.", o => o.Connections[0].PublicEndpoint = new Uri("https://store/?a=b") },
        { "connection ward: region is empty: give the bucket's region, e.g. \"eu-central-1\" (for a store without regions \"us-east-1\").", o => S3(o).Region = "" },
        { "connection ward: accessKey and profile are both given: remove one.", o => (S3(o).AccessKey, S3(o).SecretKey, S3(o).Profile) = ("k", "s", "p") },
        { "connection ward: roleArn is role; give the role's ARN, e.g. \"arn:aws:iam::123456789012:role/hybrid-agent\".", o => S3(o).RoleArn = "role" },
        { "connection ward: externalId and webIdentityTokenFile belong to a role: give roleArn.", o => S3(o).ExternalId = "e" },
        { "connection ward: webIdentityTokenFile /absent does not exist or cannot be read by this process.", o => (S3(o).RoleArn, S3(o).WebIdentityTokenFile) = ("arn:aws:iam::1:role/r", "/absent") },
        { "connection ward: webIdentityTokenFile stands for itself: remove accessKey, profile and externalId.", o => (S3(o).RoleArn, S3(o).WebIdentityTokenFile, S3(o).ExternalId) = ("arn:aws:iam::1:role/r", "/etc/hostname", "e") },
        { "connection ward: the prefixes are too many or too long for a session policy (2048 characters): shorten them, or set scopeCredentials to false (URLs and policy still hold to them).", o =>
            {
                S3(o).RoleArn = "arn:aws:iam::1:role/r";
                for (var i = 0; i < 100; i++) o.Connections[0].Prefixes.Add($"study-{i}/");
            } },
        { "connection ward: bucket a.b has a dot in its name, which no certificate covers in virtual-host style: set pathStyle to true.", o => S3(o).Bucket = "a.b" },
        { "connection ward: account is missing: give the storage account's name.", o => Azure(o).Account = null },
        { "connection ward: container is missing.", o => Azure(o).Container = "" },
        { "connection ward: accountKey is not complete: copy it again as a whole, it is base64.", o => Azure(o).AccountKey = "abc" },
        { "connection ward: accountKey and clientId are both given: remove one.", o => (Azure(o).AccountKey, Azure(o).ClientId) = ("AAAA", "c") },
        { "connection ward: an identity is never shown over plain http: give an endpoint with https://, or an accountKey.", o => Azure(o).Endpoint = new Uri("http://store") },
        { "connection ward: signedIp is here; give an address or a range, e.g. \"203.0.113.7\" or \"203.0.113.0-203.0.113.255\".", o => Azure(o).SignedIp = "here" },
        { "connection ward: bucket is missing.", o => o.Connections[0].Provider = "gcs" },
        { "connection ward: keyFile /absent.json does not exist or cannot be read by this process.", o => (o.Connections[0].Provider, o.Connections[0].Bucket, o.Connections[0].KeyFile) = ("gcs", "b", "/absent.json") },
        { "connection ward: impersonate is agent; give the service account's e-mail, e.g. \"hybrid-agent@project.iam.gserviceaccount.com\".", o => (o.Connections[0].Provider, o.Connections[0].Bucket, o.Connections[0].Impersonate) = ("gcs", "b", "agent") },
        { "limits.perPersonPerMinute is 0: give at least 1.", o => o.Limits.PerPersonPerMinute = 0 },
        { "limits.perPersonPerHour is below the minute's ceiling: raise it.", o => o.Limits.PerPersonPerHour = 599 },
        { "limits.perPersonPerMinute is below the burst's ceiling: raise it.", o => o.Limits.PerPersonBurst = 601 },
        { "limits.perPersonPerDay is below the hour's ceiling: raise it.", o => o.Limits.PerPersonPerDay = 5999 },
        { "limits.perProjectBurst is 0: give at least 1.", o => o.Limits.PerProjectBurst = 0 },
        { "limits.perProjectPerDay is below the minute's ceiling: raise it.", o => (o.Limits.PerProjectPerMinute, o.Limits.PerProjectPerDay) = (10, 9) },
        { "limits.maxUrlSeconds is 9; give 10 to 3600.", o => o.Limits.MaxUrlSeconds = 9 },
        { "limits.origins: https://work.example/ is no origin; give scheme, host and port only, without a slash at the end, e.g. \"https://hybrid.example\".", o => o.Limits.Origins.Add("https://work.example/") },
        { "limits.people.allow: \"a b\" is no pseudonym; copy it from the access log (hybrid-agent log search).", o => o.Limits.People.Allow.Add("a b") },
        { "limits.people: p is allowed and denied; denied counts. Remove one.", o =>
            {
                o.Limits.People.Allow.Add("p");
                o.Limits.People.Deny.Add("p");
            } },
        { "limits.hours.timeZone is given without limits.hours.open: give the openings, or remove it (then the agent serves always).", o => o.Limits.Hours.TimeZone = "UTC" },
        { "limits.hours.timeZone is missing: give an IANA time zone, e.g. \"Europe/Berlin\".", o => o.Limits.Hours.Open.Add(new OpeningOptions()) },
        { "limits.hours.open: from is 24:01; give a time from 00:00 to 23:59.", o => Open(o).From = "24:01" },
        { "limits.hours.open: to is 7:00; give a time from 00:00 to 24:00.", o => Open(o).To = "7:00" },
        { "limits.hours.open: from and to are both 07:00; for a whole day give 00:00 and 24:00.", o => (Open(o).From, o.Limits.Hours.Open[0].To) = ("07:00", "07:00") },
        { "trustedProxies: ingress is no address range, e.g. \"10.0.0.7/32\".", o => o.TrustedProxies.Add("ingress") },
        { "limits.clientRanges: 10.0.0.0/33 is no address range, e.g. \"10.0.0.0/8\".", o => o.Limits.ClientRanges.Add("10.0.0.0/33") },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Options_WithOneMistake_NameItWithItsMend(string mistake, Action<AgentOptions> make) => Assert.Equal([mistake], Options(make).Mistakes());

    [Fact]
    public void Options_WithSeveralMistakes_NameThemAll()
    {
        var options = Options(o =>
        {
            o.Limits.PerPersonPerMinute = 0;
            o.Limits.ClientRanges.Add("10.0.0.0/33");
            o.Connections[0].MaxUrlSeconds = 5;
        });

        Assert.Equal(3, options.Mistakes().Count());
    }

    [Fact]
    public void Provider_WhenUnknown_IsNamed() =>
        Assert.StartsWith("connection ward: provider is \"ftp\"; give ", Options(o => o.Connections[0].Provider = "ftp").Mistakes().Single(), StringComparison.Ordinal);

    [Fact]
    public void File_IsReadAsDocumented()
    {
        using var json = new MemoryStream("""
            { "controlPlane": "https://hybrid.example", "publicUrl": "https://agent.example", "limits": { "perPersonPerMinute": 7, "clientRanges": ["10.0.0.0/8"] },
              "connections": [ { "name": "ward", "provider": "s3", "bucket": "images", "region": "eu-central-1", "prefixes": ["study-7/"], "pathStyle": true, "timeoutSeconds": 9 } ] }
            """u8.ToArray());
        var options = new AgentOptions();
        new ConfigurationBuilder().AddJsonStream(json).Build().Bind(options);

        Assert.Empty(options.Mistakes());
        var ward = options.Connections.Single();
        Assert.Equal(("images", "eu-central-1", true, "study-7/", TimeSpan.FromSeconds(9)), (ward.Bucket, ward.Region, ward.PathStyle, ward.Prefixes.Single(), ward.Timeout));
        Assert.Equal((7, "10.0.0.0/8"), (options.Limits.PerPersonPerMinute, options.Limits.ClientRanges.Single()));
    }

    private static OpeningOptions Open(AgentOptions options)
    {
        options.Limits.Hours.TimeZone = "UTC";
        options.Limits.Hours.Open.Add(new OpeningOptions());
        return options.Limits.Hours.Open[0];
    }

    private static ConnectionOptions S3(AgentOptions options)
    {
        (options.Connections[0].Provider, options.Connections[0].Bucket) = ("s3", options.Connections[0].Bucket ?? "b");
        return options.Connections[0];
    }

    private static ConnectionOptions Azure(AgentOptions options)
    {
        (options.Connections[0].Provider, options.Connections[0].Account, options.Connections[0].Container) = ("azure-blob", "hospital", "scans");
        return options.Connections[0];
    }

    private AgentOptions Options(Action<AgentOptions>? change = null)
    {
        var options = new AgentOptions { ControlPlane = new Uri("https://hybrid.example"), PublicUrl = new Uri("https://agent.example") };
        options.Connections.Add(new ConnectionOptions { Name = "ward", Provider = "file", Folder = folder });
        change?.Invoke(options);
        return options;
    }
}
