using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class ProjectMapping : IEntityTypeConfiguration<Project>
{
    public void Configure(EntityTypeBuilder<Project> builder)
    {
        builder.Property(p => p.Name).HasMaxLength(200);
        builder.Property(p => p.Description).HasMaxLength(2000);
        builder.Property(p => p.Version).IsConcurrencyToken();
        builder.Ignore(p => p.IsMeasured);
        builder.HasIndex(p => new { p.OrganizationId, p.Name });
        builder.HasIndex(p => p.DeletedAt).HasFilter("deleted_at is not null");
        builder.HasOne<Organization>().WithMany().HasForeignKey(p => p.OrganizationId);
    }
}

internal sealed class ProjectMemberMapping : IEntityTypeConfiguration<ProjectMember>
{
    public void Configure(EntityTypeBuilder<ProjectMember> builder)
    {
        builder.HasKey(m => new { m.ProjectId, m.PersonId });
        builder.Property(m => m.Version).IsConcurrencyToken();
        builder.HasIndex(m => new { m.OrganizationId, m.PersonId });
        builder.HasIndex(m => m.ValidUntil).HasFilter("valid_until is not null");
        builder.HasOne<Project>().WithMany().HasForeignKey(m => m.ProjectId);
        builder.HasOne<Person>().WithMany().HasForeignKey(m => m.PersonId);
    }
}

internal sealed class OntologyVersionMapping : IEntityTypeConfiguration<OntologyVersion>
{
    public void Configure(EntityTypeBuilder<OntologyVersion> builder)
    {
        builder.HasKey(v => new { v.ProjectId, v.Number });
        builder.HasOne<Project>().WithMany().HasForeignKey(v => v.ProjectId);
    }
}

internal sealed class WorkflowStepMapping : IEntityTypeConfiguration<WorkflowStep>
{
    public void Configure(EntityTypeBuilder<WorkflowStep> builder)
    {
        builder.HasKey(s => new { s.Id, s.WorkflowVersion });
        builder.Property(s => s.Name).HasMaxLength(100);
        builder.Property(s => s.SamplingRate).HasDefaultValue(1d).HasSentinel(1d);
        builder.Property(s => s.SamplingVersion).HasDefaultValue(1).HasSentinel(1);
        builder.Property(s => s.ConsensusLabelers).HasDefaultValue(1).HasSentinel(1);
        builder.Property(s => s.ConsensusMost).HasDefaultValue(1).HasSentinel(1);
        builder.Property(s => s.ConsensusVersion).HasDefaultValue(1).HasSentinel(1);
        builder.Ignore(s => s.Sampling);
        builder.Ignore(s => s.Consensus);
        builder.HasIndex(s => new { s.ProjectId, s.WorkflowVersion, s.Position }).IsUnique();
        builder.HasOne<Project>().WithMany().HasForeignKey(s => s.ProjectId);
    }
}

internal sealed class WorkflowStepMemberMapping : IEntityTypeConfiguration<WorkflowStepMember>
{
    public void Configure(EntityTypeBuilder<WorkflowStepMember> builder)
    {
        builder.HasKey(m => new { m.StepId, m.WorkflowVersion, m.PersonId });
        builder.HasOne<Project>().WithMany().HasForeignKey(m => m.ProjectId);
        builder.HasOne<Person>().WithMany().HasForeignKey(m => m.PersonId);
    }
}

internal sealed class ProjectConnectionMapping : IEntityTypeConfiguration<ProjectConnection>
{
    public void Configure(EntityTypeBuilder<ProjectConnection> builder)
    {
        builder.HasKey(c => new { c.ProjectId, c.ConnectionId });
        builder.HasOne<Project>().WithMany().HasForeignKey(c => c.ProjectId);
        builder.HasOne<Connection>().WithMany().HasForeignKey(c => c.ConnectionId);
    }
}
