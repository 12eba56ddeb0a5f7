using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.Benchmarks.Work;

/// <summary>The control plane's services in this process, without HTTP, on a database with people and open tasks.</summary>
internal sealed class WorkTown : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly DatabaseOptions database;

    private WorkTown(WebApplication app, DatabaseOptions database) => (this.app, this.database) = (app, database);

    /// <summary>The host's own.</summary>
    public IServiceProvider Services => app.Services;

    public Organization Organization { get; private set; } = null!;

    public Project Project { get; private set; } = null!;

    public List<Guid> People { get; } = [];

    /// <summary>Labeling tasks in the order of the queue, each with its asset.</summary>
    public List<(Guid Task, Guid Asset)> Tasks { get; } = [];

    /// <summary>Ids that stay the same in every operation.</summary>
    public HashSet<Guid> Fixed { get; } = [];

    /// <summary>A host on a database that is there already.</summary>
    public static WorkTown Host(DatabaseOptions database, StatementRecorder? recorder = null)
    {
        var builder = WebApplication.CreateBuilder([$"--Database:Provider={database.Provider}", $"--Database:ConnectionString={database.ConnectionString}", $"--Database:MigrationConnectionString={database.ForMigration().ConnectionString}"]);
        builder.Logging.ClearProviders();
        if (!builder.TryAddControlPlane(out var mistakes)) throw new InvalidOperationException(string.Join(' ', mistakes));
        builder.Services.AddScoped<SignedInPerson>();
        builder.Services.AddScoped<ICurrentUser>(s => s.GetRequiredService<SignedInPerson>());
        if (recorder is not null) builder.Services.ConfigureDbContext<ControlPlaneDb>(o => o.AddInterceptors(recorder));
        return new WorkTown(builder.Build(), database);
    }

    /// <summary>Migrates an empty database and fills it.</summary>
    public async Task FillAsync(int people, int tasks, ProjectRole role = ProjectRole.Labeler)
    {
        if ((await Schema.MigrateAsync(database, default)).Refusal is { } refusal) throw new InvalidOperationException(refusal);
        await using var services = app.Services.CreateAsyncScope();
        var db = services.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        db.Database.SetCommandTimeout(120);
        var now = DateTimeOffset.UtcNow;
        Organization = Organization.Create("Benchmark", now);
        await using var scope = await TenantScope.OpenAsync(db, Organization.Id, null, default);
        Project = Project.Create(Organization.Id, "Boats", "", stepSeparation: true, now);
        var agent = Agent.Create(Organization.Id, "agent", now);
        var connection = Connection.Create(agent, "folder", now);
        var labeling = WorkflowStep.Create(Project, 0, StepKind.Labeling, "Label");
        var review = WorkflowStep.Create(Project, 1, StepKind.Review, "Review");
        var owner = Guid.CreateVersion7(now);
        db.AddRange(Organization, Project, agent, connection, labeling, review, ProjectConnection.Create(Project, connection.Id));
        db.Add(OntologyVersion.Create(Project, 1, Documents.Ontology, new byte[32], owner, now));
        for (var i = 0; i < people; i++)
        {
            var person = new Person { Id = Guid.CreateVersion7(now), UserName = $"p{i}", NormalizedUserName = $"P{i}", DisplayName = $"Person {i}", CreatedAt = now };
            People.Add(person.Id);
            db.AddRange(person, OrganizationMember.Create(Organization.Id, person.Id, OrganizationRole.Member, now), ProjectMember.Create(Organization.Id, Project.Id, person.Id, role, now));
        }

        for (var i = 0; i < tasks; i++)
        {
            var asset = Asset.Create(Organization.Id, Project.Id, connection.Id, $"boats/{i:D6}.jpg", null, $"etag-{i}", 2_000_000, "image/jpeg", now);
            asset.Describe(4000, 3000, 1);
            var task = WorkTask.Arrive(labeling, asset.Id, 1, null, now.AddMilliseconds(i));
            Tasks.Add((task.Id, asset.Id));
            db.AddRange(asset, task);
        }

        await scope.CommitAsync(default);
        Fixed.UnionWith([Organization.Id, Project.Id, agent.Id, connection.Id, labeling.Id, review.Id]);
    }

    /// <summary>Sends a command through the whole pipeline as this person, and refuses to count a refusal.</summary>
    public async Task<T> SendAsync<T>(Guid person, IRequest<Result<T>> command)
    {
        await using var services = app.Services.CreateAsyncScope();
        services.ServiceProvider.GetRequiredService<SignedInPerson>().Become(person, Organization.Id);
        var result = await services.ServiceProvider.GetRequiredService<IMediator>().Send(command);
        return result.IsSuccess ? result.Value : throw new InvalidOperationException($"{command.GetType().DeclaringType?.Name} was refused: {result.Refusal!.Code}");
    }

    /// <summary>Takes people and tasks over from a town on the same database.</summary>
    public WorkTown With(WorkTown other)
    {
        (Organization, Project) = (other.Organization, other.Project);
        People.AddRange(other.People);
        Tasks.AddRange(other.Tasks);
        Fixed.UnionWith(other.Fixed);
        return this;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>The person of an operation: what the session row says in a request.</summary>
internal sealed class SignedInPerson : ICurrentUser
{
    public bool IsSignedIn => PersonId != Guid.Empty;

    public Guid SessionId => PersonId;

    public Guid PersonId { get; private set; }

    public Guid OrganizationId { get; private set; }

    public OrganizationRole OrganizationRole => OrganizationRole.Member;

    public string KeyThumbprint => "";

    public void Become(Guid person, Guid organization) => (PersonId, OrganizationId) = (person, organization);
}
