using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Web;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Entra ID, by a stand-in that answers as login.microsoftonline.com does: metadata, keys, tokens.</summary>
public abstract class EntraTests(DatabaseProvider database) : IAsyncLifetime
{
    private readonly Guid tenant = Guid.NewGuid();
    private readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "entra-1" };
    private WireMockServer microsoft = null!;
    private ControlPlaneHost host = null!;
    private BrowserSession owner = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Issuer => IssuerOf(tenant);

    public async ValueTask InitializeAsync()
    {
        microsoft = WireMockServer.Start();
        foreach (var id in new[] { tenant, Other }) Serve(id);
        host = await ControlPlaneHost.StartAsync(database, "--SingleSignOn:AllowedHosts:0=localhost", $"--SingleSignOn:EntraInstances:UsGovernment={microsoft.Url}/");
        var organization = await host.OrganizationAsync("owner@clinic.test");
        host.Services.GetRequiredService<Infrastructure.Hosting.ControlPlaneOptions>().SingleSignOn.ProvenDomains = new Dictionary<string, Guid> { ["hospital.test"] = organization };
        owner = await host.SignInAsync("owner@clinic.test");
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/organization/sso/domains/hospital.test"));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        owner?.Dispose();
        if (host is not null) await host.DisposeAsync();
        microsoft?.Dispose();
        key.Rsa.Dispose();
    }

    [Fact]
    public async Task APersonOfTheTenant_SignsIn_ByTheUserName_WithTheGroupsOfTheToken()
    {
        var team = (await owner.PostAsync("/api/teams", new { name = "Boats" })).GetProperty("id").GetGuid();
        await ConfigureAsync(mapping: [new { group = "8a9f-group", teamId = team }]);
        var shown = (await owner.GetAsync("/api/organization/sso")).GetProperty("provider");
        Assert.Equal((Issuer, "usGovernment", tenant, "secret"), (shown.GetProperty("issuer").GetString(), shown.GetProperty("entra").GetProperty("cloud").GetString(), shown.GetProperty("entra").GetProperty("tenantId").GetGuid(), shown.GetProperty("credential").GetString()));

        var claims = Ada();
        claims["groups"] = new[] { "8a9f-group" };
        // What the tenant's admins can write into the e-mail claim is nobody's address here.
        claims["email"] = "owner@clinic.test";
        using var ada = new BrowserSession(host);
        Assert.Equal("/", await LandAsync(ada, n => Sign(claims, n)));
        Assert.Equal("ada@hospital.test", (await ada.GetAsync("/api/session")).GetProperty("email").GetString());
        Assert.Equal(1, (await owner.GetAsync("/api/teams")).GetProperty("items")[0].GetProperty("people").GetInt32());
        var request = microsoft.LogEntries.Single(e => e.RequestMessage?.Path.EndsWith("/token", StringComparison.Ordinal) == true).RequestMessage!;
        Assert.StartsWith("Basic ", request.Headers!["Authorization"].Single(), StringComparison.Ordinal);
        Assert.Contains("code_verifier=", request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokensOfOtherTenants_AndOtherLies_GiveNoSession()
    {
        await ConfigureAsync();
        using var strange = RSA.Create(2048);
        (string Name, Func<string, string> Token, bool Works)[] cases =
        [
            ("honest", n => Sign(Ada(), n), true),
            ("another tenant", n => Sign(Ada(Other), n, IssuerOf(Other)), false),
            ("another tenant's id under ours", n => Sign(Ada(Other), n), false),
            ("our tenant's id under another issuer", n => Sign(Ada(), n, IssuerOf(Other)), false),
            ("no tenant", n => Sign(Without(Ada(), "tid"), n), false),
            ("version 1", n => Sign(Ada(), n, $"https://sts.windows.net/{tenant}/"), false),
            ("the template itself", n => Sign(Ada(), n, $"{microsoft.Url}/{{tenantid}}/v2.0"), false),
            ("another client", n => Sign(Ada(), n, audience: Guid.NewGuid().ToString()), false),
            ("another nonce", _ => Sign(Ada(), "another"), false),
            ("another key", n => Sign(Ada(), n, with: new RsaSecurityKey(strange) { KeyId = "entra-1" }), false),
        ];
        foreach (var (name, token, works) in cases)
        {
            using var browser = new BrowserSession(host);
            Assert.Equal((name, works ? "/" : "/sign-in?sso-error=sso.refused"), (name, await LandAsync(browser, token)));
        }
    }

    [Fact]
    public async Task MoreGroupsThanATokenHolds_AreSaidSo_AndNothingIsGivenOrTaken()
    {
        await ConfigureAsync(mapping: [new { group = "admins", organizationRole = "admin" }]);
        var claims = Ada();
        claims["_claim_names"] = new Dictionary<string, string> { ["groups"] = "src1" };
        claims["_claim_sources"] = new Dictionary<string, object> { ["src1"] = new Dictionary<string, string> { ["endpoint"] = "https://graph.microsoft.com/v1.0/users/x/getMemberObjects" } };
        using var ada = new BrowserSession(host);

        Assert.Equal("/sign-in?sso-error=sso.too_many_groups", await LandAsync(ada, n => Sign(claims, n)));

        Assert.Contains(await host.AuditAsync(), e => e.Act == AuditActs.SignInRefused && e.Facts.Contains("sso.too_many_groups", StringComparison.Ordinal));
        // Where no rule asks for groups, they are nobody's concern.
        await ConfigureAsync();
        Assert.Equal("/", await LandAsync(ada, n => Sign(claims, n)));
    }

    [Fact]
    public async Task ACertificate_ProvesTheClient_AndIsNeverShown()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=hybrid", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        await SendAsync(secret: null, certificate: certificate.ExportCertificatePem()).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(secret: "s", certificate: certificate.ExportCertificatePem() + "\n" + rsa.ExportPkcs8PrivateKeyPem()).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await BrowserSession.OkAsync(await SendAsync(secret: null, certificate: certificate.ExportCertificatePem() + "\n" + rsa.ExportPkcs8PrivateKeyPem()));
        using var ada = new BrowserSession(host);

        Assert.Equal("/", await LandAsync(ada, n => Sign(Ada(), n)));

        var sent = microsoft.LogEntries.Single(e => e.RequestMessage?.Path.EndsWith("/token", StringComparison.Ordinal) == true).RequestMessage!;
        Assert.False(sent.Headers!.ContainsKey("Authorization"));
        var form = HttpUtility.ParseQueryString(sent.Body!);
        var assertion = await new JsonWebTokenHandler().ValidateTokenAsync(form["client_assertion"], new TokenValidationParameters
        {
            ValidIssuer = Client, ValidAudience = $"{microsoft.Url}/{tenant}/oauth2/v2.0/token", IssuerSigningKey = new RsaSecurityKey(rsa.ExportParameters(false)), TryAllIssuerSigningKeys = true,
        });
        Assert.True(assertion.IsValid, assertion.Exception?.Message);
        var view = (await owner.GetAsync("/api/organization/sso")).GetRawText();
        Assert.DoesNotContain("PRIVATE KEY", view, StringComparison.Ordinal);
        Assert.Contains("\"certificate\"", view, StringComparison.Ordinal);
        await using var db = host.Database.Open();
        Assert.DoesNotContain("PRIVATE KEY", System.Text.Encoding.Latin1.GetString((await db.IdentityProviders.IgnoreQueryFilters().SingleAsync(Ct)).ProtectedSecret), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhomTheDirectoryBrought_IsLinkedByTheObjectsId()
    {
        await ConfigureAsync();
        using var directory = await DirectoryClient.OfAsync(host, owner);
        var person = await directory.AddAsync("ada@hospital.test", "oid-of-ada");
        using var ada = new BrowserSession(host);

        Assert.Equal("/", await LandAsync(ada, n => Sign(Ada(), n)));

        Assert.Equal(person, (await ada.GetAsync("/api/session")).GetProperty("person").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Settings_ThatNameNoTenant_AreRefused()
    {
        object Settings(object? entra, string? issuer = null) => new { name = "Clinic", issuer, clientId = Client, clientSecret = "s", scopes = "openid", groupsClaim = "groups", mapping = Array.Empty<object>(), justInTime = true, enforced = false, breakGlass = Array.Empty<Guid>(), entra };
        Task<HttpResponseMessage> Send(object body) => owner.SendAsync(HttpMethod.Put, "/api/organization/sso", body);
        await Send(Settings(null)).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await Send(Settings(new { cloud = "usGovernment", tenantId = Guid.Empty })).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await Send(Settings(new { cloud = "usGovernment", tenantId = tenant }, Issuer)).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        // A tenant that is not there.
        await Send(Settings(new { cloud = "usGovernment", tenantId = Guid.NewGuid() })).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "sso.provider_failed");
    }

    private static readonly Guid Other = Guid.NewGuid();
    private static readonly string Client = Guid.NewGuid().ToString();

    private string IssuerOf(Guid id) => $"{microsoft.Url}/{id}/v2.0";

    private void Serve(Guid id)
    {
        var root = $"{microsoft.Url}/{id}";
        var p = key.Rsa.ExportParameters(false);
        Answer($"/{id}/v2.0/.well-known/openid-configuration", new Dictionary<string, object>
        {
            ["issuer"] = $"{root}/v2.0", ["authorization_endpoint"] = $"{root}/oauth2/v2.0/authorize", ["token_endpoint"] = $"{root}/oauth2/v2.0/token", ["end_session_endpoint"] = $"{root}/oauth2/v2.0/logout",
            ["jwks_uri"] = $"{root}/discovery/v2.0/keys", ["response_types_supported"] = new[] { "code" }, ["subject_types_supported"] = new[] { "pairwise" }, ["id_token_signing_alg_values_supported"] = new[] { "RS256" }, ["tenant_region_scope"] = "NA",
        });
        Answer($"/{id}/discovery/v2.0/keys", new { keys = new[] { new { kty = "RSA", use = "sig", kid = "entra-1", n = Base64UrlEncoder.Encode(p.Modulus), e = Base64UrlEncoder.Encode(p.Exponent), issuer = $"{root}/v2.0" } } });
    }

    private void Answer(string path, object body) => microsoft.Given(Request.Create().WithPath(path)).RespondWith(Response.Create().WithHeader("Content-Type", "application/json").WithBody(JsonSerializer.Serialize(body)));

    private Dictionary<string, object> Ada(Guid? of = null) => new()
    {
        ["sub"] = "pairwise-of-ada", ["oid"] = "oid-of-ada", ["tid"] = (of ?? tenant).ToString(), ["ver"] = "2.0", ["name"] = "Ada", ["preferred_username"] = "ada@hospital.test",
    };

    private static Dictionary<string, object> Without(Dictionary<string, object> claims, string name)
    {
        claims.Remove(name);
        return claims;
    }

    private string Sign(Dictionary<string, object> claims, string nonce, string? issuer = null, string? audience = null, SecurityKey? with = null) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = issuer ?? Issuer, Audience = audience ?? Client, Claims = new Dictionary<string, object>(claims) { ["nonce"] = nonce }, IssuedAt = DateTime.UtcNow, Expires = DateTime.UtcNow.AddMinutes(5),
        SigningCredentials = new SigningCredentials(with ?? key, SecurityAlgorithms.RsaSha256),
    });

    private async Task<string?> LandAsync(BrowserSession browser, Func<string, string> token)
    {
        var id = (await owner.GetAsync("/api/organization/sso")).GetProperty("provider").GetProperty("id").GetGuid();
        var url = new Uri((await browser.PostAsync("/api/session/sso", new { providerId = id, keyThumbprint = browser.Thumbprint, returnTo = "/" })).GetProperty("url").GetString()!);
        Assert.Equal($"/{tenant}/oauth2/v2.0/authorize", url.AbsolutePath);
        var query = HttpUtility.ParseQueryString(url.Query);
        Answer($"/{tenant}/oauth2/v2.0/token", new { token_type = "Bearer", access_token = "a", expires_in = 3600, id_token = token(query["nonce"]!) });
        using var landed = await browser.Http.GetAsync($"/api/session/sso/callback?code=c&state={query["state"]}", Ct);
        return landed.Headers.Location?.ToString();
    }

    private async Task ConfigureAsync(object[]? mapping = null) => await BrowserSession.OkAsync(await SendAsync("top-secret", null, mapping));

    private Task<HttpResponseMessage> SendAsync(string? secret, string? certificate, object[]? mapping = null) => owner.SendAsync(HttpMethod.Put, "/api/organization/sso", new
    {
        name = "Clinic", clientId = Client, clientSecret = secret, clientCertificate = certificate, scopes = "openid profile email", groupsClaim = "groups", mapping = mapping ?? [], justInTime = true, enforced = false,
        breakGlass = Array.Empty<Guid>(), entra = new { cloud = "usGovernment", tenantId = tenant },
    });
}

/// <summary>On SQLite.</summary>
public sealed class EntraOnSqliteTests() : EntraTests(DatabaseProvider.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class EntraOnPostgresTests() : EntraTests(DatabaseProvider.Postgres);
