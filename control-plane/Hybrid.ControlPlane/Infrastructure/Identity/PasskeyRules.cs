using System.Text.Json;
using System.Text.RegularExpressions;
using FluentValidation;
using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>The shape of an answer, before it is judged.</summary>
internal sealed class PasskeyAnswerRule : AbstractValidator<PasskeyAnswer>
{
    public PasskeyAnswerRule()
    {
        RuleFor(a => a.Ceremony).NotEmpty().MaximumLength(PasskeyCeremonies.MaxAnswer);
        RuleFor(a => a.Credential).Must(c => c.ValueKind == JsonValueKind.Object && c.GetRawText().Length <= PasskeyCeremonies.MaxAnswer).WithMessage("What PublicKeyCredential.toJSON gives.");
    }
}

/// <summary>The shape of a browser key's thumbprint (RFC 7638, SHA-256).</summary>
internal static partial class KeyThumbprintRule
{
    public static readonly Error Unfit = new(ErrorKind.Invalid, "request.invalid", "The key's thumbprint is none.", "Send the RFC 7638 thumbprint of the key that the browser made: 43 characters of base64url.");

    public static bool Fits(string? thumbprint) => thumbprint is not null && Shape().IsMatch(thumbprint);

    [GeneratedRegex("^[A-Za-z0-9_-]{43}$")]
    private static partial Regex Shape();
}
