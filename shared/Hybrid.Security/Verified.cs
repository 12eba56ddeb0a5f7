namespace Hybrid.Security;

/// <summary>Why a token, proof or message was refused.</summary>
/// <param name="Code">Stable code, e.g. <c>grant.expired</c>.</param>
/// <param name="Detail">What to do; holds nothing secret.</param>
public sealed record SecurityRefusal(string Code, string Detail);

/// <summary>Either a value whose origin was verified, or the refusal.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly struct Verified<T>
{
    private readonly T? value;

    private Verified(T? value, SecurityRefusal? refusal) => (this.value, Refusal) = (value, refusal);

    /// <summary>The refusal, or null.</summary>
    public SecurityRefusal? Refusal { get; }

    /// <summary>True when there is a value.</summary>
    public bool IsOk => Refusal is null && value is not null;

    /// <summary>The value; only after <see cref="IsOk"/>.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public T Value => IsOk ? value! : throw new InvalidOperationException($"Refused: {Refusal?.Code}");

    /// <summary>Wraps a verified value.</summary>
    public static implicit operator Verified<T>(T value) => new(value, null);

    /// <summary>Wraps a refusal.</summary>
    public static implicit operator Verified<T>(SecurityRefusal refusal) => new(default, refusal);
}
