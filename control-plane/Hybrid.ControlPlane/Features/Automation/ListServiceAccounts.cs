using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Automation;

/// <summary>Lists service accounts with their keys: never a secret, only its prefix.</summary>
public static class ListServiceAccounts
{
    /// <summary>More accounts than an organization has; the first by name are shown.</summary>
    private const int Most = 500;

    internal static void Map(IEndpointRouteBuilder accounts) => accounts.MapGet("", Endpoint).WithName(nameof(ListServiceAccounts)).WithSummary("Service accounts and their keys.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>All of them.</summary>
    [Act(Acts.KeysManage)]
    public sealed record Query : IQuery<Response>;

    /// <summary>Accounts by name, and every scope that a key can have.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, IReadOnlyList<string> Scopes);

    /// <summary>An account.</summary>
    public sealed record Item(Guid Id, string Name, OrganizationRole Role, int Projects, DateTimeOffset CreatedAt, IReadOnlyList<KeyItem> Keys);

    /// <summary>A key. Projects is null when it is valid for all of the account's.</summary>
    public sealed record KeyItem(
        Guid Id, string Name, string Prefix, IReadOnlyList<string> Scopes, IReadOnlyList<Guid>? Projects, IReadOnlyList<string> Addresses, DateTimeOffset CreatedAt,
        DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, Guid? ReplacedBy);

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var accounts = await (
                from m in db.OrganizationMembers.AsNoTracking()
                join p in db.Users.AsNoTracking() on m.PersonId equals p.Id
                where p.IsServiceAccount
                orderby p.DisplayName, p.Id
                select new { p.Id, p.DisplayName, m.Role, m.CreatedAt, Projects = db.ProjectMembers.Count(x => x.PersonId == p.Id) }).Take(Most).ToListAsync(ct);
            var ids = accounts.ConvertAll(a => a.Id);
            var keys = (await db.ApiKeys.AsNoTracking().Where(k => ids.Contains(k.AccountId)).OrderByDescending(k => k.Id).ToListAsync(ct)).ToLookup(k => k.AccountId);
            return new Response(
                [
                    .. accounts.Select(a => new Item(a.Id, a.DisplayName, a.Role, a.Projects, a.CreatedAt,
                    [
                        .. keys[a.Id].Select(k => new KeyItem(k.Id, k.Name, k.Prefix, k.Scopes, k.Projects, k.Addresses, k.CreatedAt, k.ExpiresAt, k.RevokedAt, k.LastUsedAt, k.ReplacedBy)),
                    ])),
                ],
                KeyRules.Scopes);
        }
    }
}
