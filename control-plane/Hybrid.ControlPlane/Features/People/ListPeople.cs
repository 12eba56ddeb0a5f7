using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>Lists the organization's people by name, page by page.</summary>
public static class ListPeople
{
    internal static void Map(IEndpointRouteBuilder people) => people.MapGet("", Endpoint).WithName(nameof(ListPeople)).WithSummary("People of the organization.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 100, string? search = null, AnyCase<MemberStatus>? status = null, Guid? teamId = null) =>
        (await mediator.Send(new Query(after, limit, search, status?.Value, teamId), ct)).ToHttp();

    /// <summary>A page after a person, of those whose name or e-mail address contains a text, of one status, of one team.</summary>
    [Act(Acts.PeopleManage)]
    public sealed record Query(Guid? After, int Limit, string? Search, MemberStatus? Status, Guid? TeamId) : IQuery<Response>;

    /// <summary>People, and the id to go on after. Total counts all that match; it comes with the first page only.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, Guid? Next, int? Total);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 200);
            RuleFor(q => q.Search).MaximumLength(200);
            RuleFor(q => q.Status).IsInEnum();
        }
    }

    /// <summary>A person; the e-mail address is shown to those alone who manage people.</summary>
    public sealed record Item(PersonRef Person, string Email, OrganizationRole Role, MemberStatus Status, int Projects, DateTimeOffset CreatedAt, DateTimeOffset? LastActiveAt, InvitationView? Invitation);

    internal sealed class Handler(ControlPlaneDb db, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var people = from m in db.OrganizationMembers.AsNoTracking() join p in db.Users on m.PersonId equals p.Id where !p.IsServiceAccount
                // An account's own name, once its person has joined: till then what they are called elsewhere is not told.
                select new { Member = m, Person = p, Name = m.Status == MemberStatus.Invited && (p.PasswordHash != null || p.EmailConfirmed) ? p.Email! : p.DisplayName };
            if (query.Status is { } status) people = people.Where(x => x.Member.Status == status);
            if (query.TeamId is { } team) people = people.Where(x => db.TeamMembers.Any(m => m.TeamId == team && m.PersonId == x.Person.Id));
            if (!string.IsNullOrWhiteSpace(query.Search))
            {
                var text = query.Search.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL, where the database's own lower() is meant.
                people = people.Where(x => x.Name.ToLower().Contains(text) || x.Person.Email!.ToLower().Contains(text));
#pragma warning restore CA1304, CA1311, CA1862
            }

            int? total = query.After is null ? await people.CountAsync(ct) : null;
            if (query.After is { } after)
            {
                var name = await db.OrganizationMembers.Where(m => m.PersonId == after).Join(db.Users, m => m.PersonId, p => p.Id, (m, p) => m.Status == MemberStatus.Invited && (p.PasswordHash != null || p.EmailConfirmed) ? p.Email! : p.DisplayName).SingleOrDefaultAsync(ct);
                if (name is null) return RequestErrors.NotFound;
                people = people.Where(x => string.Compare(x.Name, name) > 0 || (x.Name == name && x.Person.Id > after));
            }

            var rows = await people.OrderBy(x => x.Name).ThenBy(x => x.Person.Id)
                .Select(x => new { x.Person.Id, x.Name, x.Person.Email, x.Member.Role, x.Member.Status, x.Member.CreatedAt })
                .Take(query.Limit + 1).ToListAsync(ct);
            var ids = rows.Select(r => r.Id).ToList();
            var projects = await Places.At(db, clock.GetUtcNow()).Where(p => ids.Contains(p.PersonId) && db.Projects.Any(x => x.Id == p.ProjectId && x.DeletedAt == null)).Select(p => new { p.PersonId, p.ProjectId }).Distinct()
                .GroupBy(p => p.PersonId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
            var active = await db.Sessions.AsNoTracking().Where(s => ids.Contains(s.PersonId)).GroupBy(s => s.PersonId).Select(g => new { g.Key, At = g.Max(s => s.LastActiveAt) }).ToDictionaryAsync(g => g.Key, g => (DateTimeOffset?)g.At, ct);
            var invitations = await InvitationView.OfAsync(db, [.. rows.Where(r => r.Status == MemberStatus.Invited).Select(r => r.Id)], clock.GetUtcNow(), ct);
            return new Response(
                [.. rows.Take(query.Limit).Select(r => new Item(new PersonRef(r.Id.ToString(), r.Name), r.Email ?? "", r.Role, r.Status, projects.GetValueOrDefault(r.Id), r.CreatedAt, active.GetValueOrDefault(r.Id), invitations.GetValueOrDefault(r.Id)))],
                rows.Count > query.Limit ? rows[query.Limit - 1].Id : null,
                total);
        }
    }
}
