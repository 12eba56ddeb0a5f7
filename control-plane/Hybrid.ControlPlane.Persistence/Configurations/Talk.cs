using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Guidelines;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Talk;
using Hybrid.ControlPlane.Domain.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class GuidelineVersionMapping : IEntityTypeConfiguration<GuidelineVersion>
{
    public void Configure(EntityTypeBuilder<GuidelineVersion> builder)
    {
        builder.HasKey(v => new { v.ProjectId, v.Number });
        builder.Property(v => v.Digest).HasMaxLength(32);
        builder.Property(v => v.Reason).HasMaxLength(500);
        builder.HasOne<Project>().WithMany().HasForeignKey(v => v.ProjectId);
    }
}

internal sealed class GuidelineReadingMapping : IEntityTypeConfiguration<GuidelineReading>
{
    public void Configure(EntityTypeBuilder<GuidelineReading> builder)
    {
        // In the order in which a claim asks: has this person read that version, or a newer one?
        builder.HasKey(r => new { r.ProjectId, r.PersonId, r.Number });
        builder.HasOne<Project>().WithMany().HasForeignKey(r => r.ProjectId);
        builder.HasOne<Person>().WithMany().HasForeignKey(r => r.PersonId);
    }
}

internal sealed class GuidelinePictureMapping : IEntityTypeConfiguration<GuidelinePicture>
{
    public void Configure(EntityTypeBuilder<GuidelinePicture> builder)
    {
        builder.Property(p => p.Key).HasMaxLength(1024);
        builder.HasIndex(p => new { p.ProjectId, p.ConnectionId, p.Key }).IsUnique();
        builder.HasOne<Project>().WithMany().HasForeignKey(p => p.ProjectId);
        builder.HasOne<Connection>().WithMany().HasForeignKey(p => p.ConnectionId);
    }
}

internal sealed class IssueThreadMapping : IEntityTypeConfiguration<IssueThread>
{
    public void Configure(EntityTypeBuilder<IssueThread> builder)
    {
        builder.ToTable("Threads");
        builder.Property(t => t.Version).IsConcurrencyToken();
        // The list of a project, newest first, and what stands open in it.
        builder.HasIndex(t => new { t.ProjectId, t.OpenedAt, t.Id });
        builder.HasIndex(t => new { t.ProjectId, t.Status, t.OpenedAt, t.Id });
        builder.HasIndex(t => new { t.AssetId, t.Status });
        builder.HasIndex(t => new { t.ProjectId, t.AssigneeId }).HasFilter("assignee_id is not null");
        builder.HasOne<Project>().WithMany().HasForeignKey(t => t.ProjectId);
        builder.HasOne<Asset>().WithMany().HasForeignKey(t => t.AssetId);
    }
}

internal sealed class ThreadCommentMapping : IEntityTypeConfiguration<ThreadComment>
{
    public void Configure(EntityTypeBuilder<ThreadComment> builder)
    {
        builder.Property(c => c.Text).HasMaxLength(8000);
        builder.HasIndex(c => new { c.ThreadId, c.Number }).IsUnique();
        builder.HasOne<IssueThread>().WithMany().HasForeignKey(c => c.ThreadId);
    }
}

internal sealed class ThreadPersonMapping : IEntityTypeConfiguration<ThreadPerson>
{
    public void Configure(EntityTypeBuilder<ThreadPerson> builder)
    {
        builder.HasKey(p => new { p.ThreadId, p.PersonId });
        builder.HasIndex(p => new { p.ProjectId, p.PersonId, p.ThreadId });
        builder.HasIndex(p => p.TellSince).HasFilter("tell_since is not null");
        builder.HasOne<IssueThread>().WithMany().HasForeignKey(p => p.ThreadId);
        builder.HasOne<Person>().WithMany().HasForeignKey(p => p.PersonId);
    }
}

internal sealed class QueueJobMapping : IEntityTypeConfiguration<QueueJob>
{
    public void Configure(EntityTypeBuilder<QueueJob> builder)
    {
        builder.Property(j => j.Version).IsConcurrencyToken();
        builder.HasIndex(j => new { j.ProjectId, j.Id });
        builder.HasIndex(j => j.State).HasFilter("state = 0");
        builder.HasOne<Project>().WithMany().HasForeignKey(j => j.ProjectId);
    }
}

internal sealed class QueueJobChangeMapping : IEntityTypeConfiguration<QueueJobChange>
{
    public void Configure(EntityTypeBuilder<QueueJobChange> builder)
    {
        builder.HasKey(c => new { c.JobId, c.TaskId });
        builder.HasOne<QueueJob>().WithMany().HasForeignKey(c => c.JobId);
        builder.HasOne<WorkTask>().WithMany().HasForeignKey(c => c.TaskId);
    }
}
