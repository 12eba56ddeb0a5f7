using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.Automation;

/// <summary>What keys can be scoped to, and why one is refused.</summary>
internal static class KeyRules
{
    /// <summary>Every act but the ones over keys themselves: a key never makes another.</summary>
    public static readonly IReadOnlyList<string> Scopes =
        [.. AccessTable.OrganizationActs.Concat(AccessTable.ProjectActs).Append(ApiKey.FetchScope).Where(a => a != Acts.KeysManage).Order(StringComparer.Ordinal)];

    public static readonly Error UnknownProject = new(
        ErrorKind.Unprocessable, "key.unknown_project", "The service account has no role in one of these projects.", "No key was issued. Add the account to the project first.");

    /// <summary>Whoever holds such a key rules over who comes in, like whoever sets the identity provider.</summary>
    public static readonly Error OwnersOnly = new(
        ErrorKind.Forbidden, "key.owners_only", "Only an owner issues a key for the directory.", "No key was issued. Ask an owner of your organization.");

    public static readonly Error NotLive = new(ErrorKind.Conflict, "key.not_live", "This key is revoked, has lapsed or was rotated already.", "Nothing was changed. Issue a new key.");
}
