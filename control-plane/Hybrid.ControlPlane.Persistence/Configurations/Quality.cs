using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Quality;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class ConsensusRoundMapping : IEntityTypeConfiguration<ConsensusRound>
{
    public void Configure(EntityTypeBuilder<ConsensusRound> builder)
    {
        builder.HasKey(c => new { c.AssetId, c.StepId, c.Round });
        builder.HasIndex(c => new { c.ProjectId, c.State, c.SettledAt });
        builder.HasOne<Asset>().WithMany().HasForeignKey(c => c.AssetId);
    }
}

internal sealed class LabelPairMapping : IEntityTypeConfiguration<LabelPair>
{
    public void Configure(EntityTypeBuilder<LabelPair> builder)
    {
        builder.HasKey(p => new { p.FirstLabelId, p.SecondLabelId });
        // The matrix of people, and the assets behind one of its cells.
        builder.HasIndex(p => new { p.ProjectId, p.FirstPersonId, p.SecondPersonId });
        builder.HasIndex(p => p.AssetId);
        builder.HasOne<Label>().WithMany().HasForeignKey(p => p.FirstLabelId);
        builder.HasOne<Label>().WithMany().HasForeignKey(p => p.SecondLabelId);
    }
}

internal sealed class HoneypotMapping : IEntityTypeConfiguration<Honeypot>
{
    public void Configure(EntityTypeBuilder<Honeypot> builder)
    {
        builder.Property(h => h.Version).IsConcurrencyToken();
        builder.HasIndex(h => new { h.ProjectId, h.AssetId }).IsUnique();
        // Whom to give what: those given least come first.
        builder.HasIndex(h => new { h.ProjectId, h.Given, h.Id }, "ix_honeypots_active").HasFilter("retired_at is null");
        builder.HasOne<Asset>().WithMany().HasForeignKey(h => h.AssetId);
        builder.HasOne<Label>().WithMany().HasForeignKey(h => h.TruthLabelId);
    }
}

internal sealed class HoneypotScoreMapping : IEntityTypeConfiguration<HoneypotScore>
{
    public void Configure(EntityTypeBuilder<HoneypotScore> builder)
    {
        builder.HasKey(s => s.LabelId);
        // A person's last scores.
        builder.HasIndex(s => new { s.ProjectId, s.PersonId, s.AnsweredAt, s.LabelId });
        builder.HasOne<Label>().WithMany().HasForeignKey(s => s.LabelId);
        builder.HasOne<Honeypot>().WithMany().HasForeignKey(s => s.HoneypotId);
    }
}

internal sealed class QualitySettingsMapping : IEntityTypeConfiguration<QualitySettings>
{
    public void Configure(EntityTypeBuilder<QualitySettings> builder)
    {
        builder.HasKey(s => s.ProjectId);
        builder.Ignore(s => s.Rules);
        builder.Property(s => s.Version).IsConcurrencyToken();
        builder.HasOne<Project>().WithMany().HasForeignKey(s => s.ProjectId);
    }
}

internal sealed class LabelerStandingMapping : IEntityTypeConfiguration<LabelerStanding>
{
    public void Configure(EntityTypeBuilder<LabelerStanding> builder)
    {
        builder.HasKey(s => new { s.ProjectId, s.PersonId });
        builder.Property(s => s.Version).IsConcurrencyToken();
        builder.HasOne<Project>().WithMany().HasForeignKey(s => s.ProjectId);
    }
}

internal sealed class QualityJobMapping : IEntityTypeConfiguration<QualityJob>
{
    public void Configure(EntityTypeBuilder<QualityJob> builder)
    {
        builder.HasIndex(j => new { j.NotBefore, j.Id });
        builder.HasOne<Project>().WithMany().HasForeignKey(j => j.ProjectId);
    }
}
