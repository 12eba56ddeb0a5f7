using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class IdentityProviderMapping : IEntityTypeConfiguration<IdentityProvider>
{
    public void Configure(EntityTypeBuilder<IdentityProvider> builder)
    {
        builder.Property(p => p.Name).HasMaxLength(100);
        builder.Property(p => p.Issuer).HasMaxLength(500);
        builder.Property(p => p.ClientId).HasMaxLength(255);
        builder.Property(p => p.Scopes).HasMaxLength(500);
        builder.Property(p => p.GroupsClaim).HasMaxLength(100);
        builder.HasIndex(p => p.OrganizationId).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(p => p.OrganizationId);
    }
}

internal sealed class IdentityDomainMapping : IEntityTypeConfiguration<IdentityDomain>
{
    public void Configure(EntityTypeBuilder<IdentityDomain> builder)
    {
        builder.HasKey(d => new { d.OrganizationId, d.Domain });
        builder.Property(d => d.Domain).HasMaxLength(253);
        builder.Property(d => d.Token).HasMaxLength(64);
        // Two organizations may claim a domain; only one can have it proven.
        builder.HasIndex(d => d.Domain).IsUnique().HasFilter("verified_at IS NOT NULL");
        builder.HasOne<Organization>().WithMany().HasForeignKey(d => d.OrganizationId);
    }
}

internal sealed class ExternalLoginMapping : IEntityTypeConfiguration<ExternalLogin>
{
    public void Configure(EntityTypeBuilder<ExternalLogin> builder)
    {
        builder.HasKey(l => new { l.OrganizationId, l.Issuer, l.Subject });
        builder.Property(l => l.Issuer).HasMaxLength(500);
        builder.Property(l => l.Subject).HasMaxLength(255);
        builder.HasIndex(l => l.PersonId);
        builder.HasOne<Person>().WithMany().HasForeignKey(l => l.PersonId);
    }
}

internal sealed class DirectoryEntryMapping : IEntityTypeConfiguration<DirectoryEntry>
{
    public void Configure(EntityTypeBuilder<DirectoryEntry> builder)
    {
        builder.HasKey(e => new { e.OrganizationId, e.PersonId });
        builder.Property(e => e.UserName).HasMaxLength(256);
        builder.Property(e => e.NormalizedUserName).HasMaxLength(256);
        builder.Property(e => e.ExternalId).HasMaxLength(256);
        builder.Property(e => e.GivenName).HasMaxLength(200);
        builder.Property(e => e.FamilyName).HasMaxLength(200);
        builder.HasIndex(e => new { e.OrganizationId, e.NormalizedUserName }).IsUnique();
        builder.HasIndex(e => new { e.OrganizationId, e.ExternalId }).IsUnique().HasFilter("external_id is not null");
        builder.HasOne<Organization>().WithMany().HasForeignKey(e => e.OrganizationId);
        builder.HasOne<Person>().WithMany().HasForeignKey(e => e.PersonId);
    }
}

internal sealed class MappedMembershipMapping : IEntityTypeConfiguration<MappedMembership>
{
    public void Configure(EntityTypeBuilder<MappedMembership> builder)
    {
        builder.HasKey(m => new { m.OrganizationId, m.PersonId, m.ProjectId });
        builder.HasOne<Project>().WithMany().HasForeignKey(m => m.ProjectId);
        builder.HasOne<Person>().WithMany().HasForeignKey(m => m.PersonId);
    }
}

internal sealed class TakenLogoutTokenMapping : IEntityTypeConfiguration<TakenLogoutToken>
{
    public void Configure(EntityTypeBuilder<TakenLogoutToken> builder)
    {
        builder.HasKey(t => new { t.OrganizationId, t.Digest });
        builder.Property(t => t.Digest).HasMaxLength(32);
        builder.HasIndex(t => t.ExpiresAt);
    }
}
