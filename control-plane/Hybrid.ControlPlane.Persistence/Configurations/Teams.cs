using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class TeamMapping : IEntityTypeConfiguration<Team>
{
    public void Configure(EntityTypeBuilder<Team> builder)
    {
        builder.Property(t => t.Name).HasMaxLength(200);
        builder.Property(t => t.NormalizedName).HasMaxLength(200);
        builder.Property(t => t.ExternalId).HasMaxLength(256);
        builder.Property(t => t.Version).IsConcurrencyToken();
        builder.HasIndex(t => new { t.OrganizationId, t.NormalizedName }).IsUnique();
        builder.HasIndex(t => new { t.OrganizationId, t.Source, t.ExternalId }).IsUnique().HasFilter("external_id is not null");
        builder.HasOne<Organization>().WithMany().HasForeignKey(t => t.OrganizationId);
    }
}

internal sealed class TeamMemberMapping : IEntityTypeConfiguration<TeamMember>
{
    public void Configure(EntityTypeBuilder<TeamMember> builder)
    {
        // A person's teams first: that is what every access check asks.
        builder.HasKey(m => new { m.PersonId, m.TeamId });
        builder.HasIndex(m => m.TeamId);
        builder.HasOne<Team>().WithMany().HasForeignKey(m => m.TeamId);
        builder.HasOne<Person>().WithMany().HasForeignKey(m => m.PersonId);
    }
}

internal sealed class ProjectTeamMapping : IEntityTypeConfiguration<ProjectTeam>
{
    public void Configure(EntityTypeBuilder<ProjectTeam> builder)
    {
        builder.HasKey(t => new { t.ProjectId, t.TeamId });
        builder.Property(t => t.Version).IsConcurrencyToken();
        builder.HasIndex(t => t.TeamId);
        builder.HasOne<Project>().WithMany().HasForeignKey(t => t.ProjectId);
        builder.HasOne<Team>().WithMany().HasForeignKey(t => t.TeamId);
    }
}

internal sealed class PeopleJobMapping : IEntityTypeConfiguration<PeopleJob>
{
    public void Configure(EntityTypeBuilder<PeopleJob> builder)
    {
        builder.Property(j => j.Version).IsConcurrencyToken();
        builder.HasIndex(j => new { j.OrganizationId, j.CreatedAt });
        builder.HasIndex(j => j.State).HasFilter("state = 0");
        builder.HasOne<Organization>().WithMany().HasForeignKey(j => j.OrganizationId);
    }
}

internal sealed class AccessReviewMapping : IEntityTypeConfiguration<AccessReview>
{
    public void Configure(EntityTypeBuilder<AccessReview> builder)
    {
        builder.HasIndex(r => new { r.ProjectId, r.PersonId, r.DecidedAt });
        builder.HasOne<Project>().WithMany().HasForeignKey(r => r.ProjectId);
    }
}

internal sealed class ProjectNoticeMapping : IEntityTypeConfiguration<ProjectNotice>
{
    public void Configure(EntityTypeBuilder<ProjectNotice> builder)
    {
        builder.Property(n => n.Version).IsConcurrencyToken();
        builder.HasIndex(n => n.ProjectId).HasFilter("noted_at is null");
        builder.HasOne<Project>().WithMany().HasForeignKey(n => n.ProjectId);
    }
}
