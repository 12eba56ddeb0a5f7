using Hybrid.Architecture.Rules;
using Hybrid.ControlPlane.Persistence;
using Hybrid.StorageAgent;
using NetArchTest.Rules;

namespace Hybrid.Architecture;

/// <summary>Who may reference whom (architecture.md § Code layout), read from project files, lock files, built output and code.</summary>
public sealed class DependencyTests
{
    // Clients of cloud storage and of the identities that open it, by the names of their packages.
    private static readonly string[] StorageSdks =
    [
        "AWSSDK.", "Amazon.", "Azure.Storage.", "Azure.Identity", "Azure.Core", "Microsoft.Azure.Storage", "WindowsAzure.Storage", "Google.Cloud.", "Google.Apis.", "Google.Apis", "Minio", "FluentStorage", "Storage.Net",
    ];

    // Microsoft.Identity.Web (ADR 16) depends on them; the project takes nothing of them, so that they are locked and never shipped.
    private static readonly string[] LockedOnly = ["Azure.Core", "Azure.Identity"];

    private static readonly string[] ServerProviders = ["Npgsql", "Microsoft.EntityFrameworkCore", "Microsoft.Data.SqlClient", "MySql", "Pomelo", "Oracle"];

    [Theory]
    [InlineData("control-plane/Hybrid.ControlPlane.Domain/Hybrid.ControlPlane.Domain.csproj")]
    [InlineData("shared/Hybrid.Contracts/Hybrid.Contracts.csproj")]
    public void DomainAndContracts_ReferenceNothing(string project)
    {
        Assert.Empty(Repository.PackagesOf(project));
        Assert.Empty(Repository.ProjectsOf(project));
        Assert.Empty(Repository.LockedBy(project));
    }

    [Fact]
    public void Quality_ReferencesNetTopologySuiteOnly()
    {
        const string quality = "shared/Hybrid.Quality/Hybrid.Quality.csproj";

        Assert.Equal(["NetTopologySuite"], Repository.PackagesOf(quality));
        Assert.Equal(["NetTopologySuite"], Repository.LockedBy(quality).Keys);
        Assert.Empty(Repository.ProjectsOf(quality));
    }

