using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Security;

/// <summary>JSON Canonicalization Scheme (RFC 8785): the same value gives the same bytes on every machine.</summary>
public static class CanonicalJson
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (char)c), '"', '\\']);

    /// <summary>The canonical UTF-8 bytes of a value.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a string holds a lone surrogate (RFC 8785 § 3.2.2).</exception>
    public static byte[] Serialize(JsonNode? node) => Serialize(JsonSerializer.SerializeToElement(node));

    /// <inheritdoc cref="Serialize(JsonNode?)"/>
    public static byte[] Serialize(JsonElement element)
    {
        var text = new StringBuilder();
        Write(text, element);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text.ToString());
    }

    /// <summary>SHA-256 of the canonical bytes.</summary>
    public static byte[] Digest(JsonElement element) => System.Security.Cryptography.SHA256.HashData(Serialize(element));

    private static void Write(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMembers(text, element);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!first) text.Append(',');
                    first = false;
                    Write(text, item);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteString(text, element.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(Number(element.GetDouble()));
                break;
            default:
                text.Append(element.ValueKind switch { JsonValueKind.True => "true", JsonValueKind.False => "false", _ => "null" });
                break;
        }
    }

    private static void WriteMembers(StringBuilder text, JsonElement element)
    {
        text.Append('{');
        var first = true;
        // § 3.2.3: by UTF-16 code units, which is what an ordinal comparison of .NET strings does.
        foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            if (!first) text.Append(',');
            first = false;
            WriteString(text, member.Name);
            text.Append(':');
            Write(text, member.Value);
        }

        text.Append('}');
    }

    private static void WriteString(StringBuilder text, string value)
    {
        if (!value.AsSpan().ContainsAny(Escaped))
        {
            text.Append('"').Append(value).Append('"');
            return;
        }

        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    /// <summary>A number as ECMAScript writes it (ECMA-262 § 6.1.6.1.20, Number::toString).</summary>
    /// <exception cref="ArgumentException">Not finite.</exception>
    public static string Number(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException("JSON has no NaN and no infinity.", nameof(value));
        if (value == 0) return "0";
        // .NET's "R" gives the shortest digits that round-trip, as ECMAScript does; only the layout differs.
        var roundTrip = value.ToString("R", CultureInfo.InvariantCulture);
        // Without an exponent the layout is the same too: so it is for whatever is a coordinate.
        if (!roundTrip.Contains('E', StringComparison.Ordinal)) return roundTrip;
        var negative = roundTrip[0] == '-';
        if (negative) roundTrip = roundTrip[1..];
        var e = roundTrip.IndexOf('E', StringComparison.Ordinal);
        var mantissa = e < 0 ? roundTrip : roundTrip[..e];
        var exponent = e < 0 ? 0 : int.Parse(roundTrip[(e + 1)..], CultureInfo.InvariantCulture);
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var point = (dot < 0 ? mantissa.Length : dot) + exponent;
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits[leading..].TrimEnd('0');
        point -= leading;
        return (negative ? "-" : "") + Layout(digits, point);
    }

    private static string Layout(string digits, int point)
    {
        var count = digits.Length;
        if (count <= point && point <= 21) return digits + new string('0', point - count);
        if (point is > 0 and <= 21) return digits[..point] + "." + digits[point..];
        if (point is > -6 and <= 0) return "0." + new string('0', -point) + digits;
        var power = point - 1;
        var sign = power < 0 ? "-" : "+";
        var mantissa = count == 1 ? digits : digits[..1] + "." + digits[1..];
        return $"{mantissa}e{sign}{Math.Abs(power).ToString(CultureInfo.InvariantCulture)}";
    }
}
