using System.Net.Http.Json;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.EndToEnd.Product;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using OtpNet;

namespace Hybrid.EndToEnd.Browser;

/// <summary>Ways of signing in, as people meet them: an authenticator is set up and asked for, a fresh proof is given, an identity provider signs in.</summary>
[Collection(nameof(Chromium))]
public sealed class SignInPagesTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1024, 768)]
    public async Task Authenticator_IsSetUpOnTheProfile_AndAskedForAtTheNextSignIn(ColorScheme scheme, int width, int height)
    {
        var email = await JoinAsync("mfa");
        await using var person = await PersonAtDesk.AtAsync(chromium, Installation, email, scheme, width, height);
        var page = person.Page;
        await person.GoAsync("/profile");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up an authenticator" }).ClickAsync();
        var seed = (await page.GetByRole(AriaRole.Dialog).Locator("code, pre").First.InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal).Trim();
        await Assertions.Expect(page.GetByAltText("QR code of the seed")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(person, "setting up an authenticator");
        await Shots.TakeAsync(page, "authenticator", scheme);
        await page.GetByLabel("Code that the app shows now").FillAsync("000000");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("The code does not fit.")).ToBeVisibleAsync();
        await page.GetByLabel("Code that the app shows now").FillAsync(new Totp(Base32Encoding.ToBytes(seed)).ComputeTotp());
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Recovery codes" })).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(person, "recovery codes");
        await Shots.TakeAsync(page, "recovery-codes", scheme);
        var code = (await page.GetByRole(AriaRole.Dialog).Locator("code, pre").First.InnerTextAsync()).Split('\n')[0].Trim();
        var saved = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as a file" }).ClickAsync();
        Assert.Equal("hybrid-recovery-codes.txt", (await saved).SuggestedFilename);
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Assertions.Expect(page.GetByText("10 recovery codes left")).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "profile-with-authenticator", scheme);

        await person.SignOutAsync();
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByLabel("Password").FillAsync(Installation.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByLabel("Code").FillAsync("abcd-abcd-abcd-abcd");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("The code is wrong or was used already.")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(person, "the second factor");
        await Shots.TakeAsync(page, "second-factor", scheme);
        // The page is loaded anew in between: the sign-in still waits for its second factor.
        await page.ReloadAsync();
        await page.GetByLabel("Code").FillAsync(code);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task FreshProof_IsAskedForInADialog_AndTheActGoesOn()
    {
        await using var owner = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Owner);
        var page = owner.Page;
        await using (var db = Installation.OpenDatabase())
            await db.Sessions.IgnoreQueryFilters().ExecuteUpdateAsync(s => s.SetProperty(x => x.SteppedUpAt, DateTimeOffset.UtcNow.AddMinutes(-6)), TestContext.Current.CancellationToken);
        await owner.GoAsync("/service-accounts");
        await page.GetByRole(AriaRole.Button, new() { Name = "New service account" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Nightly import");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Is it you?" })).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(owner, "a fresh proof");
        await Shots.TakeAsync(page, "fresh-proof", ColorScheme.Light);
        await page.GetByLabel("Password").FillAsync("not the password at all");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("The password is wrong.")).ToBeVisibleAsync();
        await page.GetByLabel("Password").FillAsync(Installation.Password);
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nightly import" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Issue key" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Server");
        await page.GetByText("project.view", new() { Exact = true }).ClickAsync();
        await AccessibilityTests.CheckAsync(owner, "issuing a key");
        await Shots.TakeAsync(page, "issue-key", ColorScheme.Light);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Issue key" }).ClickAsync();
        await Assertions.Expect(page.GetByText("hyk1_").First).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "issued-key", ColorScheme.Light);
        Assert.Empty(owner.Complaints);
    }

    [Fact]
    public async Task IdentityProvider_IsFoundByTheAddress_AndSignsIn()
    {
        var issuer = TestServers.Address("HYBRID_TEST_OIDC", "No OpenID provider: run infra/test.sh.");
        using var http = new HttpClient();
        var client = await BrowserSession.OkAsync(await http.PostAsJsonAsync(issuer + "/reg", new { redirect_uris = new[] { new Uri(Installation.Url, "/api/session/sso/callback").ToString() } }, TestContext.Current.CancellationToken));
        await BrowserSession.OkAsync(await Installation.OwnerBrowser.SendAsync(HttpMethod.Put, "/api/organization/sso", new
        {
            name = "Clinic", issuer, clientId = client.GetProperty("client_id").GetString(), clientSecret = client.GetProperty("client_secret").GetString(),
            scopes = "openid email profile", groupsClaim = "groups", mapping = Array.Empty<object>(), justInTime = true, enforced = false, breakGlass = Array.Empty<Guid>(),
        }));
        await BrowserSession.OkAsync(await Installation.OwnerBrowser.SendAsync(HttpMethod.Put, "/api/organization/sso/domains/hospital.test"));
        await using (var db = Installation.OpenDatabase())
            await db.IdentityDomains.IgnoreQueryFilters().ExecuteUpdateAsync(d => d.SetProperty(x => x.VerifiedAt, DateTimeOffset.UtcNow), TestContext.Current.CancellationToken);

        await using var ann = await PersonAtDesk.OutsideAsync(chromium, Installation);
        var page = ann.Page;
        await ann.GoAsync("/");
        await page.GetByLabel("E-mail").FillAsync("ann@hospital.test");
        await page.Keyboard.PressAsync("Enter");
        var go = page.GetByRole(AriaRole.Button, new() { Name = "Continue with Clinic" });
        await Assertions.Expect(go).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(ann, "the way to the provider");
        await Shots.TakeAsync(page, "provider", ColorScheme.Light);
        await go.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Ann Notator" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Ann Notator").First).ToBeVisibleAsync();
        Assert.Empty(ann.Complaints);
    }

    private async Task<string> JoinAsync(string name)
    {
        var email = $"{name}-{Guid.NewGuid():N}@example.org";
        await Installation.OwnerBrowser.PostAsync("/api/people", new { email, name, role = "member", password = Installation.Password });
        return email;
    }
}
