using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Scim;
using MediatR;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>Changes a group at the directory's word: by a whole resource (PUT) or by operations (PATCH).</summary>
public static class ChangeGroup
{
    internal static void Map(IEndpointRouteBuilder groups)
    {
        groups.MapPut("/{id}", Replace).WithName("ScimReplaceGroup").Audits(AuditActs.TeamRenamed, AuditActs.TeamMemberAdded, AuditActs.TeamMemberRemoved);
        groups.MapPatch("/{id}", Patch).WithName("ScimPatchGroup").Audits(AuditActs.TeamRenamed, AuditActs.TeamMemberAdded, AuditActs.TeamMemberRemoved);
    }

    private static async Task<IResult> Replace(string id, IMediator mediator, HttpContext http, CancellationToken ct) => await ScimHttp.WithBodyAsync(
        http.Request, DirectoryGroups.Urn, async body => ScimHttp.Resource(http, await mediator.Send(new Command(id, body, false, ScimHttp.IfMatch(http)), ct)), ct);

    private static async Task<IResult> Patch(string id, IMediator mediator, HttpContext http, CancellationToken ct) => await ScimHttp.WithBodyAsync(
        http.Request, ScimPatch.Urn, async body => ScimHttp.Resource(http, await mediator.Send(new Command(id, body, true, ScimHttp.IfMatch(http)), ct)), ct);

    /// <summary>Which one, and what was sent.</summary>
    [Act(Acts.DirectoryProvision)]
    [Audits(AuditActs.TeamRenamed, AuditActs.TeamMemberAdded, AuditActs.TeamMemberRemoved)]
    public sealed record Command(string Id, JsonObject Body, bool IsPatch, string? IfMatch) : ICommand<JsonObject>, ITakesTurns
    {
        /// <summary>Two changes of a group that are worked out from the same members would lose one.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"scim groups {personId}";
    }

    internal sealed class Handler(DirectoryGroups directory) : IRequestHandler<Command, Result<JsonObject>>
    {
        public async Task<Result<JsonObject>> Handle(Command command, CancellationToken ct) => await ScimResult.OfAsync<JsonObject>(async () =>
        {
            if (!Guid.TryParse(command.Id, out var id)) return RequestErrors.NotFound;
            var changed = await directory.ChangeAsync(id, before => Changed(command, before), command.IfMatch, ct);
            return changed.IsSuccess ? (await directory.ResourceAsync(id, ct))! : changed.Refusal!;
        });

        private static JsonObject Changed(Command command, JsonObject before)
        {
            if (!command.IsPatch) return command.Body;
            ScimPatch.Apply(DirectoryGroups.Schema, before, command.Body);
            return before;
        }
    }
}