    [Fact]
    public void Shared_DependsOnNeitherHost() =>
        Assert.All(
            Directory.EnumerateFiles(Repository.PathOf("shared"), "*.csproj", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.PathOf("."), f)),
            project => Assert.All(Repository.ClosureOf(project), p => Assert.StartsWith("shared/", p, StringComparison.Ordinal)));

    [Fact]
    public void Hosts_NeverReferenceEachOther()
    {
        Assert.DoesNotContain(Repository.ClosureOf(Repository.ControlPlane), p => p.StartsWith("storage-agent/", StringComparison.Ordinal));
        Assert.DoesNotContain(Repository.ClosureOf(Repository.Agent), p => p.StartsWith("control-plane/", StringComparison.Ordinal));
        Assert.DoesNotContain(Repository.Shipped(Repository.ControlPlane, "hybrid-control-plane"), l => l.Contains("agent", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Repository.Shipped(Repository.Agent, "hybrid-agent"), l => l.Contains("ControlPlane", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void ControlPlanesClosure_HoldsNoStorageSdk()
    {
        var closure = Repository.ClosureOf(Repository.ControlPlane);

        Assert.True(closure.Count >= 6, "The closure looks too small to be the real one.");
        Assert.All(closure, project => Assert.Empty(Matching(Repository.LockedBy(project).Keys, StorageSdks).Except(project == Repository.ControlPlane ? LockedOnly : [])));
        Assert.All(LockedOnly, package => Assert.Contains($"Include=\"{package}\" ExcludeAssets=\"all\" PrivateAssets=\"all\"", File.ReadAllText(Repository.PathOf(Repository.ControlPlane)), StringComparison.Ordinal));
        Assert.Empty(Matching(Repository.Shipped(Repository.ControlPlane, "hybrid-control-plane"), StorageSdks));
    }

    [Fact]
    public void StorageRule_FindsTheSdksThatTheAgentHas()
    {
        // The same rule, held against the host that must have one: it is not blind.
        Assert.NotEmpty(Matching(Repository.LockedBy(Repository.Agent).Keys, StorageSdks));
        Assert.NotEmpty(Matching(Repository.Shipped(Repository.Agent, "hybrid-agent"), StorageSdks));
        Assert.Equal(["Google.Cloud.Storage.V1", "Minio"], Matching(["Google.Cloud.Storage.V1", "Minio", "MediatR"], StorageSdks));
    }

    [Fact]
    public void Agent_NeverReferencesADatabaseServersProvider()
    {
        Assert.Empty(Matching(Repository.LockedBy(Repository.Agent).Keys, ServerProviders));
        Assert.Empty(Matching(Repository.Shipped(Repository.Agent, "hybrid-agent"), ServerProviders));
        Assert.NotEmpty(Matching(Repository.LockedBy(Repository.ControlPlane).Keys, ServerProviders));
    }

    [Fact]
    public void Agent_KnowsNoPeopleAndNoLabels()
    {
        var agent = typeof(AgentHost).Assembly;

        Assert.DoesNotContain(Repository.ClosureOf(Repository.Agent), p => p.Contains("Hybrid.Quality", StringComparison.Ordinal));
        var outcome = Types.InAssembly(agent).ShouldNot().HaveDependencyOnAny("Hybrid.ControlPlane", "Hybrid.Quality", "Microsoft.AspNetCore.Identity", "Microsoft.EntityFrameworkCore").GetResult();
        Assert.True(outcome.IsSuccessful, string.Join(", ", outcome.FailingTypeNames ?? []));
        Assert.DoesNotContain(agent.GetTypes().Concat(typeof(Contracts.Link.LinkMethods).Assembly.GetTypes()).SelectMany(t => t.GetProperties()).Select(p => p.Name), IsPersonal);
    }

    [Fact]
    public void PersonRule_FindsThemWhereTheyBelong() => Assert.Contains(typeof(Person).GetProperties(), p => IsPersonal(p.Name));

    [Fact]
    public void Domain_KnowsNoInfrastructure()
    {
        var outcome = Types.InAssembly(typeof(ControlPlane.Domain.Access.Acts).Assembly).ShouldNot()
            .HaveDependencyOnAny("Microsoft", "MediatR", "FluentValidation", "Hybrid.ControlPlane.Features", "Hybrid.ControlPlane.Infrastructure", "Hybrid.ControlPlane.Persistence").GetResult();

        Assert.True(outcome.IsSuccessful, string.Join(", ", outcome.FailingTypeNames ?? []));
    }

    [Fact]
    public void Infrastructure_KnowsNoSlice()
    {
        // Composition alone names the areas.
        var outcome = Types.InAssembly(typeof(ControlPlane.Infrastructure.Hosting.ControlPlaneApp).Assembly)
            .That().ResideInNamespace("Hybrid.ControlPlane.Infrastructure").And().DoNotResideInNamespace("Hybrid.ControlPlane.Infrastructure.Hosting")
            .ShouldNot().HaveDependencyOn("Hybrid.ControlPlane.Features").GetResult();

        Assert.True(outcome.IsSuccessful, string.Join(", ", outcome.FailingTypeNames ?? []));
    }

    private static bool IsPersonal(string name) => name.Contains("Email", StringComparison.Ordinal) || name.Contains("DisplayName", StringComparison.Ordinal) || name.Contains("Password", StringComparison.Ordinal);

    private static List<string> Matching(IEnumerable<string> names, string[] prefixes) => [.. names.Where(n => prefixes.Any(p => n.StartsWith(p, StringComparison.OrdinalIgnoreCase)))];
}
