using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class AssetMapping : IEntityTypeConfiguration<Asset>
{
    public void Configure(EntityTypeBuilder<Asset> builder)
    {
        builder.Property(a => a.Key).HasMaxLength(1024);
        builder.Property(a => a.ObjectVersion).HasMaxLength(1024);
        builder.Property(a => a.ETag).HasMaxLength(200);
        builder.Property(a => a.MediaType).HasMaxLength(100);
        builder.Property(a => a.DescribeError).HasMaxLength(100);
        builder.Property(a => a.Version).IsConcurrencyToken();
        builder.HasIndex(a => new { a.ProjectId, a.ConnectionId, a.Key }).IsUnique();
        // What the second pass looks for: it shrinks to nothing while the table grows.
        builder.HasIndex(a => new { a.OrganizationId, a.Id }, "ix_assets_undescribed").HasFilter("width is null and describe_error is null");
        builder.HasOne<Project>().WithMany().HasForeignKey(a => a.ProjectId);
        builder.HasOne<Connection>().WithMany().HasForeignKey(a => a.ConnectionId);
    }
}

internal sealed class ImportJobMapping : IEntityTypeConfiguration<ImportJob>
{
    public void Configure(EntityTypeBuilder<ImportJob> builder)
    {
        builder.ToTable("Imports");
        builder.Property(i => i.Prefix).HasMaxLength(1024);
        builder.Property(i => i.ErrorCode).HasMaxLength(100);
        builder.Property(i => i.ErrorDetail).HasMaxLength(1000);
        builder.Property(i => i.Version).IsConcurrencyToken();
        builder.HasIndex(i => new { i.ProjectId, i.CreatedAt });
        builder.HasOne<Project>().WithMany().HasForeignKey(i => i.ProjectId);
        builder.HasOne<Connection>().WithMany().HasForeignKey(i => i.ConnectionId);
    }
}

internal sealed class WorkTaskMapping : IEntityTypeConfiguration<WorkTask>
{
    public void Configure(EntityTypeBuilder<WorkTask> builder)
    {
        builder.ToTable("Tasks");
        builder.Property(t => t.Reason).HasMaxLength(2000);
        builder.Property(t => t.Version).IsConcurrencyToken();
        builder.HasOne<Asset>().WithMany().HasForeignKey(t => t.AssetId);
        builder.HasIndex(t => t.AssetId);
        // The queue itself: what `next` walks, in its order. Only open tasks stand in it.
        builder.HasIndex(t => new { t.ProjectId, t.StepKind, t.Priority, t.ArrivedAt, t.Id }, "ix_tasks_queue")
            .IsDescending(false, false, true, false, false).HasFilter("state = 0 and sent_back_to is null and assigned_to is null");
        // The same by labeler, for a reviewer whose own labels fill the head of the queue.
        builder.HasIndex(t => new { t.ProjectId, t.LabeledBy, t.Priority, t.ArrivedAt, t.Id }, "ix_tasks_queue_by_labeler")
            .IsDescending(false, false, true, false, false).HasFilter("state = 0 and sent_back_to is null and assigned_to is null and labeled_by is not null");
        builder.HasIndex(t => new { t.ProjectId, t.SentBackTo }, "ix_tasks_sent_back").HasFilter("state = 0 and sent_back_to is not null");
        builder.HasIndex(t => new { t.ProjectId, t.AssignedTo }, "ix_tasks_assigned").HasFilter("state = 0 and assigned_to is not null");
        builder.HasIndex(t => new { t.ProjectId, t.HolderId }, "ix_tasks_held").HasFilter("holder_id is not null");
        // Nobody holds or is given two of an asset's independent answers: the last guard behind the claim's own.
        builder.HasIndex(t => new { t.AssetId, t.HolderId }, "ux_tasks_copy_holder").IsUnique().HasFilter("purpose = 1 and state = 0 and holder_id is not null");
        builder.HasIndex(t => new { t.AssetId, t.AssignedTo }, "ux_tasks_copy_assignee").IsUnique().HasFilter("purpose = 1 and state = 0 and assigned_to is not null");
        // One honeypot at a time waits for a person.
        builder.HasIndex(t => new { t.ProjectId, t.AssignedTo }, "ux_tasks_honeypot").IsUnique().HasFilter("purpose = 2 and state = 0 and assigned_to is not null");
    }
}

