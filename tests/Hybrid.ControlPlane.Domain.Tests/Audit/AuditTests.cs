using System.Reflection;
using System.Text.RegularExpressions;
using Hybrid.ControlPlane.Domain.Audit;

namespace Hybrid.ControlPlane.Domain.Tests.Audit;

public sealed class AuditTests
{
    // Codes are permanent: a code that stands here is never renamed, never taken out, never used for something else.
    private static readonly string[] Permanent =
    [
        "organization.created", "person.added", "session.signed_in", "session.sign_in_refused", "session.unlocked", "session.signed_out", "project.created",
        "member.added", "member.role_changed", "member.removed", "ontology.version_created", "agent.created", "agent.token_issued", "agent.enrolled",
        "agent.connections_changed", "agent.key_rotated", "agent.revoked", "connection.probed", "project.connections_changed", "grant_key.rotated", "import.started", "import.cancelled",
        "import.finished", "grant.issued", "task.claimed", "task.reserved", "task.released", "task.skipped", "task.lease_renewed", "draft.saved", "asset.described",
        "label.submitted", "review.approved", "review.corrected", "review.sent_back",
    ];

    private static readonly IReadOnlyList<string> Codes = [.. typeof(AuditActs).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    [Fact]
    public void Codes_AreNeverLost() => Assert.Empty(Permanent.Except(Codes));

    [Fact]
    public void Codes_AreUniqueAndReadAsSubjectAndAct()
    {
        Assert.Equal(Codes.Count, Codes.Distinct().Count());
        Assert.All(Codes, c => Assert.Matches(new Regex(@"\A[a-z_]+\.[a-z_]+\z"), c));
    }

    [Fact]
    public void Entry_IsKeptToTheMillisecondAndHasNoNumberYet()
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, 456, TimeSpan.FromHours(2));

        var entry = AuditEntry.Create(Guid.NewGuid(), null, ActorKind.System, null, AuditActs.ImportFinished, "[]", "{}", at);

        Assert.Equal(new DateTimeOffset(2026, 3, 1, 10, 0, 0, 123, TimeSpan.Zero), entry.At);
        Assert.Equal(TimeSpan.Zero, entry.At.Offset);
        Assert.Null(entry.Seq);
        Assert.Null(entry.LeafHash);
    }
}
