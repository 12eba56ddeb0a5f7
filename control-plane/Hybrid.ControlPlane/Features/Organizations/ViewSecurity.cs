using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Organizations;

/// <summary>Shows how sessions of the organization end and who needs a second factor.</summary>
public static class ViewSecurity
{
    internal static void Map(IEndpointRouteBuilder organization) => organization.MapGet("/security", Endpoint).WithName(nameof(ViewSecurity)).WithSummary("How people sign in.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>The settings.</summary>
    [Act(Acts.SecurityManage)]
    public sealed record Query : IQuery<Response>;

    /// <summary>The settings, and how many people have no second factor yet.</summary>
    public sealed record Response(int IdleMinutes, int AbsoluteHours, OrganizationRole? MfaFrom, int People, int WithoutMfa);

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var organization = await db.Organizations.AsNoTracking().SingleAsync(o => o.Id == user.OrganizationId, ct);
            var people = from m in db.OrganizationMembers join p in db.Users on m.PersonId equals p.Id where !p.IsServiceAccount select p;
            return new Response(organization.IdleMinutes, organization.AbsoluteHours, organization.MfaFrom, await people.CountAsync(ct), await people.CountAsync(p => !p.TwoFactorEnabled, ct));
        }
    }
}
