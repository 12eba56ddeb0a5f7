namespace Hybrid.ControlPlane.Domain.Results;

/// <summary>A response type that can carry a refusal; lets pipeline behaviours refuse without knowing the type.</summary>
/// <typeparam name="TSelf">The response type itself.</typeparam>
public interface IRefusable<out TSelf>
{
    /// <summary>The refusal, or null on success.</summary>
    Error? Refusal { get; }

    /// <summary>Makes a refused response.</summary>
    static abstract TSelf Refused(Error error);
}

/// <summary>A success without a value.</summary>
public readonly record struct Done
{
    /// <summary>The only value.</summary>
    public static readonly Done Value;
}

/// <summary>Either a value or an expected refusal. Exceptions stay for bugs and broken infrastructure.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class Result<T> : IRefusable<Result<T>>
{
    private readonly T? value;

    private Result(T? value, Error? refusal)
    {
        this.value = value;
        Refusal = refusal;
    }

    /// <inheritdoc/>
    public Error? Refusal { get; }

    /// <summary>True when there is a value.</summary>
    public bool IsSuccess => Refusal is null;

    /// <summary>The value; only after <see cref="IsSuccess"/>.</summary>
    /// <exception cref="InvalidOperationException">The result is a refusal.</exception>
    public T Value => Refusal is null ? value! : throw new InvalidOperationException($"Refused: {Refusal.Code}");

    /// <inheritdoc/>
    public static Result<T> Refused(Error error) => new(default, error);

    /// <summary>Wraps a value.</summary>
    public static Result<T> Success(T value) => new(value, null);

    /// <summary>Continues with the value, or passes the refusal on.</summary>
    public Result<TNext> Map<TNext>(Func<T, TNext> next) =>
        Refusal is null ? Result<TNext>.Success(next(value!)) : Result<TNext>.Refused(Refusal);

    /// <summary>Wraps a value.</summary>
    public static implicit operator Result<T>(T value) => Success(value);

    /// <summary>Wraps a refusal.</summary>
    public static implicit operator Result<T>(Error error) => Refused(error);
}
