using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.EndToEnd.Product;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>A person of two organizations chooses one as they sign in and goes to the other in the rail; an owner sees what the provider's groups give and makes the directory's key.</summary>
[Collection(nameof(Chromium))]
public sealed class OrganizationPagesTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1024, 768)]
    public async Task Organization_IsChosenAtSignIn_AndChangedInTheRail(ColorScheme scheme, int width, int height)
    {
        var email = $"two-{Guid.NewGuid():N}@example.org";
        await Installation.OwnerBrowser.PostAsync("/api/people", new { email, name = "Tova Two", role = "member", password = Installation.Password });
        var second = $"Second clinic {width}";
        await using (var db = Installation.OpenDatabase())
        {
            var now = DateTimeOffset.UtcNow;
            var person = await db.Users.SingleAsync(p => p.Email == email, TestContext.Current.CancellationToken);
            var organization = Organization.Create(second, now);
            var provider = IdentityProvider.Create(organization.Id, now);
            provider.Identify("Clinic", "https://login.clinic.example", "hybrid", "openid profile email");
            provider.Admit("groups", """[{"Group":"radiology","OrganizationRole":0,"ProjectId":null,"ProjectRole":null,"TeamId":null}]""", justInTime: true, enforced: false, []);
            db.AddRange(organization, OrganizationMember.Create(organization.Id, person.Id, OrganizationRole.Owner, now.AddMinutes(1)), provider);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var tova = await PersonAtDesk.OutsideAsync(chromium, Installation, scheme, width, height);
        var page = tova.Page;
        await tova.GoAsync("/");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByLabel("Password").FillAsync(Installation.Password);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Where do you work today?" })).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(tova, "choosing an organization");
        await Shots.TakeAsync(page, "organization-choice", scheme);
        await page.GetByRole(AriaRole.Button, new() { Name = second }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();

        await tova.GoAsync("/security");
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Group", Exact = true })).ToHaveValueAsync("radiology");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a rule" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the groups" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This is needed.")).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(tova, "groups and directory");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Groups of the provider" }).ScrollIntoViewIfNeededAsync();
        await Shots.TakeAsync(page, "groups", scheme);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove rule 2" }).ClickAsync();
        await Assertions.Expect(page.GetByText("/scim/v2").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a key for a year" }).ClickAsync();
        await Assertions.Expect(page.GetByText("hyk1_").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Copy" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Renew or revoke keys" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Directory (SCIM 2.0)" }).ScrollIntoViewIfNeededAsync();
        await Shots.TakeAsync(page, "directory", scheme);

        await page.GetByRole(AriaRole.Button, new() { Name = "Change organization" }).ClickAsync();
        await AccessibilityTests.CheckAsync(tova, "changing the organization");
        await Shots.TakeAsync(page, "organization-change", scheme);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Harbour hospital" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Harbour hospital: Change organization" })).ToBeVisibleAsync();
        // A member there: the security page of the other organization is not theirs here.
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Security" })).Not.ToBeVisibleAsync();
        Assert.Empty(tova.Complaints);
    }
}
