using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>What a password is compared with when there is no such account, so that the answer takes the same time: a hash by the host's own settings.</summary>
internal sealed class NobodysPassword(IOptions<PasswordHasherOptions> options)
{
    private readonly Lazy<string> hash = new(() => new PasswordHasher<Person>(options).HashPassword(new Person(), Guid.NewGuid().ToString()));

    /// <summary>The hash, of a password that nobody knows.</summary>
    public string Hash => hash.Value;
}
