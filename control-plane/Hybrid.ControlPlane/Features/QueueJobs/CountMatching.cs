using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.QueueJobs;

/// <summary>How many tasks an act with a filter would be about, before it is done.</summary>
public static class CountMatching
{
    internal static void Map(IEndpointRouteBuilder jobs) => jobs.MapPost("/count", Endpoint).WithName(nameof(CountMatching)).WithSummary("How many tasks an act would be about.").Sends<Query>().ChangesNothing("it counts");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId, body.Act, body.Filter), ct)).ToHttp();

    /// <summary>What is to be done with which tasks.</summary>
    public sealed record Body(QueueAct Act, QueueFilter Filter);

    /// <summary>Counts.</summary>
    [Act(Acts.QueueManage)]
    public sealed record Query(Guid ProjectId, QueueAct Act, QueueFilter Filter) : IQuery<Response>, IInProject;

    /// <summary>How many match now.</summary>
    public sealed record Response(int Tasks);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Act).IsInEnum().NotEqual(QueueAct.Undo);
            RuleFor(q => q.Filter).NotNull().SetValidator(new QueueFilterRules());
        }
    }

    internal sealed class Handler(ControlPlaneDb db, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct) =>
            new Response(await QueueJobText.Matching(db, query.ProjectId, query.Act, query.Filter, clock.GetUtcNow()).CountAsync(ct));
    }
}
