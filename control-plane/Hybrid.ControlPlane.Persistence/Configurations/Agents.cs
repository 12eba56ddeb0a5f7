using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Grants;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Hybrid.ControlPlane.Persistence.Configurations;

internal sealed class AgentMapping : IEntityTypeConfiguration<Agent>
{
    public void Configure(EntityTypeBuilder<Agent> builder)
    {
        builder.Property(a => a.Name).HasMaxLength(100);
        builder.Property(a => a.Url).HasMaxLength(500);
        builder.Property(a => a.SoftwareVersion).HasMaxLength(50);
        builder.Property(a => a.Version).IsConcurrencyToken();
        builder.HasIndex(a => new { a.OrganizationId, a.Name }).IsUnique();
    }
}

internal sealed class AgentKeyMapping : IEntityTypeConfiguration<AgentKey>
{
    public void Configure(EntityTypeBuilder<AgentKey> builder)
    {
        builder.HasKey(k => k.KeyId);
        builder.Property(k => k.KeyId).HasMaxLength(43);
        builder.Property(k => k.Jwk).HasMaxLength(500);
        builder.HasIndex(k => k.AgentId);
        builder.HasOne<Agent>().WithMany().HasForeignKey(k => k.AgentId);
    }
}

internal sealed class EnrolmentTokenMapping : IEntityTypeConfiguration<EnrolmentToken>
{
    public void Configure(EntityTypeBuilder<EnrolmentToken> builder)
    {
        builder.Property(t => t.Hash).HasMaxLength(32);
        builder.Property(t => t.Version).IsConcurrencyToken();
        builder.HasIndex(t => t.Hash).IsUnique();
        builder.HasOne<Agent>().WithMany().HasForeignKey(t => t.AgentId);
    }
}

internal sealed class ConnectionMapping : IEntityTypeConfiguration<Connection>
{
    public void Configure(EntityTypeBuilder<Connection> builder)
    {
        builder.Property(c => c.Name).HasMaxLength(100);
        builder.Property(c => c.Provider).HasMaxLength(20);
        builder.Property(c => c.Delivery).HasMaxLength(20);
        builder.Property(c => c.StorageOrigin).HasMaxLength(500);
        builder.Property(c => c.Weaknesses).HasMaxLength(1000);
        builder.Property(c => c.Version).IsConcurrencyToken();
        builder.HasIndex(c => new { c.AgentId, c.Name }).IsUnique();
        builder.HasOne<Agent>().WithMany().HasForeignKey(c => c.AgentId);
    }
}

internal sealed class GrantKeyMapping : IEntityTypeConfiguration<GrantKey>
{
    public void Configure(EntityTypeBuilder<GrantKey> builder)
    {
        builder.HasKey(k => k.KeyId);
        builder.Property(k => k.KeyId).HasMaxLength(43);
        builder.HasIndex(k => k.Sequence).IsUnique();
    }
}
