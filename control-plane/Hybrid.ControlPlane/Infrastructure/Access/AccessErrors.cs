using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Infrastructure.Access;

/// <summary>Refusals before a request reaches its slice.</summary>
internal static class AccessErrors
{
    public static readonly Error Locked = new(
        ErrorKind.Forbidden, "session.locked", "This browser has not proven its key yet.", "Nothing was changed. Load the page again; if it stays so, sign in again.");

    public static readonly Error KeyRefused = new(
        ErrorKind.Unauthenticated, "key.refused", "This API key is not valid here.", "Nothing was changed. Check that the key is whole, has not lapsed, and may be used from this address; else ask an organization admin for a new one.");

    public static readonly Error OutOfScope = new(
        ErrorKind.Forbidden, "key.scope", "This API key is not scoped to that.", "Nothing was changed. Issue a key with the scope that is needed, and no more.");

    public static readonly Error CrossSite = new(
        ErrorKind.Forbidden, "request.cross_site", "The request did not come from the workspace.", "Nothing was changed. Send the X-Hybrid-Request header from the same origin.");
}
