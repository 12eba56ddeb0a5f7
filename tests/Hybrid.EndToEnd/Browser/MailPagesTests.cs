using System.Text.RegularExpressions;
using Hybrid.EndToEnd.Product;
using Hybrid.Testing;
using Microsoft.Playwright;
using MimeKit;

namespace Hybrid.EndToEnd.Browser;

/// <summary>Invitations and new passwords, from the page to the mail and from the mail to the desk, by keyboard.</summary>
[Collection(nameof(Chromium))]
public sealed partial class MailPagesTests(Chromium chromium, Harbour harbour)
{
    private const string Chosen = "seven lemons under glass";

    private Installation Installation => harbour.Installation;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1024, 768)]
    public async Task Invited_JoinsByTheLink_ForgetsThePassword_AndComesIn(ColorScheme scheme, int width, int height)
    {
        var email = $"nina-{Guid.NewGuid():N}@example.org";
        await using var owner = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Owner, scheme, width, height);
        var page = owner.Page;
        await owner.GoAsync("/people");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add person" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Nina");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("E-mail").FillAsync(email);
        await AccessibilityTests.CheckAsync(owner, "inviting");
        await Shots.TakeAsync(page, "invite", scheme);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Nina is invited.")).ToBeVisibleAsync();
        var link = await LinkToAsync(email, 1);
        var person = (await Installation.OwnerBrowser.GetAsync($"/api/people?search={email}")).GetProperty("items")[0].GetProperty("person").GetProperty("id").GetGuid();
        await owner.GoAsync($"/people/{person}");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take invitation back" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Their link works until:")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(owner, "an invited person");
        await Shots.TakeAsync(page, "invited", scheme);

        // 1. The link, by keyboard alone.
        await using var nina = await PersonAtDesk.OutsideAsync(chromium, Installation, scheme, width, height);
        page = nina.Page;
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add($"{request.Url} {request.Headers.GetValueOrDefault("referer")}");
        await page.GotoAsync(link);
        await Assertions.Expect(page.GetByText("You are invited to Harbour hospital.")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(nina, "joining");
        await Shots.TakeAsync(page, "join", scheme);
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("Nina N.");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("short");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("Password")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel("Password").FillAsync(Chosen);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Welcome. Sign in with your new password.")).ToBeVisibleAsync();
        Assert.DoesNotContain(asked, a => a.Contains(link.Split('#')[1], StringComparison.Ordinal));

        // 2. Once.
        await page.GotoAsync("about:blank");
        await page.GotoAsync(link);
        await Assertions.Expect(page.GetByText("This link does not work any more.")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(nina, "a dead link", complaints: 1);
        await Shots.TakeAsync(page, "dead-link", scheme);

        // 3. The password is forgotten.
        await nina.GoAsync("/sign-in");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new() { Name = "Forgot your password?" }).ClickAsync();
        await page.GetByLabel("E-mail").FillAsync(email);
        await AccessibilityTests.CheckAsync(nina, "forgotten", complaints: 1);
        await Shots.TakeAsync(page, "forgot", scheme);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Look at your mail")).ToBeVisibleAsync();
        await page.GotoAsync(await LinkToAsync(email, 2));
        await Assertions.Expect(page.GetByText("Every browser that is signed in")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(nina, "a new password", complaints: 1);
        await Shots.TakeAsync(page, "reset", scheme);
        await page.GetByLabel("New password").FillAsync("passwordpassword");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("New password")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel("New password").FillAsync("nine " + Chosen);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("The password is set. Sign in with it.")).ToBeVisibleAsync();
        await nina.SignInAsync(email, "nine " + Chosen);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Welcome, Nina N." })).ToBeVisibleAsync();
    }

    private async Task<string> LinkToAsync(string email, int count)
    {
        List<MimeMessage> mails = [];
        await Wait.UntilAsync(async () =>
        {
            mails = [];
            foreach (var file in Directory.GetFiles(harbour.Mails, "*.eml").Order(StringComparer.Ordinal))
            {
                var mail = await MimeMessage.LoadAsync(file);
                if (mail.To.Mailboxes.Any(m => m.Address == email)) mails.Add(mail);
            }

            return mails.Count == count;
        });
        return Link().Match(mails[^1].TextBody ?? "").Value;
    }

    [GeneratedRegex(@"http://localhost:\d+/(join|reset)#[A-Za-z0-9_-]{43}")]
    private static partial Regex Link();
}
