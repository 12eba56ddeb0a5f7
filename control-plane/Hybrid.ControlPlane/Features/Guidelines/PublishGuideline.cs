using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Guidelines;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Live;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Security;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Guidelines;

/// <summary>Puts a new version of the guidelines in force; labels keep the version that they were made under.</summary>
public static partial class PublishGuideline
{
    internal static void Map(IEndpointRouteBuilder guidelines) => guidelines.MapPut("", Endpoint).WithName(nameof(PublishGuideline)).WithSummary("Publishes a new version of the guidelines.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, HttpRequest request, IMediator mediator, LiveNotices live, CancellationToken ct)
    {
        if (!int.TryParse(request.Headers.IfMatch.ToString().Trim('"'), out var based)) return ResultToHttp.ToProblem(GuidelineErrors.NoPrecondition);
        var result = await mediator.Send(new Command(projectId, based, body.Text, body.Sections, body.Reason, body.MustRead), ct);
        if (result.IsSuccess) await live.TellAllAsync(projectId, LiveKinds.Guidelines);
        return result.ToHttp();
    }

    /// <summary>The whole text, the sections of classes, why, and whether it is to be read before the next claim.</summary>
    public sealed record Body(string Text, IReadOnlyDictionary<string, string> Sections, string Reason, bool MustRead);

    /// <summary>Publishes a version based on another; 0 for the first.</summary>
    [Act(Acts.GuidelineManage)]
    [Audits(AuditActs.GuidelineVersionCreated)]
    public sealed record Command(Guid ProjectId, int BasedOn, string Text, IReadOnlyDictionary<string, string> Sections, string Reason, bool MustRead) : ICommand<Response>, IInProject;

    /// <summary>The version now in force.</summary>
    public sealed record Response(int Version);

    internal sealed class Validator : AbstractValidator<Command>
    {
        private const int MostSections = 1000;

        public Validator()
        {
            RuleFor(c => c.Text).NotEmpty().IsProse(100_000);
            RuleFor(c => c.Reason).NotEmpty().IsProse(500);
            RuleFor(c => c.Sections).NotNull().Must(s => s is not { Count: > MostSections }).WithMessage("At most 1,000 sections.");
            RuleForEach(c => c.Sections).Must(s => s.Value is { Length: <= 20_000 } text && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
                .WithMessage("A section has at most 20,000 characters and no control characters.");
        }
    }

    internal sealed partial class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            if ((project.GuidelineVersion ?? 0) != command.BasedOn) return GuidelineErrors.Stale;

            // 1. Classes that are there; an empty section is none.
            var sections = command.Sections.Where(s => !string.IsNullOrWhiteSpace(s.Value)).OrderBy(s => s.Key, StringComparer.Ordinal).ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
            if (sections.Count > 0 && await UnknownClassAsync(project.Id, project.OntologyVersion, sections.Keys, ct) is { } stranger) return GuidelineErrors.UnknownClass(stranger);

            // 2. Pictures of this project.
            var named = sections.Values.Append(command.Text).SelectMany(t => Reference().Matches(t)).Select(m => Guid.Parse(m.Groups[1].ValueSpan)).Distinct().ToList();
            var pictures = await db.GuidelinePictures.Where(p => p.ProjectId == project.Id && named.Contains(p.Id)).ToListAsync(ct);
            foreach (var id in named)
            {
                if (pictures.TrueForAll(p => p.Id != id)) return GuidelineErrors.UnknownPicture(id);
            }

            // 3. The version.
            var digest = SHA256.HashData(CanonicalJson.Serialize(JsonSerializer.SerializeToElement(new { text = command.Text, sections })));
            if (await db.GuidelineVersions.AsNoTracking().AnyAsync(v => v.ProjectId == project.Id && v.Number == command.BasedOn && v.Digest == digest && (v.MustRead || !command.MustRead), ct)) return GuidelineErrors.Same;
            var number = project.AdvanceGuideline(command.MustRead);
            foreach (var picture in pictures) picture.Publish(number);
            db.GuidelineVersions.Add(GuidelineVersion.Create(project, command.Text, JsonSerializer.Serialize(sections), digest, command.Reason.Trim(), command.MustRead, user.PersonId, clock.GetUtcNow()));
            audit.Record(
                AuditActs.GuidelineVersionCreated, project.Id, [project.Id],
                new { version = number, digest = Convert.ToHexStringLower(digest), mustRead = command.MustRead, sections = sections.Count, pictures = pictures.Count });
            return new Response(number);
        }

        private async Task<string?> UnknownClassAsync(Guid projectId, int version, IEnumerable<string> classes, CancellationToken ct)
        {
            var document = await db.OntologyVersions.AsNoTracking().Where(v => v.ProjectId == projectId && v.Number == version).Select(v => v.Document).SingleAsync(ct);
            var tools = JsonElement.Parse(document).GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("id").GetString()).ToHashSet(StringComparer.Ordinal);
            return classes.FirstOrDefault(c => !tools.Contains(c));
        }

        [GeneratedRegex("picture:([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})", RegexOptions.CultureInvariant)]
        private static partial Regex Reference();
    }
}
