namespace Hybrid.Security.Grants;

/// <summary>Every way in which a grant is refused.</summary>
public static class GrantRefusals
{
#pragma warning disable CS1591 // Each refusal says itself what it means.
    public static readonly SecurityRefusal Malformed = new("grant.malformed", "The grant is not well-formed. Load the task again.");
    public static readonly SecurityRefusal UnknownKey = new("grant.unknown_key", "The grant is signed by a key that this agent does not know. It fetches the newer keys; try again.");
    public static readonly SecurityRefusal Signature = new("grant.signature", "The grant's signature is wrong. Load the task again.");
    public static readonly SecurityRefusal Issuer = new("grant.issuer", "The grant comes from another control plane.");
    public static readonly SecurityRefusal Audience = new("grant.audience", "The grant is for another agent.");
    public static readonly SecurityRefusal Expired = new("grant.expired", "The grant has lapsed. The workspace asks for a new one by itself; if not, load the task again.");
    public static readonly SecurityRefusal Times = new("grant.times", "The grant's times are not plausible: check the clocks of control plane and agent.");
    public static readonly SecurityRefusal Act = new("grant.act", "The grant's act is not known to this agent. Update the agent.");
    public static readonly SecurityRefusal KeyMismatch = new("proof.key_mismatch", "The grant belongs to another browser. Sign in again.");
    public static readonly SecurityRefusal ObjectNotGranted = new("grant.object_not_granted", "The grant does not name this object.");
#pragma warning restore CS1591
}
