using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>A project admin takes note of what was announced; not the one whom it is about.</summary>
public static class NoteNotice
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapPost("/{projectId:guid}/notices/{noticeId:guid}/note", Endpoint).WithName(nameof(NoteNotice)).WithSummary("Takes note of an announcement.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid noticeId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, noticeId), ct)).ToHttp();

    /// <summary>Which one.</summary>
    [Act(Acts.ProjectManage)]
    [Audits(AuditActs.NoticeNoted)]
    public sealed record Command(Guid ProjectId, Guid NoticeId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        private static readonly Error Own = new(ErrorKind.Conflict, "notice.own", "This announcement is about you.", "Nothing was changed. It stays until another project admin has taken note.");

        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var notice = await db.ProjectNotices.SingleOrDefaultAsync(n => n.ProjectId == command.ProjectId && n.Id == command.NoticeId, ct);
            if (notice is null) return RequestErrors.NotFound;
            if (notice.PersonId == user.PersonId) return Own;
            if (notice.NotedAt is not null)
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            notice.Note(user.PersonId, clock.GetUtcNow());
            audit.Record(AuditActs.NoticeNoted, command.ProjectId, [notice.Id, notice.PersonId]);
            return Done.Value;
        }
    }
}
