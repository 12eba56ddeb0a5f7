using System.Text;
using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Guidelines;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Guidelines;

/// <summary>Adds a picture for the guidelines: a reference to an object of the project's storage, or to an asset's. The same object is added once.</summary>
public static class AddGuidelinePicture
{
    internal static void Map(IEndpointRouteBuilder guidelines) => guidelines.MapPost("/pictures", Endpoint).WithName(nameof(AddGuidelinePicture)).WithSummary("Adds a picture for the guidelines.").Sends<Command>();

    private static async Task<Results<Ok<GuidelinePictureView>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.AssetId, body.ConnectionId, body.Key), ct)).ToHttp();

    /// <summary>An asset of the project, or an object by its connection and key.</summary>
    public sealed record Body(Guid? AssetId, Guid? ConnectionId, string? Key);

    /// <summary>Adds.</summary>
    [Act(Acts.GuidelineManage)]
    [Audits(AuditActs.GuidelinePictureAdded)]
    public sealed record Command(Guid ProjectId, Guid? AssetId, Guid? ConnectionId, string? Key) : ICommand<GuidelinePictureView>, IInProject;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c).Must(c => c.AssetId is not null ? c.ConnectionId is null && c.Key is null : c.ConnectionId is not null && !string.IsNullOrEmpty(c.Key))
                .WithMessage("Name an asset, or a connection and a key.").OverridePropertyName("Key");
            RuleFor(c => c.Key).Must(k => k is null || (Encoding.UTF8.GetByteCount(k) <= 1024 && !k.Any(char.IsControl))).WithMessage("A key has at most 1,024 bytes of UTF-8 and no control characters.");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<GuidelinePictureView>>
    {
        public async Task<Result<GuidelinePictureView>> Handle(Command command, CancellationToken ct)
        {
            var (connectionId, key) = (command.ConnectionId, command.Key);
            if (command.AssetId is { } assetId)
            {
                var asset = await db.Assets.AsNoTracking().SingleOrDefaultAsync(a => a.Id == assetId && a.ProjectId == command.ProjectId, ct);
                if (asset is null) return GuidelineErrors.UnknownObject;
                (connectionId, key) = (asset.ConnectionId, asset.Key);
            }

            var connection = await (
                from pc in db.ProjectConnections.AsNoTracking()
                join c in db.Connections.AsNoTracking() on pc.ConnectionId equals c.Id
                where pc.ProjectId == command.ProjectId && c.Id == connectionId && c.RemovedAt == null
                select c.Name).SingleOrDefaultAsync(ct);
            if (connection is null) return GuidelineErrors.UnknownObject;
            var before = await db.GuidelinePictures.AsNoTracking().SingleOrDefaultAsync(p => p.ProjectId == command.ProjectId && p.ConnectionId == connectionId && p.Key == key, ct);
            if (before is not null)
            {
                audit.NothingHappened = true;
                return new GuidelinePictureView(before.Id, connection, before.Key, before.PublishedIn);
            }

            var picture = GuidelinePicture.Create(user.OrganizationId, command.ProjectId, connectionId!.Value, key!, user.PersonId, clock.GetUtcNow());
            db.GuidelinePictures.Add(picture);
            audit.Record(AuditActs.GuidelinePictureAdded, command.ProjectId, [picture.Id, picture.ConnectionId]);
            return new GuidelinePictureView(picture.Id, connection, picture.Key, null);
        }
    }
}
