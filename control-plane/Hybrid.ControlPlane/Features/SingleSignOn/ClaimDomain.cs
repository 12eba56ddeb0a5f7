using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Claims a mail domain and proves it: the same call again looks for the record once more.</summary>
public static class ClaimDomain
{
    internal static void Map(IEndpointRouteBuilder sso)
    {
        sso.MapPut("/domains/{domain}", Endpoint).WithName(nameof(ClaimDomain)).WithSummary("Claims a domain, or looks for its proof again.").Sends<Command>();
        sso.MapDelete("/domains/{domain}", Remove).WithName("RemoveDomain").WithSummary("Gives a domain up.").Sends<RemoveCommand>();
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(string domain, IMediator mediator, DomainProof proof, CancellationToken ct)
    {
        // DNS is asked between two transactions, never within one.
        var claimed = await mediator.Send(new Command(domain, false), ct);
        if (!claimed.IsSuccess || claimed.Value.Verified || !await proof.IsPublishedAsync(claimed.Value.TxtName, claimed.Value.TxtValue, ct)) return claimed.ToHttp();
        return (await mediator.Send(new Command(domain, true), ct)).ToHttp();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string domain, IMediator mediator, CancellationToken ct) => (await mediator.Send(new RemoveCommand(domain), ct)).ToHttp();

    /// <summary>The domain, whether it is proven, and the TXT record that would prove it.</summary>
    public sealed record Response(string Domain, bool Verified, string TxtName, string TxtValue);

    /// <summary>Claims it.</summary>
    /// <param name="Domain">The domain.</param>
    /// <param name="Published">Its record was seen.</param>
    [Act(Acts.SingleSignOnManage)]
    [StepUp]
    [Audits(AuditActs.IdentityDomainClaimed, AuditActs.IdentityDomainVerified)]
    public sealed record Command(string Domain, bool Published) : ICommand<Response>;

    /// <summary>Gives it up.</summary>
    [Act(Acts.SingleSignOnManage)]
    [StepUp]
    [Audits(AuditActs.IdentityDomainRemoved)]
    public sealed record RemoveCommand(string Domain) : ICommand<Done>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Domain).Must(d => DomainProof.Normalize(d) is not null).WithMessage("A domain such as hospital.example.");
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, DomainProof proof, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>, IRequestHandler<RemoveCommand, Result<Done>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var domain = DomainProof.Normalize(command.Domain)!;
            var row = await db.IdentityDomains.SingleOrDefaultAsync(d => d.Domain == domain, ct);
            audit.NothingHappened = row is not null;
            if (row is null)
            {
                if (await db.IdentityDomains.CountAsync(ct) >= 100) return RequestErrors.Invalid(new Dictionary<string, string[]> { ["domain"] = ["At most 100 domains."] });
                db.IdentityDomains.Add(row = IdentityDomain.Create(user.OrganizationId, domain, SessionStore.NewToken()));
                audit.Record(AuditActs.IdentityDomainClaimed, null, [user.OrganizationId]);
            }

            if (row.VerifiedAt is null && proof.IsProven(domain, user.OrganizationId, command.Published))
            {
                if (await db.Through(Doors.ProvenDomain, domain).AnyAsync(ct)) return SingleSignOnErrors.DomainTaken;
                row.Verify(clock.GetUtcNow());
                audit.NothingHappened = false;
                audit.Record(AuditActs.IdentityDomainVerified, null, [user.OrganizationId]);
            }

            return new Response(domain, row.VerifiedAt is not null, DomainProof.RecordOf(domain), DomainProof.ValueOf(row.Token));
        }

        public async Task<Result<Done>> Handle(RemoveCommand command, CancellationToken ct)
        {
            var domain = DomainProof.Normalize(command.Domain);
            var row = await db.IdentityDomains.SingleOrDefaultAsync(d => d.Domain == domain, ct);
            if (row is null) return RequestErrors.NotFound;
            db.IdentityDomains.Remove(row);
            audit.Record(AuditActs.IdentityDomainRemoved, null, [user.OrganizationId]);
            return Done.Value;
        }
    }
}
