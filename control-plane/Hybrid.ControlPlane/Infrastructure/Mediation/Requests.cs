using Hybrid.ControlPlane.Domain.Results;
using MediatR;

namespace Hybrid.ControlPlane.Infrastructure.Mediation;

/// <summary>Anything that goes through the pipeline inside one organization's scope, by the rule of its <see cref="ActAttribute"/>.</summary>
public interface IScopedRequest;

/// <summary>Changes something: runs in a transaction that is committed with its audit entry, or not at all.</summary>
/// <typeparam name="T">The answer.</typeparam>
public interface ICommand<T> : IRequest<Result<T>>, IScopedRequest;

/// <summary>Reads only.</summary>
/// <typeparam name="T">The answer.</typeparam>
public interface IQuery<T> : IRequest<Result<T>>, IScopedRequest;

/// <summary>
/// A request by somebody who has no session yet (sign-in, enrolment) or by the host itself. It opens the tenant scope on its own,
/// as soon as it knows the organization.
/// </summary>
/// <typeparam name="T">The answer.</typeparam>
public interface IUnscopedCommand<T> : IRequest<Result<T>>;

/// <summary>A request about one project: the caller's role there decides, and without one the project does not exist.</summary>
public interface IInProject
{
    /// <summary>The project.</summary>
    Guid ProjectId { get; }
}

/// <summary>A request about one project that may be deleted already and is still within its grace period.</summary>
public interface IInProjectEvenDeleted : IInProject;

/// <summary>
/// A command whose key makes a repetition harmless: it looks for its own earlier work first. When two of the same come at once, the one that
/// loses the race looks again and finds the answer of the other.
/// </summary>
public interface IRepeatable
{
    /// <summary>The client's <c>Idempotency-Key</c>.</summary>
    string Key { get; }
}

/// <summary>
/// A command that reads before it writes what no constraint guards: those of the same turn run one after the other, on every replica.
/// </summary>
public interface ITakesTurns
{
    /// <summary>What it takes its turn in.</summary>
    /// <param name="personId">The caller.</param>
    string TurnOf(Guid personId);
}

/// <summary>What the request does, for the one table that maps acts to roles.</summary>
/// <param name="act">A code of <see cref="Domain.Access.Acts"/>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ActAttribute(string act) : Attribute
{
    /// <summary>The code.</summary>
    public string Act { get; } = act;
}

/// <summary>The audit codes that the command writes; a command without one does not run.</summary>
/// <param name="acts">Codes of <see cref="Domain.Audit.AuditActs"/>: at least one of them is written on success.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AuditsAttribute(params string[] acts) : Attribute
{
    /// <summary>The codes.</summary>
    public IReadOnlyList<string> Acts { get; } = acts;
}

/// <summary>The person must have proven within five minutes that it is they: a session left open is not enough for this.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StepUpAttribute : Attribute
{
    /// <summary>How long a proof is good.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);
}

/// <summary>May be done without the second factor that the organization asks for: it is the way to one, or the way out.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WithoutMfaAttribute : Attribute;
