using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>What waits in threads is told by mail: after half an hour, once a day, and with nothing but a link, on each database.</summary>
public abstract class ThreadMailTests(DatabaseProvider provider) : IAsyncLifetime
{
    private MailServer mail = null!;
    private ControlPlaneHost host = null!;
    private Town town = null!;

    public async ValueTask InitializeAsync()
    {
        mail = MailServer.Start();
        host = await ControlPlaneHost.StartAsync(provider, mail.Settings);
        town = await Town.BuildAsync(host, 2);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
        if (mail is not null) await mail.DisposeAsync();
    }

    [Fact]
    public async Task Digest_ComesAfterHalfAnHour_OnceADay_AndHoldsNothingButALink()
    {
        var threads = $"/api/projects/{town.Project}/threads";
        var asset = (await town.NextAsync(town.Ana))!.Value.GetProperty("asset").GetProperty("id").GetGuid();
        var id = (await town.Ana.PostAsync(threads, new { assetId = asset, kind = "question", anchor = new { kind = "asset" }, text = $"@[{town.Ben.PersonId}] what is this?" })).GetProperty("id").GetGuid();
        Assert.Empty(mail.Mails);

        host.Clock.Advance(TimeSpan.FromMinutes(31));
        await Wait.UntilAsync(() => Task.FromResult(!mail.Mails.IsEmpty));

        var sent = Assert.Single(mail.Mails);
        Assert.StartsWith("ben-", sent.To.Mailboxes.Single().Address, StringComparison.Ordinal);
        Assert.Contains($"{host.Url}projects", sent.TextBody, StringComparison.Ordinal);
        foreach (var secret in new[] { "Boats", "what is this", "ana", "#" }) Assert.DoesNotContain(secret, sent.Subject + sent.TextBody, StringComparison.OrdinalIgnoreCase);
        await Wait.UntilAsync(async () => (await host.AuditAsync()).Any(e => e.Act == AuditActs.MailSent));

        // More on the same day waits for the next; what was seen meanwhile is told no more.
        await town.Ana.PostAsync($"{threads}/{id}/comments", new { text = "Anybody?" });
        host.Clock.Advance(TimeSpan.FromMinutes(31));
        await town.Ben.SendAsync(HttpMethod.Post, $"{threads}/{id}/seen");
        host.Clock.Advance(TimeSpan.FromHours(25));
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Single(mail.Mails);
    }
}

public sealed class ThreadMailOnSqliteTests() : ThreadMailTests(DatabaseProvider.Sqlite);

public sealed class ThreadMailOnPostgresTests() : ThreadMailTests(DatabaseProvider.Postgres);
