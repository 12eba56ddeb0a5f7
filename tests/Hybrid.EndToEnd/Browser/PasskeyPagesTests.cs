using System.Text.Json;
using Hybrid.EndToEnd.Product;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>Passkeys as people meet them, with Chromium's own virtual authenticator: made on the profile, used alone, as the second factor and as a fresh proof.</summary>
[Collection(nameof(Chromium))]
public sealed class PasskeyPagesTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1024, 768)]
    public async Task Passkey_IsMadeOnTheProfile_AndSignsInAlone(ColorScheme scheme, int width, int height)
    {
        var email = await JoinAsync("passkey");
        await using var person = await PersonAtDesk.AtAsync(chromium, Installation, email, scheme, width, height);
        var page = person.Page;
        var device = await VirtualDevice.PlugInAsync(page);
        await person.GoAsync("/profile");
        await Assertions.Expect(page.GetByText("No passkey yet")).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "profile-without-passkey", scheme);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Work laptop");
        await AccessibilityTests.CheckAsync(person, "adding a passkey");
        await Shots.TakeAsync(page, "passkey-add", scheme);

        // The device does not know whose finger it is: nothing is added, and nothing that was typed is lost.
        await device.VerifiesAsync(false);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("No passkey was given.")).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "passkey-none-given", scheme);
        await device.VerifiesAsync(true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the passkey" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Recovery codes" })).ToBeVisibleAsync();
        var saved = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as a file" }).ClickAsync();
        await saved;
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Work laptop")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(person, "the profile with a passkey");
        await Shots.TakeAsync(page, "profile-with-passkey", scheme);

        // The same device has one already.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This device has a passkey of yours already.")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        await device.AnswersByItselfAsync(false);
        await person.SignOutAsync();
        await AccessibilityTests.CheckAsync(person, "signing in by passkey");
        await Shots.TakeAsync(page, "sign-in-passkey", scheme);
        await device.AnswersByItselfAsync(true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();

        await person.GoAsync("/profile");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename Work laptop" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Old laptop");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Old laptop" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It is your last second factor")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(person, "removing a passkey");
        await Shots.TakeAsync(page, "passkey-remove", scheme);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(page.GetByText("No passkey yet")).ToBeVisibleAsync();
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task Passkey_IsOfferedUnderTheField_AndIsTheSecondFactorBesideThePassword()
    {
        var email = await JoinAsync("second");
        await using var person = await PersonAtDesk.AtAsync(chromium, Installation, email);
        var page = person.Page;
        var device = await VirtualDevice.PlugInAsync(page);
        await AddAsync(person);

        // Under the field: the browser's list answers as soon as the page opens, without a press.
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in**");
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();

        await device.AnswersByItselfAsync(false);
        await person.SignOutAsync();
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByLabel("Password").FillAsync(Installation.Password);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("Recovery code")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(person, "a passkey as the second factor");
        await Shots.TakeAsync(page, "passkey-second-factor", ColorScheme.Light);
        await device.AnswersByItselfAsync(true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();

        // Long after: a fresh proof, by the passkey.
        await using (var db = Installation.OpenDatabase())
            await db.Sessions.IgnoreQueryFilters().ExecuteUpdateAsync(s => s.SetProperty(x => x.SteppedUpAt, DateTimeOffset.UtcNow.AddMinutes(-6)), TestContext.Current.CancellationToken);
        await person.GoAsync("/profile");
        await page.GetByRole(AriaRole.Button, new() { Name = "New recovery codes" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "New recovery codes" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Is it you?" })).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "passkey-fresh-proof", ColorScheme.Light);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Recovery codes" })).ToBeVisibleAsync();
        Assert.Empty(person.Complaints);
    }

    private static async Task AddAsync(PersonAtDesk person)
    {
        var page = person.Page;
        await person.GoAsync("/profile");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the passkey" }).ClickAsync();
        var saved = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as a file" }).ClickAsync();
        await saved;
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
    }

    private async Task<string> JoinAsync(string name)
    {
        var email = $"{name}-{Guid.NewGuid():N}@example.org";
        await Installation.OwnerBrowser.PostAsync("/api/people", new { email, name, role = "member", password = Installation.Password });
        return email;
    }

    /// <summary>Chromium's virtual authenticator, over its debugging protocol.</summary>
    private sealed class VirtualDevice(ICDPSession session, string id)
    {
        public static async Task<VirtualDevice> PlugInAsync(IPage page)
        {
            var session = await page.Context.NewCDPSessionAsync(page);
            await session.SendAsync("WebAuthn.enable");
            var made = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
            {
                ["options"] = new { protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true },
            });
            return new VirtualDevice(session, ((JsonElement)made!).GetProperty("authenticatorId").GetString()!);
        }

        /// <summary>Whether it knows the finger.</summary>
        public async Task VerifiesAsync(bool verifies) => await session.SendAsync("WebAuthn.setUserVerified", new Dictionary<string, object> { ["authenticatorId"] = id, ["isUserVerified"] = verifies });

        /// <summary>Whether somebody touches it at once.</summary>
        public async Task AnswersByItselfAsync(bool answers) => await session.SendAsync("WebAuthn.setAutomaticPresenceSimulation", new Dictionary<string, object> { ["authenticatorId"] = id, ["enabled"] = answers });
    }
}
