using Hybrid.ControlPlane.Infrastructure.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>How the product hashes passwords; the other tests hash faster.</summary>
public sealed class PasswordHashingTests
{
    [Fact]
    public void Hashing_IsAtTheCountOfOwasp()
    {
        var services = new ServiceCollection();
        services.AddSignIn(new Uri("https://hybrid.example.org"));
        using var provider = services.BuildServiceProvider();

        Assert.True(provider.GetRequiredService<IOptions<PasswordHasherOptions>>().Value.IterationCount >= 210_000);
    }
}
