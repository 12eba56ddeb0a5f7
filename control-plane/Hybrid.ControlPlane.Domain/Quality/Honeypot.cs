using Hybrid.ControlPlane.Domain.Labels;

namespace Hybrid.ControlPlane.Domain.Quality;

/// <summary>An asset whose right answer is known; what people answer says how they label.</summary>
public sealed class Honeypot : IBelongsToProject, IVersioned
{
    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The asset.</summary>
    public Guid AssetId { get; private set; }

    /// <summary>The label that is the truth: imported as such, or promoted.</summary>
    public Guid TruthLabelId { get; private set; }

    /// <summary>Who said so.</summary>
    public Guid CreatedBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>People who were given it so far.</summary>
    public int Given { get; private set; }

    /// <summary>Since when nobody is given it any more.</summary>
    public DateTimeOffset? RetiredAt { get; private set; }

    /// <summary>Who retired it; null = so many knew it that it retired by itself.</summary>
    public Guid? RetiredBy { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Makes one of a label.</summary>
    public static Honeypot Create(Label truth, Guid by, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = truth.OrganizationId,
        ProjectId = truth.ProjectId,
        AssetId = truth.AssetId,
        TruthLabelId = truth.Id,
        CreatedBy = by,
        CreatedAt = now,
    };

    /// <summary>One more person is given it.</summary>
    /// <param name="most">After so many it is known, and retires; null = never by itself.</param>
    /// <param name="now">When.</param>
    public void Give(int? most, DateTimeOffset now)
    {
        Given++;
        if (Given >= most) RetiredAt ??= now;
    }

    /// <summary>Nobody is given it any more; false when that was so already.</summary>
    public bool Retire(Guid by, DateTimeOffset now)
    {
        if (RetiredAt is not null) return false;
        (RetiredAt, RetiredBy) = (now, by);
        return true;
    }
}

/// <summary>Agreement of one person's answer to a honeypot with the truth.</summary>
public sealed class HoneypotScore : IBelongsToProject
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The answer.</summary>
    public Guid LabelId { get; private set; }

    /// <summary>The honeypot.</summary>
    public Guid HoneypotId { get; private set; }

    /// <summary>The asset.</summary>
    public Guid AssetId { get; private set; }

    /// <summary>Whose answer.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>0 to 1; null when nothing in it can be compared.</summary>
    public double? Score { get; private set; }

    /// <summary>The ontology version that they were compared under.</summary>
    public int OntologyVersion { get; private set; }

    /// <summary>When the answer was given.</summary>
    public DateTimeOffset AnsweredAt { get; private set; }

    /// <summary>Keeps a score.</summary>
    public static HoneypotScore Of(Guid honeypot, Label answer, double? score, int ontology) => new()
    {
        OrganizationId = answer.OrganizationId,
        ProjectId = answer.ProjectId,
        LabelId = answer.Id,
        HoneypotId = honeypot,
        AssetId = answer.AssetId,
        PersonId = answer.AuthorId,
        Score = score,
        OntologyVersion = ontology,
        AnsweredAt = answer.CreatedAt,
    };

    /// <summary>Takes what was computed anew; false when it is the same.</summary>
    public bool Correct(double? score, int ontology)
    {
        if (Score == score && OntologyVersion == ontology) return false;
        (Score, OntologyVersion) = (score, ontology);
        return true;
    }
}
