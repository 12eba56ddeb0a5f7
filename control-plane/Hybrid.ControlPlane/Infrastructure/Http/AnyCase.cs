namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>
/// A named value in a query. Bodies and answers write such names in camel case; the framework reads queries only in the
/// spelling of the code, so that <c>status=toDo</c> would be refused.
/// </summary>
/// <typeparam name="T">The enumeration.</typeparam>
/// <param name="Value">What was named.</param>
public readonly record struct AnyCase<T>(T Value)
    where T : struct, Enum
{
    /// <summary>Reads a name in any case; numbers are no names. The framework binds by this signature.</summary>
    public static bool TryParse(string? text, out AnyCase<T> found)
    {
        var known = Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]);
        found = new AnyCase<T>(value);
        return known;
    }
}
