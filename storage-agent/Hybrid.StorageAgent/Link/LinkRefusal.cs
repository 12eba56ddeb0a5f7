using System.Globalization;
using System.Text.RegularExpressions;
using Hybrid.Contracts.Link;

namespace Hybrid.StorageAgent.Link;

/// <summary>Why the control plane does not take a hello, as a sentence for the log and what to do about it.</summary>
internal static partial class LinkRefusal
{
    /// <summary>Code: no protocol is spoken by both. The oldest and the newest one of the control plane follow.</summary>
    public const string Protocol = "hello.protocol";

    private static readonly string Ours = LinkMethods.OldestProtocol == LinkMethods.Protocol
        ? LinkMethods.Protocol.ToString(CultureInfo.InvariantCulture)
        : FormattableString.Invariant($"{LinkMethods.OldestProtocol} to {LinkMethods.Protocol}");

    /// <summary>The sentence of a hub's error.</summary>
    /// <param name="message">What the hub said, e.g. <c>… HubException: hello.protocol 2-3</c>.</param>
    public static string Of(string message)
    {
        var said = Code().Match(message);
        if (!said.Success) return "it refused the agent's hello without a reason";
        if (said.Groups["newest"] is not { Success: true } newest || said.Groups["code"].Value != Protocol) return $"it refused the agent's hello: {said.Groups["code"].Value}";
        var older = int.Parse(newest.ValueSpan, CultureInfo.InvariantCulture) < LinkMethods.OldestProtocol;
        var theirs = newest.Value == said.Groups["oldest"].Value ? newest.Value : $"{said.Groups["oldest"].Value} to {newest.Value}";
        return FormattableString.Invariant($"{Protocol}: it speaks agent protocol {theirs}, this agent {Ours}: upgrade {(older ? "the control plane" : "the agent")}");
    }

    [GeneratedRegex(@"(?<code>hello\.[a-z_]{1,40})( (?<oldest>[0-9]{1,6})-(?<newest>[0-9]{1,6}))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
