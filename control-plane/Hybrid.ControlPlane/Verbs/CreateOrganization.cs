using System.CommandLine;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>Makes an organization with its owner: the one act that nobody can do in the browser.</summary>
internal static class CreateOrganization
{
    public static Command Verb()
    {
        var name = new Option<string>("--name") { Required = true, Description = "The organization's name." };
        var email = new Option<string>("--owner-email") { Required = true, Description = "The owner signs in with it." };
        var owner = new Option<string>("--owner-name") { Required = true, Description = "The owner's name." };
        var password = new Option<string>("--password-file") { Required = true, Description = "File with the owner's first password (at least 12 characters)." };
        var command = new Command("create-organization", "Makes an organization with its owner.") { name, email, owner, password };
        command.SetAction((parsed, ct) => VerbHost.RunAsync(services => RunAsync(
            services, parsed.GetValue(name)!, parsed.GetValue(email)!, parsed.GetValue(owner)!, File.ReadAllText(parsed.GetValue(password)!).Trim(), ct)));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string name, string email, string owner, string password, CancellationToken ct)
    {
        var db = services.GetRequiredService<ControlPlaneDb>();
        var options = services.GetRequiredService<ControlPlaneOptions>();
        if (options.Database.Provider == DatabaseProvider.Sqlite)
        {
            if ((await Schema.MigrateAsync(options.Database, ct)).Refusal is { } refusal)
            {
                await Console.Error.WriteLineAsync(refusal);
                return 2;
            }

            if (await db.Organizations.AnyAsync(ct))
            {
                await Console.Error.WriteLineAsync("SQLite serves one organization and has one already: use PostgreSQL for several.");
                return 2;
            }
        }

        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var organization = Organization.Create(name, now);
        var person = new Person { Id = Guid.CreateVersion7(now), UserName = email, Email = email, DisplayName = owner, CreatedAt = now };
        await using var scope = await TenantScope.OpenAsync(db, organization.Id, null, ct);
        db.Organizations.Add(organization);
        var created = await services.GetRequiredService<UserManager<Person>>().CreateAsync(person, password);
        if (!created.Succeeded)
        {
            await Console.Error.WriteLineAsync(string.Join(" ", created.Errors.Select(e => e.Description)));
            return 1;
        }

        db.OrganizationMembers.Add(OrganizationMember.Create(organization.Id, person.Id, OrganizationRole.Owner, now));
        services.GetRequiredService<AuditTrail>().RecordAs(ActorKind.System, null, AuditActs.OrganizationCreated, null, [organization.Id, person.Id]);
        await scope.CommitAsync(ct);
        Console.WriteLine(organization.Id);
        return 0;
    }
}
