using System.Text;
using System.Text.Json;
using Hybrid.Contracts;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Features.Agents;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Grants;

/// <summary>
/// The relay: hands a browser's request for URLs to the agent and the answer back (security.md § 3). It can delay or drop either; the
/// request is authenticated end to end, and the answer opens only in the browser that asked.
/// </summary>
public static class RelayUrls
{
    private static readonly Error TooLarge = new(
        ErrorKind.TooLarge, ErrorCodes.BodyTooLarge, $"The request is larger than {UrlLimits.Bytes} bytes.", "Nothing was changed. Ask for fewer objects at once.");

    private static readonly Error Malformed = new(ErrorKind.Invalid, "request.malformed", "The body is not JSON.", "Nothing was changed. Load the page again.");

    private static readonly Error NoAnswer = new(
        ErrorKind.AgentUnreachable, "agent.answer_malformed", "The storage agent answered with something that is no answer.", "Your work is saved. Tell its administrator, with this code.");

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/projects/{projectId:guid}/agents/{agentId:guid}/urls", Endpoint).WithTags("Grants").WithName(nameof(RelayUrls)).WithSummary("Hands a request for URLs to the agent, unread, and its sealed answer back.")
            .Accepts<UrlRequest>("application/json").Produces<string>(StatusCodes.Status200OK, "application/jose")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .Sends<Query>().ChangesNothing("the grant has its entry; each URL is in the customer's own record at the agent");

    private static async Task<IResult> Endpoint(Guid projectId, Guid agentId, HttpContext context, IMediator mediator, LinkTable links, ICurrentUser user, CancellationToken ct)
    {
        // 1. May they reach this agent at all? The grant inside says what for, and only the agent reads it.
        var allowed = await mediator.Send(new Query(projectId, agentId), ct);
        if (allowed.Refusal is { } refusal) return ResultToHttp.ToProblem(refusal);

        // 2. Taken as it is, within the limit.
        var buffer = new byte[UrlLimits.Bytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        if (length > UrlLimits.Bytes) return ResultToHttp.ToProblem(TooLarge);
        if (!IsJson(buffer.AsSpan(0, length))) return ResultToHttp.ToProblem(Malformed);

        // 3. Outside any transaction: an agent may take its time.
        var answer = await links.UrlsAsync(agentId, user.PersonId, new RelayedRequest(Encoding.UTF8.GetString(buffer, 0, length)), ct);
        if (answer.Refusal is { } none) return ResultToHttp.ToProblem(none);
        return ToHttp(answer.Value);
    }

    // What an agent says is data: a sealed answer in its own alphabet, or a problem with a code and a sentence.
    private static IResult ToHttp(RelayedAnswer answer)
    {
        if (answer is { Status: StatusCodes.Status200OK, Body: { Length: > 0 and <= UrlLimits.Bytes } jose } && jose.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return Results.Text(jose, "application/jose");
        if (answer.Status is < 400 or > 599 || answer.Body is not { Length: > 0 and <= 4096 } || Read(answer.Body) is not { Code.Length: > 0 and <= 100, Detail.Length: <= 1000 } said) return ResultToHttp.ToProblem(NoAnswer);
        return Results.Problem(
            statusCode: answer.Status, title: "The storage agent refused the request.", detail: said.Detail, extensions: new Dictionary<string, object?> { ["code"] = said.Code });
    }

    private static UrlRefusal? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<UrlRefusal>(body, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        try
        {
            // Nothing of a request is deeper than { objects: [ [ … ] ] }.
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 8 });
            while (reader.Read()) { }
            return body.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Which agent, for a project of the caller's.</summary>
    [Act(Acts.ProjectView)]
    public sealed record Query(Guid ProjectId, Guid AgentId) : IQuery<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Query query, CancellationToken ct)
        {
            var serves = await (
                from pc in db.ProjectConnections.AsNoTracking()
                join c in db.Connections on pc.ConnectionId equals c.Id
                join a in db.Agents on c.AgentId equals a.Id
                where pc.ProjectId == query.ProjectId && a.Id == query.AgentId && c.RemovedAt == null
                select new { a.RevokedAt }).FirstOrDefaultAsync(ct);
            if (serves is null) return RequestErrors.NotFound;
            return serves.RevokedAt is null ? Done.Value : AgentErrors.Revoked;
        }
    }
}
