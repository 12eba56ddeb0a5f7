using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.MailLinks;

/// <summary>Refusals of links.</summary>
internal static class MailLinkErrors
{
    public static readonly Error Dead = new(
        ErrorKind.NotFound, "link.dead", "This link does not work any more.", "Nothing was changed. It was used, is too old, or a newer one was sent. Ask for a new one.");
}
