using System.Reflection;
using FluentValidation;
using Hybrid.Architecture.Rules;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Architecture;

public sealed class MediationTests
{
    private static readonly Assembly Host = typeof(ControlPlaneApp).Assembly;
    private static readonly IReadOnlyList<string> AuditCodes = [.. typeof(AuditActs).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    [Fact]
    public void EveryRequest_HasExactlyOneHandler()
    {
        Assert.NotEmpty(Mediation.RequestsOf(Host));
        Assert.Empty(Mediation.Unhandled(Host.GetTypes()));
    }

    [Fact]
    public void HandlerRule_FindsARequestWithoutOne() => Assert.Equal([typeof(Orphan)], Mediation.Unhandled([typeof(Orphan)]));

    [Fact]
    public void EveryHandler_IsRegistered()
    {
        var services = new ServiceCollection().AddMediation();

        Assert.All(Mediation.RequestsOf(Host), r =>
        {
            var answer = r.GetInterfaces().Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)).GetGenericArguments()[0];
            Assert.Contains(services, s => s.ServiceType == typeof(IRequestHandler<,>).MakeGenericType(r, answer));
        });
    }

    [Fact]
    public void EveryValidator_IsFound_AlthoughInternal()
    {
        var services = new ServiceCollection().AddMediation();
        var validators = Mediation.ValidatorsOf(Host);

        Assert.NotEmpty(validators);
        Assert.All(validators, v => Assert.Contains(services, s => s.ServiceType == typeof(IValidator<>).MakeGenericType(v.Request) && s.ImplementationType == v.Validator));
    }

    [Fact]
    public void EveryScopedRequest_NamesAnActOfTheTable_AndEveryCommandAnAuditAct()
    {
        var known = AccessTable.ProjectActs.Concat(AccessTable.OrganizationActs).ToHashSet(StringComparer.Ordinal);
        foreach (var request in Mediation.RequestsOf(Host).Where(r => r.IsAssignableTo(typeof(IScopedRequest))))
        {
            var act = request.GetCustomAttribute<ActAttribute>()?.Act;
            Assert.True(act is not null && known.Contains(act), $"{request} names no act of the table: add [Act(Acts.…)].");
            Assert.Equal((request, request.IsAssignableTo(typeof(IInProject))), (request, AccessTable.ProjectActs.Contains(act)));
            var audits = request.GetCustomAttribute<AuditsAttribute>()?.Acts ?? [];
            if (request.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICommand<>)))
                Assert.True(audits.Count > 0 && audits.All(AuditCodes.Contains), $"{request} names no audit act: add [Audits(AuditActs.…)].");
            else
                Assert.Empty(audits);
        }
    }

    [Fact]
    public void MediatR_StaysAtTheLastVersionWithoutALicenceKey() =>
        // Newer ones need a paid key or do not restore: ADR 1.
        Assert.Equal(("5.1.0", "5.1.0.0"), (Repository.LockedBy(Repository.ControlPlane)["MediatR"], typeof(IMediator).Assembly.GetName().Version!.ToString()));

    [Fact]
    public void MediatRsRegistration_LivesInOneFolder()
    {
        var outside = Directory.EnumerateFiles(Repository.PathOf("control-plane/Hybrid.ControlPlane"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/Infrastructure/Mediation/", StringComparison.Ordinal))
            .Where(f => File.ReadAllText(f) is var text && (text.Contains("IPipelineBehavior", StringComparison.Ordinal) || text.Contains("ServiceFactory", StringComparison.Ordinal)));

        Assert.Empty(outside);
    }

    private sealed record Orphan : IRequest<int>;
}
