using System.Reflection;
using Hybrid.ControlPlane.Features.Access;
using Hybrid.ControlPlane.Features.Agents;
using Hybrid.ControlPlane.Features.Assets;
using Hybrid.ControlPlane.Features.Automation;
using Hybrid.ControlPlane.Features.Grants;
using Hybrid.ControlPlane.Features.Guidelines;
using Hybrid.ControlPlane.Features.Imports;
using Hybrid.ControlPlane.Features.MailLinks;
using Hybrid.ControlPlane.Features.Organizations;
using Hybrid.ControlPlane.Features.People;
using Hybrid.ControlPlane.Features.Profile;
using Hybrid.ControlPlane.Features.Projects;
using Hybrid.ControlPlane.Features.Quality;
using Hybrid.ControlPlane.Features.QueueJobs;
using Hybrid.ControlPlane.Features.Scim;
using Hybrid.ControlPlane.Features.Session;
using Hybrid.ControlPlane.Features.SingleSignOn;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Features.Teams;
using Hybrid.ControlPlane.Features.Threads;
using Hybrid.ControlPlane.Features.Workflows;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.Telemetry;
using Hybrid.ControlPlane.Infrastructure.Workspace;
using Hybrid.ServiceDefaults;

namespace Hybrid.ControlPlane.Infrastructure.Hosting;

/// <summary>Puts the host together; the verbs and the tests use the same composition.</summary>
internal static class ControlPlaneApp
{
    /// <summary>No body is larger (label documents are limited to 20 MB).</summary>
    public const long MaxBodyBytes = 25 * 1024 * 1024;

    /// <summary>True while the build starts the host only to read its routes: no database is there then.</summary>
    public static bool IsDocumentBuild => Assembly.GetEntryAssembly()?.GetName().Name == "GetDocument.Insider";

    /// <summary>Registers everything; false with every mistake of the configuration and its mend.</summary>
    public static bool TryAddControlPlane(this WebApplicationBuilder builder, out IReadOnlyList<string> mistakes)
    {
        builder.Configuration.AddEnvironmentVariables("HYBRID__");
        var options = builder.Configuration.Get<ControlPlaneOptions>() ?? new ControlPlaneOptions();
        mistakes = [.. options.Mistakes()];
        if (mistakes.Count > 0) return false;
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddServiceDefaults(ControlPlaneMetrics.Service, options.Operator);
        builder.Services.AddSingleton<ControlPlaneMetrics>();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Services.AddDatabase(options);
        builder.Services.AddSignIn(options.PublicUrl);
        builder.Services.AddMediation();
        builder.Services.AddScoped<AuditTrail>();
        builder.Services.AddPeople();
        builder.Services.AddScoped<WorkerPolicy>();
        builder.Services.AddSessions();
        builder.Services.AddMail();
        builder.Services.AddSingleSignOn();
        builder.Services.AddScim();
        builder.Services.AddAgents(options.Redis);
        builder.Services.AddGrants();
        builder.Services.AddTasks();
        builder.Services.AddQuality();
        builder.Services.AddImports();
        builder.Services.AddThreads();
        builder.Services.AddQueueJobs();
        builder.Services.AddScoped<ProjectProgress>();
        builder.Services.AddScoped<MemberList>();
        builder.Services.AddHostedService<PurgeWorker>();
        builder.Services.AddAccessReviews();
        builder.Services.AddWorkspaceFiles();
        builder.Services.AddOpenApiDocument();
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase));
            // Numbers are numbers: the document would otherwise say "number or string" for each.
            o.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        });
        return true;
    }

    public static WebApplication UseControlPlane(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ControlPlaneOptions>();
        app.UseTrustedProxies(options.TrustedProxies);
        app.UseServiceDefaults(branch => branch.UseSecurityHeaders(options.PublicUrl));
        app.UseSecurityHeaders(options.PublicUrl);
        app.UseBodyRules();
        app.UseWorkspaceFiles(options.WorkspaceFolder);
        app.UseAuthentication();
        app.UseSameOrigin(options.PublicUrl);
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UsePeopleShown();
        app.MapSession();
        app.MapMailLinks();
        app.MapSingleSignOn();
        app.MapScim();
        app.MapPeople();
        app.MapAutomation();
        app.MapOrganization();
        app.MapProfile();
        app.MapTeams();
        app.MapAccess();
        app.MapProjects();
        app.MapAgents();
        app.MapGrants();
        app.MapTasks();
        app.MapImports();
        app.MapAssets();
        app.MapWorkflow();
        app.MapQuality();
        app.MapGuidelines();
        app.MapThreads();
        app.MapQueueJobs();
        app.MapOperator();
        app.MapWorkspace(options.WorkspaceFolder);
        return app;
    }
}
