using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Scim;
using MediatR;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>Changes a user at the directory's word: by a whole resource (PUT) or by operations (PATCH).</summary>
public static class ChangeUser
{
    internal static void Map(IEndpointRouteBuilder users)
    {
        users.MapPut("/{id}", Replace).WithName("ScimReplaceUser").Audits(AuditActs.PersonDirectoryChanged, AuditActs.PersonDeactivated, AuditActs.PersonReactivated);
        users.MapPatch("/{id}", Patch).WithName("ScimPatchUser").Audits(AuditActs.PersonDirectoryChanged, AuditActs.PersonDeactivated, AuditActs.PersonReactivated);
    }

    private static async Task<IResult> Replace(string id, IMediator mediator, HttpContext http, CancellationToken ct) => await ScimHttp.WithBodyAsync(
        http.Request, DirectoryPeople.Urn, async body => ScimHttp.Resource(http, await mediator.Send(new Command(id, body, false, ScimHttp.IfMatch(http)), ct)), ct);

    private static async Task<IResult> Patch(string id, IMediator mediator, HttpContext http, CancellationToken ct) => await ScimHttp.WithBodyAsync(
        http.Request, ScimPatch.Urn, async body => ScimHttp.Resource(http, await mediator.Send(new Command(id, body, true, ScimHttp.IfMatch(http)), ct)), ct);

    /// <summary>Which one, and what was sent.</summary>
    [Act(Acts.DirectoryProvision)]
    [Audits(AuditActs.PersonDirectoryChanged, AuditActs.PersonDeactivated, AuditActs.PersonReactivated)]
    public sealed record Command(string Id, JsonObject Body, bool IsPatch, string? IfMatch) : ICommand<JsonObject>, ITakesTurns
    {
        /// <summary>Two owners who are taken away at once would leave none.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => "organization roles";
    }

    internal sealed class Handler(DirectoryPeople directory) : IRequestHandler<Command, Result<JsonObject>>
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
            ScimPatch.Apply(DirectoryPeople.Schema, before, command.Body);
            return before;
        }
    }
}
