using System.Buffers.Binary;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Identity;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>
/// Passwords that are known from breaches (NIST SP 800-63B-4 § 3.1.1.2), without a network: a Bloom filter (Bloom 1970) over their SHA-256.
/// It knows every password of its list, and takes one in about a thousand others for one of them.
/// </summary>
internal sealed class BreachedPasswords
{
    /// <summary>First bytes of a filter's file; the count of hashes (4 bytes, big-endian) and the bits follow.</summary>
    public static ReadOnlySpan<byte> Magic => "HYBLOOM1"u8;

    private const int Header = 12;
    private const double BitsForEach = 14.4;
    private const int Hashes = 10;
    private readonly byte[] filter;

    /// <summary>The filter that the configuration names, else the one that comes with the product.</summary>
    public BreachedPasswords(ControlPlaneOptions options)
        : this(options.PasswordFilterFile is { } file ? File.ReadAllBytes(file) : Shipped())
    {
    }

    private BreachedPasswords(byte[] filter)
    {
        if (filter.Length <= Header || !filter.AsSpan(0, Magic.Length).SequenceEqual(Magic)) throw new InvalidDataException("This is no password filter: build one with build-password-filter.");
        this.filter = filter;
    }

    /// <summary>Whether the password is one of the list, letter case aside.</summary>
    public bool Contains(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        foreach (var bit in Bits(password, (filter.Length - Header) * 8L, BinaryPrimitives.ReadInt32BigEndian(filter.AsSpan(Magic.Length))))
            if ((filter[Header + (bit >> 3)] & (1 << (int)(bit & 7))) == 0) return false;
        return true;
    }

    /// <summary>Builds a filter from passwords, one a line; those too short to be chosen are left out.</summary>
    /// <returns>How many it holds.</returns>
    public static int Build(IEnumerable<string> passwords, Stream into)
    {
        var chosen = passwords.Where(p => p.Length >= PasswordRules.MinLength).Select(p => p.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        var bytes = new byte[Header + Math.Max(1, (int)Math.Ceiling(chosen.Count * BitsForEach / 8))];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Magic.Length), Hashes);
        foreach (var password in chosen)
            foreach (var bit in Bits(password, (bytes.Length - Header) * 8L, Hashes)) bytes[Header + (bit >> 3)] |= (byte)(1 << (int)(bit & 7));
        into.Write(bytes);
        return chosen.Count;
    }

    // Two halves of one digest stand for any number of hashes (Kirsch and Mitzenmacher 2006).
    private static IEnumerable<long> Bits(string password, long size, int hashes)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(password.ToLowerInvariant()));
        var first = BinaryPrimitives.ReadUInt64BigEndian(digest);
        var second = BinaryPrimitives.ReadUInt64BigEndian(digest.AsSpan(8)) | 1;
        for (var i = 0; i < hashes; i++) yield return (long)(unchecked(first + ((ulong)i * second)) % (ulong)size);
    }

    private static byte[] Shipped()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("breached-passwords.bloom") ?? throw new InvalidOperationException("The password filter is not in the program.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}

/// <summary>What a password must be (NIST SP 800-63B-4): long, and in no list. No rules about its characters.</summary>
internal static class PasswordRules
{
    /// <summary>Least characters.</summary>
    public const int MinLength = 12;

    /// <summary>Most characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>The refusal of a password that Identity did not take.</summary>
    public static Error Unfit(IdentityResult result) => result.Errors.Any(e => e.Code == BreachedPasswordValidator.Code)
        ? new(ErrorKind.Unprocessable, "password.breached", "This password is known from a breach.", "Nothing was changed. Choose another, such as four words that do not belong together.")
        : new(ErrorKind.Unprocessable, "password.unfit", "This password cannot be used.", "Nothing was changed. " + string.Join(" ", result.Errors.Select(e => e.Description)));
}

/// <summary>Refuses passwords from breaches wherever one is set.</summary>
internal sealed class BreachedPasswordValidator(BreachedPasswords breached) : IPasswordValidator<Person>
{
    public const string Code = "PasswordBreached";

    public Task<IdentityResult> ValidateAsync(UserManager<Person> manager, Person user, string? password) => Task.FromResult(
        password is not null && breached.Contains(password)
            ? IdentityResult.Failed(new IdentityError { Code = Code, Description = "This password is known from a breach. Choose another, such as four words that do not belong together." })
            : IdentityResult.Success);
}
