using System.CommandLine;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Features.Grants;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Security.Keys;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>Makes a new grant key, announced by the old one; grants signed by the old one go on until they lapse.</summary>
internal static class RotateKeys
{
    public static Command Verb()
    {
        var command = new Command("rotate-keys", "Makes a new grant key; no request fails meanwhile.");
        command.SetAction((_, ct) => VerbHost.RunAsync(async services =>
        {
            var db = services.GetRequiredService<ControlPlaneDb>();
            var organizations = await db.Through(Doors.EveryOrganization).Select(o => o.Id).ToListAsync(ct);
            var key = await services.GetRequiredService<GrantKeys>().AppendAsync(ct);
            foreach (var organization in organizations)
            {
                await using var scope = await TenantScope.OpenAsync(db, organization, null, ct);
                services.GetRequiredService<AuditTrail>().RecordAs(ActorKind.System, null, AuditActs.GrantKeyRotated, null, [], new { key = key.KeyId, sequence = key.Sequence });
                await scope.CommitAsync(ct);
            }

            Console.WriteLine($"{key.KeyId} ({KeyFingerprint.Words(key.KeyId)})");
            return 0;
        }));
        return command;
    }
}
