using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Talk;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>How many threads wait for the caller; each counted up to 100, since nobody reads further.</summary>
public static class CountThreads
{
    private const int Most = 100;

    internal static void Map(IEndpointRouteBuilder threads) => threads.MapGet("/counts", Endpoint).WithName(nameof(CountThreads)).WithSummary("How many threads wait.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.ThreadTakePart)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>Open ones, and those with something new for the caller.</summary>
    public sealed record Response(int Open, int Unread);

    internal sealed class Handler(ThreadSight sight) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct) => new Response(
            await sight.In(query.ProjectId).Where(t => t.Status == ThreadStatus.Open).Take(Most).CountAsync(ct),
            await sight.Unread(sight.In(query.ProjectId)).Take(Most).CountAsync(ct));
    }
}
