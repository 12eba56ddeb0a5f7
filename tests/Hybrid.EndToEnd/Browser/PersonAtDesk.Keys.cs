using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>What they do by the keyboard alone: what has the focus gets the keys, nothing else is touched.</summary>
internal sealed partial class PersonAtDesk
{
    // By its label, as screen readers say it: of a field, of a control, or what it shows.
    private const string FocusedName = "() => { const e = document.activeElement; return e?.labels?.[0]?.innerText ?? e?.ariaLabel ?? e?.innerText ?? ''; }";

    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys) await Page.Keyboard.PressAsync(key);
    }

    public Task TypeAsync(string text) => Page.Keyboard.TypeAsync(text);

    /// <summary>Presses a key some times.</summary>
    public async Task PressTimesAsync(string key, int times)
    {
        for (var i = 0; i < times; i++) await Page.Keyboard.PressAsync(key);
    }

    /// <summary>Goes on by Tab until the control of this name has the focus; fails when it never comes.</summary>
    public async Task TabToAsync(string name)
    {
        var passed = new List<string>();
        while (passed.Count < 80)
        {
            await Page.Keyboard.PressAsync("Tab");
            var focused = (await Page.EvaluateAsync<string>(FocusedName)).Trim();
            if (focused.Split('\n')[0].Trim() == name) return;
            passed.Add(focused);
        }

        Assert.Fail($"Tab never came to “{name}”, only to: {string.Join(" · ", passed)}");
    }

    /// <summary>Signs in as a page that was just opened lets one: the field to type in has the focus.</summary>
    public async Task SignInByKeysAsync(string email, string password)
    {
        await GoAsync("/");
        await Assertions.Expect(Page.GetByLabel("E-mail")).ToBeFocusedAsync();
        await TypeAsync(email);
        await PressAsync("Enter");
        await Assertions.Expect(Page.GetByLabel("Password")).ToBeFocusedAsync();
        await TypeAsync(password);
        await PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
    }

    /// <summary>Goes to a page by the palette of commands.</summary>
    public async Task GoByPaletteAsync(string name)
    {
        await PressAsync("Control+k");
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog).Locator(":focus")).ToBeVisibleAsync();
        await TypeAsync(name);
        await Assertions.Expect(Page.GetByRole(AriaRole.Option, new() { Selected = true })).ToContainTextAsync(name);
        await PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1 })).ToBeVisibleAsync();
    }

    /// <summary>Waits until the picture has the focus, so that keys are for it.</summary>
    public Task HasPictureInFocusAsync() => Assertions.Expect(Page.GetByRole(AriaRole.Application)).ToBeFocusedAsync();
}
