using Hybrid.ControlPlane.Domain.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class MailLinkMapping : IEntityTypeConfiguration<MailLink>
{
    public void Configure(EntityTypeBuilder<MailLink> builder)
    {
        builder.Property(l => l.TokenHash).HasMaxLength(32);
        builder.Property(l => l.BoundTo).HasMaxLength(32);
        builder.Property(l => l.Version).IsConcurrencyToken();
        builder.HasIndex(l => new { l.OrganizationId, l.PersonId, l.Kind }).IsUnique();
        builder.HasIndex(l => l.TokenHash).IsUnique().HasFilter("token_hash is not null");
        builder.HasIndex(l => l.NextAttemptAt).HasFilter("state = 0");
        builder.HasOne<Person>().WithMany().HasForeignKey(l => l.PersonId);
    }
}

internal sealed class PasswordResetRequestMapping : IEntityTypeConfiguration<PasswordResetRequest>
{
    public void Configure(EntityTypeBuilder<PasswordResetRequest> builder)
    {
        builder.HasKey(r => r.NormalizedEmail);
        builder.Property(r => r.NormalizedEmail).HasMaxLength(256);
        builder.HasIndex(r => r.AskedAt);
    }
}

internal sealed class SignInDelayMapping : IEntityTypeConfiguration<SignInDelay>
{
    public void Configure(EntityTypeBuilder<SignInDelay> builder)
    {
        builder.HasKey(d => d.KeyHash);
        builder.Property(d => d.KeyHash).HasMaxLength(32);
        builder.HasIndex(d => d.LastAt);
    }
}

internal sealed class KnownDeviceMapping : IEntityTypeConfiguration<KnownDevice>
{
    public void Configure(EntityTypeBuilder<KnownDevice> builder)
    {
        builder.HasKey(d => new { d.PersonId, d.TokenHash });
        builder.Property(d => d.TokenHash).HasMaxLength(32);
        builder.HasOne<Person>().WithMany().HasForeignKey(d => d.PersonId);
    }
}
