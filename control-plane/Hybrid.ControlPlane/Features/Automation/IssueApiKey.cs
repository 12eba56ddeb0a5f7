using System.Net;
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

/// <summary>Issues a key for a service account; its text is shown once and kept by nobody.</summary>
public static class IssueApiKey
{
    internal static void Map(IEndpointRouteBuilder accounts) => accounts.MapPost("/{accountId:guid}/keys", Endpoint).WithName(nameof(IssueApiKey)).WithSummary("Issues an API key.").Sends<Command>();

    private static async Task<Results<Ok<IssuedKey>, ProblemHttpResult>> Endpoint(Guid accountId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(accountId, body), ct)).ToHttp();

    /// <summary>
    /// What the key is for. Projects null = all of the account's. Addresses are networks (CIDR); none = any. KeyThumbprint (RFC 7638) names the
    /// program's own key, which grants for objects are bound to.
    /// </summary>
    public sealed record Body(string Name, IReadOnlyList<string> Scopes, IReadOnlyList<Guid>? Projects, IReadOnlyList<string>? Addresses, string? KeyThumbprint, DateTimeOffset ExpiresAt);

    /// <summary>Issues.</summary>
    [Act(Acts.KeysManage)]
    [StepUp]
    [Audits(AuditActs.ApiKeyIssued)]
    public sealed record Command(Guid AccountId, Body Body) : ICommand<IssuedKey>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.Body.Name).IsName(200);
            RuleFor(c => c.Body.Scopes).NotEmpty().Must(s => s is null || s.All(KeyRules.Scopes.Contains)).WithMessage("A scope is one of the listed acts.");
            RuleFor(c => c.Body.Projects).Must(p => p is null || p.Count is > 0 and <= 500).WithMessage("Name 1–500 projects, or none for all of the account's.");
            RuleFor(c => c.Body.Addresses).Must(a => a is null || (a.Count <= 50 && a.All(n => n is { Length: <= 50 } && IPNetwork.TryParse(n, out _)))).WithMessage("At most 50 networks, such as 192.0.2.0/24 or 2001:db8::/32.");
            RuleFor(c => c.Body.KeyThumbprint).Matches("^[A-Za-z0-9_-]{43}$").WithMessage("An RFC 7638 thumbprint has 43 characters.");
            RuleFor(c => c.Body.KeyThumbprint).NotEmpty().When(c => c.Body.Scopes?.Contains(ApiKey.FetchScope) == true).WithMessage("Grants are bound to the program's own key: give its thumbprint.");
            RuleFor(c => c.Body.ExpiresAt).Must(e => e > clock.GetUtcNow() && e <= clock.GetUtcNow() + ApiKey.MaxLifetime).WithMessage("A key ends between now and a year from now.");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<IssuedKey>>
    {
        public async Task<Result<IssuedKey>> Handle(Command command, CancellationToken ct)
        {
            var body = command.Body;
            if (body.Scopes.Contains(Acts.DirectoryProvision) && user.OrganizationRole < OrganizationRole.Owner) return KeyRules.OwnersOnly;
            var isAccount = await (from m in db.OrganizationMembers join p in db.Users on m.PersonId equals p.Id where p.Id == command.AccountId && p.IsServiceAccount select p.Id).AnyAsync(ct);
            if (!isAccount) return RequestErrors.NotFound;
            var projects = body.Projects?.Distinct().ToList();
            if (projects is not null && await db.ProjectMembers.CountAsync(m => m.PersonId == command.AccountId && projects.Contains(m.ProjectId), ct) < projects.Count) return KeyRules.UnknownProject;
            var (key, text) = ApiKey.Issue(
                user.OrganizationId, command.AccountId, new ApiKeyTerms(body.Name, body.Scopes, projects, body.Addresses ?? [], body.KeyThumbprint, body.ExpiresAt), user.PersonId, clock.GetUtcNow());
            db.ApiKeys.Add(key);
            audit.Record(AuditActs.ApiKeyIssued, null, [key.Id, command.AccountId], new { prefix = key.Prefix, scopes = key.Scopes, projects = key.Projects, expires = key.ExpiresAt.ToUnixTimeSeconds() });
            return new IssuedKey(key.Id, text.ToString(), key.Prefix, key.ExpiresAt);
        }
    }
}
