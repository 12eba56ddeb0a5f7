using System.Text.Json;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.People;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>A job over many people, as its page shows it.</summary>
public sealed record PeopleJobView(Guid Id, PeopleJobKind Kind, PeopleJobState State, int Total, int Worked, int Changed, int Unchanged, int Refused, PersonRef? By, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>Shapes jobs.</summary>
internal static class PeopleJobs
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static PeopleJobView View(PeopleJob job, PersonRef? by) =>
        new(job.Id, job.Kind, job.State, job.Total, job.Worked, job.Changed, job.Unchanged, job.Refused, by, job.CreatedAt, job.FinishedAt);
}
