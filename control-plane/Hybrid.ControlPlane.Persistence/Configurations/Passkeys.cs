using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class PasskeyMapping : IEntityTypeConfiguration<Passkey>
{
    public void Configure(EntityTypeBuilder<Passkey> builder)
    {
        builder.Property(p => p.CredentialId).HasMaxLength(1023);
        builder.Property(p => p.PublicKey).HasMaxLength(1024);
        builder.Property(p => p.Name).HasMaxLength(Passkey.MaxName);
        builder.HasIndex(p => p.CredentialId).IsUnique();
        builder.HasIndex(p => p.PersonId);
        builder.HasOne<Person>().WithMany().HasForeignKey(p => p.PersonId);
    }
}

internal sealed class AnsweredChallengeMapping : IEntityTypeConfiguration<AnsweredChallenge>
{
    public void Configure(EntityTypeBuilder<AnsweredChallenge> builder)
    {
        builder.HasKey(c => c.Digest);
        builder.Property(c => c.Digest).HasMaxLength(32);
        builder.HasIndex(c => c.ExpiresAt);
    }
}
