using Hybrid.ControlPlane.Domain.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class OrganizationMapping : IEntityTypeConfiguration<Organization>
{
    public void Configure(EntityTypeBuilder<Organization> builder)
    {
        builder.Property(o => o.Name).HasMaxLength(200);
        builder.Property(o => o.IdleMinutes).HasDefaultValue(Organization.DefaultIdleMinutes);
        builder.Property(o => o.AbsoluteHours).HasDefaultValue(Organization.DefaultAbsoluteHours);
    }
}

internal sealed class OrganizationMemberMapping : IEntityTypeConfiguration<OrganizationMember>
{
    public void Configure(EntityTypeBuilder<OrganizationMember> builder)
    {
        builder.HasKey(m => new { m.OrganizationId, m.PersonId });
        builder.Property(m => m.Version).IsConcurrencyToken();
        builder.HasIndex(m => m.PersonId);
        builder.HasIndex(m => m.InvitationWantedAt).HasFilter("invitation_wanted_at is not null");
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
        builder.Property(p => p.AuthenticatorSeed).HasMaxLength(500);
        builder.Property(p => p.Language).HasMaxLength(Languages.MaxLength);
        builder.Property(p => p.PendingSeed).HasMaxLength(500);
        // Identity writes whole rows: one that was read before a code was taken must not make the code good again.
        builder.Property(p => p.AuthenticatorStep).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
    }
}

internal sealed class SessionMapping : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.Property(s => s.TokenHash).HasMaxLength(32);
        builder.Property(s => s.KeyThumbprint).HasMaxLength(43);
        builder.Property(s => s.UserAgent).HasMaxLength(200);
        builder.Property(s => s.Issuer).HasMaxLength(500);
        builder.Property(s => s.IssuerSubject).HasMaxLength(255);
        builder.Property(s => s.IssuerSession).HasMaxLength(255);
        builder.HasIndex(s => s.TokenHash).IsUnique();
        builder.Property(s => s.PreviousTokenHash).HasMaxLength(32);
        builder.HasIndex(s => s.PreviousTokenHash).HasFilter("previous_token_hash is not null");
        builder.HasIndex(s => s.PersonId);
        builder.HasIndex(s => s.ExpiresAt);
        builder.HasOne<Person>().WithMany().HasForeignKey(s => s.PersonId);
    }
}

internal sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.Property(k => k.Name).HasMaxLength(200);
        builder.Property(k => k.Prefix).HasMaxLength(8);
        builder.Property(k => k.SecretHash).HasMaxLength(32);
        builder.Property(k => k.KeyThumbprint).HasMaxLength(43);
        builder.HasIndex(k => k.Prefix).IsUnique();
        builder.HasIndex(k => k.SecretHash).IsUnique();
        builder.HasIndex(k => k.AccountId);
        builder.HasOne<Person>().WithMany().HasForeignKey(k => k.AccountId);
    }
}

internal sealed class RecoveryCodeMapping : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> builder)
    {
        builder.Property(c => c.Hash).HasMaxLength(32);
        builder.HasIndex(c => new { c.PersonId, c.Hash }).IsUnique();
        builder.HasOne<Person>().WithMany().HasForeignKey(c => c.PersonId);
    }
}
