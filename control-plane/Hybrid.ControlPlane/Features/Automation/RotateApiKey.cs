using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Automation;

/// <summary>Issues a key on the same terms in place of another, which stays valid for an overlap.</summary>
public static class RotateApiKey
{
    /// <summary>Longest overlap, in minutes: a week.</summary>
    private const int MaxOverlap = 7 * 24 * 60;

    internal static void Map(IEndpointRouteBuilder accounts) =>
        accounts.MapPost("/{accountId:guid}/keys/{keyId:guid}/rotate", Endpoint).WithName(nameof(RotateApiKey)).WithSummary("Replaces an API key, with an overlap.").Sends<Command>();

    private static async Task<Results<Ok<IssuedKey>, ProblemHttpResult>> Endpoint(Guid accountId, Guid keyId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(accountId, keyId, body.OverlapMinutes, body.ExpiresAt), ct)).ToHttp();

    /// <summary>How long both keys are valid (0–10,080 minutes), and when the new one ends.</summary>
    public sealed record Body(int OverlapMinutes, DateTimeOffset ExpiresAt);

    /// <summary>Rotates.</summary>
    [Act(Acts.KeysManage)]
    [StepUp]
    [Audits(AuditActs.ApiKeyRotated)]
    public sealed record Command(Guid AccountId, Guid KeyId, int OverlapMinutes, DateTimeOffset ExpiresAt) : ICommand<IssuedKey>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.OverlapMinutes).InclusiveBetween(0, MaxOverlap);
            RuleFor(c => c.ExpiresAt).Must(e => e > clock.GetUtcNow() && e <= clock.GetUtcNow() + ApiKey.MaxLifetime).WithMessage("A key ends between now and a year from now.");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<IssuedKey>>
    {
        public async Task<Result<IssuedKey>> Handle(Command command, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var old = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == command.KeyId && k.AccountId == command.AccountId, ct);
            if (old is null) return RequestErrors.NotFound;
            if (old.Scopes.Contains(Acts.DirectoryProvision) && user.OrganizationRole < OrganizationRole.Owner) return KeyRules.OwnersOnly;
            if (!old.IsLive(now) || old.ReplacedBy is not null) return KeyRules.NotLive;
            var (key, text) = old.Rotate(TimeSpan.FromMinutes(command.OverlapMinutes), command.ExpiresAt, user.PersonId, now);
            db.ApiKeys.Add(key);
            audit.Record(AuditActs.ApiKeyRotated, null, [old.Id, key.Id, command.AccountId], new { prefix = key.Prefix, overlapMinutes = command.OverlapMinutes, expires = key.ExpiresAt.ToUnixTimeSeconds() });
            return new IssuedKey(key.Id, text.ToString(), key.Prefix, key.ExpiresAt);
        }
    }
}