internal sealed class StepWorkMapping : IEntityTypeConfiguration<StepWork>
{
    public void Configure(EntityTypeBuilder<StepWork> builder)
    {
        builder.ToTable("StepWork");
        builder.HasKey(w => new { w.AssetId, w.PersonId, w.StepId });
    }
}

internal sealed class SamplingDecisionMapping : IEntityTypeConfiguration<SamplingDecision>
{
    public void Configure(EntityTypeBuilder<SamplingDecision> builder)
    {
        builder.HasKey(d => new { d.AssetId, d.StepId, d.Round });
        // How many arrived before: the highest stands at the end of the index. Policies that do not ask for it are not in it.
        builder.HasIndex(d => new { d.StepId, d.PolicyVersion, d.ArrivedBefore }, "ix_sampling_decisions_arrived").HasFilter("arrived_before is not null");
        builder.HasIndex(d => new { d.ProjectId, d.StepId, d.DecidedAt });
    }
}

internal sealed class DraftMapping : IEntityTypeConfiguration<Draft>
{
    public void Configure(EntityTypeBuilder<Draft> builder)
    {
        builder.HasKey(d => new { d.TaskId, d.PersonId });
        builder.HasOne<WorkTask>().WithMany().HasForeignKey(d => d.TaskId);
    }
}

internal sealed class LabelMapping : IEntityTypeConfiguration<Label>
{
    public void Configure(EntityTypeBuilder<Label> builder)
    {
        builder.Property(l => l.Digest).HasMaxLength(32);
        builder.Property(l => l.IdempotencyKey).HasMaxLength(100);
        builder.HasIndex(l => new { l.TaskId, l.IdempotencyKey }).IsUnique();
        builder.HasIndex(l => new { l.AssetId, l.Strand, l.Number }).IsUnique();
        builder.HasIndex(l => new { l.ProjectId, l.CreatedAt });
        builder.HasOne<WorkTask>().WithMany().HasForeignKey(l => l.TaskId);
        builder.HasOne<Asset>().WithMany().HasForeignKey(l => l.AssetId);
    }
}

internal sealed class LabelClassMapping : IEntityTypeConfiguration<LabelClass>
{
    public void Configure(EntityTypeBuilder<LabelClass> builder)
    {
        builder.Property(c => c.Tool).HasMaxLength(64);
        builder.HasKey(c => new { c.LabelId, c.Tool });
        builder.HasOne<Label>().WithMany().HasForeignKey(c => c.LabelId);
    }
}

internal sealed class ReviewMapping : IEntityTypeConfiguration<Review>
{
    public void Configure(EntityTypeBuilder<Review> builder)
    {
        builder.Property(r => r.Reason).HasMaxLength(2000);
        builder.Property(r => r.IdempotencyKey).HasMaxLength(100);
        builder.HasIndex(r => new { r.TaskId, r.IdempotencyKey }).IsUnique();
        builder.HasIndex(r => r.LabelId);
        // The rolling agreement of an adaptive policy.
        builder.HasIndex(r => new { r.StepId, r.CreatedAt, r.Id }, "ix_reviews_rolling").HasFilter("step_id is not null");
        builder.HasIndex(r => new { r.ProjectId, r.CreatedAt });
        builder.HasOne<Label>().WithMany().HasForeignKey(r => r.LabelId);
    }
}

internal sealed class AuditEntryMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.Property(e => e.Act).HasMaxLength(100);
        builder.Property(e => e.LeafHash).HasMaxLength(32);
        builder.HasIndex(e => new { e.OrganizationId, e.Seq }).IsUnique();
        // Rows that the sequencer has not numbered yet: late commits cannot be missed.
        builder.HasIndex(e => new { e.OrganizationId, e.Id }, "ix_audit_unnumbered").HasFilter("seq is null");
        builder.HasIndex(e => new { e.OrganizationId, e.ProjectId, e.At });
    }
}
