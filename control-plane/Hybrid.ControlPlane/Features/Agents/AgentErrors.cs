using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>Refusals about agents and connections.</summary>
internal static class AgentErrors
{
    public static readonly Error NameTaken = new(ErrorKind.Conflict, "agent.name_taken", "An agent of this name exists.", "Nothing was changed. Choose another name.");
    public static readonly Error Revoked = new(ErrorKind.Conflict, "agent.revoked", "The agent was revoked.", "Create a new agent and enrol it.");
    public static readonly Error Unreachable = new(ErrorKind.AgentUnreachable, "agent.unreachable", "The storage agent is not connected.", "Nothing is lost. Ask its administrator to start it, or to run hybrid-agent check.");
    public static readonly Error Busy = new(ErrorKind.AgentUnreachable, "agent.busy", "The storage agent has more requests than it can answer.", "Nothing is lost. Try again in a moment.");
    public static readonly Error TokenRefused = new(ErrorKind.Forbidden, "enrolment.token", "The token is not valid any more.", "Nothing was changed. Tokens serve once, for 15 minutes: issue a new one on the agent's page.");

    public static readonly Error RotationRefused = new(ErrorKind.Forbidden, "rotation.refused", "The change of key was refused.", "Nothing was changed. The statement must be signed by a key that is accepted now: run hybrid-agent rotate-key again, or enrol the replica anew.");

    public static Error Rotation(Hybrid.Security.SecurityRefusal refusal) => new(ErrorKind.Forbidden, refusal.Code, "The change of key was refused.", refusal.Detail);

    public static Error Proof(Hybrid.Security.SecurityRefusal refusal) => new(ErrorKind.Forbidden, refusal.Code, "The enrolment was refused.", refusal.Detail);
}
