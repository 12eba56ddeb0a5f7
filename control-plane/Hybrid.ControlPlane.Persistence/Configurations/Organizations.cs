using Hybrid.ControlPlane.Domain.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class OrganizationMapping : IEntityTypeConfiguration<Organization>
{
    public void Configure(EntityTypeBuilder<Organization> builder) => builder.Property(o => o.Name).HasMaxLength(200);
}

internal sealed class OrganizationMemberMapping : IEntityTypeConfiguration<OrganizationMember>
{
    public void Configure(EntityTypeBuilder<OrganizationMember> builder)
    {
        builder.HasKey(m => new { m.OrganizationId, m.PersonId });
        builder.HasIndex(m => m.PersonId);
        builder.HasOne<Organization>().WithMany().HasForeignKey(m => m.OrganizationId);
        builder.HasOne<Person>().WithMany().HasForeignKey(m => m.PersonId);
    }
}

internal sealed class PersonMapping : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.ToTable("People");
        builder.Property(p => p.DisplayName).HasMaxLength(200);
    }
}

internal sealed class SessionMapping : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.Property(s => s.TokenHash).HasMaxLength(32);
        builder.Property(s => s.KeyThumbprint).HasMaxLength(43);
        builder.Property(s => s.Issuer).HasMaxLength(500);
        builder.Property(s => s.IssuerSubject).HasMaxLength(255);
        builder.Property(s => s.IssuerSession).HasMaxLength(255);
        builder.HasIndex(s => s.TokenHash).IsUnique();
        builder.HasIndex(s => s.PersonId);
        builder.HasIndex(s => s.ExpiresAt);
        builder.HasOne<Person>().WithMany().HasForeignKey(s => s.PersonId);
    }
}
