using System.Reflection;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Telemetry;
using Hybrid.ControlPlane.Persistence;
using MediatR;

namespace Hybrid.ControlPlane.Infrastructure.Mediation;

/// <summary>
/// 1. Opens the tenant scope of the caller's organization, in the request's turn. 2. Decides by the one table whether the caller may do the act,
/// and by how they proved who they are.
/// 3. Runs the handler. 4. Commits the change together with its audit entry; a refusal or an exception rolls all back.
/// </summary>
internal sealed class ScopeBehavior<TRequest, TResponse>(
    ControlPlaneDb db, ICurrentUser user, ProjectAccess access, AuditTrail audit, ControlPlaneMetrics metrics, TimeProvider clock)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : class, IRefusable<TResponse>
{
    private static readonly string? Act = typeof(TRequest).GetCustomAttribute<ActAttribute>()?.Act;
    private static readonly IReadOnlyList<string>? Audited = typeof(TRequest).GetCustomAttribute<AuditsAttribute>()?.Acts;
    private static readonly bool WantsProof = typeof(TRequest).GetCustomAttribute<StepUpAttribute>() is not null;
    private static readonly bool WithoutMfa = typeof(TRequest).GetCustomAttribute<WithoutMfaAttribute>() is not null;
    private static readonly bool IsQuery = typeof(TRequest).GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IQuery<>));

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (request is not IScopedRequest) return await next();
        if (Act is null) throw new InvalidOperationException($"{typeof(TRequest)} names no act: add [Act(Acts.…)].");
        if (!IsQuery && Audited is null) throw new InvalidOperationException($"{typeof(TRequest)} names no audit act: add [Audits(AuditActs.…)].");
        if (!user.IsSignedIn) return TResponse.Refused(RequestErrors.SignedOut);

        var response = await TryAsync(request, next, cancellationToken);
        // A twin of this request may have come first: looking again finds its answer. What was refused has written nothing.
        if (request is IRepeatable && (response is null || response.Refusal is { Kind: ErrorKind.Conflict }))
        {
            audit.BeginAgain();
            response = await TryAsync(request, next, cancellationToken);
        }

        return response ?? TResponse.Refused(RequestErrors.Changed);
    }

    /// <summary>Runs the steps once; null when somebody else was first, and all is rolled back.</summary>
    private async Task<TResponse?> TryAsync(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        // 1
        await using var scope = await TenantScope.OpenAsync(db, user.OrganizationId, user.PersonId, cancellationToken, (request as ITakesTurns)?.TurnOf(user.PersonId));

        // 2
        if (request is IInProject inProject)
        {
            var role = request is IInProjectEvenDeleted
                ? await access.RoleInDeletedTooAsync(inProject.ProjectId, cancellationToken)
                : await access.RoleInAsync(inProject.ProjectId, cancellationToken);
            if (role is null || user.Key?.Knows(inProject.ProjectId) == false) return TResponse.Refused(RequestErrors.NotFound);
            if (!AccessTable.Allows(role.Value, Act!)) return TResponse.Refused(RequestErrors.Forbidden);
            if (!IsQuery && !AccessTable.ReachesArchived(Act!) && await access.IsArchivedAsync(inProject.ProjectId, cancellationToken)) return TResponse.Refused(RequestErrors.Archived);
        }
        else if (!AccessTable.Allows(user.OrganizationRole, Act!))
        {
            return TResponse.Refused(RequestErrors.Forbidden);
        }

        if (user.Key?.Scopes.Contains(Act!) == false) return TResponse.Refused(AccessErrors.OutOfScope);
        if (!WithoutMfa && user.MfaLevel < 2 && (user.OrganizationRole >= user.MfaFrom || access.Here?.Role >= access.Here?.MfaFrom)) return TResponse.Refused(RequestErrors.MfaRequired);
        if (WantsProof && clock.GetUtcNow() - user.SteppedUpAt > StepUpAttribute.Freshness) return TResponse.Refused(RequestErrors.StepUp);

        // 3
        try
        {
            var response = await next();
            if (response.Refusal is not null && !audit.KeepsRefusal) return response;

            // 4
            if (!IsQuery && response.Refusal is null && !audit.NothingHappened && !audit.Recorded.Overlaps(Audited!))
                throw new InvalidOperationException($"{typeof(TRequest)} succeeded without one of its audit entries: {string.Join(", ", Audited!)}.");
            if (!IsQuery)
            {
                await scope.CommitAsync(cancellationToken);
                metrics.Committed(audit.Recorded);
            }

            return response;
        }
        catch (Exception failed) when (LostRace.Is(failed))
        {
            return null;
        }
    }
}
