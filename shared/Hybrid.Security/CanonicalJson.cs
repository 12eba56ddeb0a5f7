using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Security;

/// <summary>JSON Canonicalization Scheme (RFC 8785): the same value gives the same bytes on every machine.</summary>
public static class CanonicalJson
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (char)c), '"', '\\']);

    /// <summary>The canonical UTF-8 bytes of a value.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a string holds a lone surrogate (RFC 8785 § 3.2.2).</exception>
    public static byte[] Serialize(JsonNode? node) => Serialize(JsonSerializer.SerializeToElement(node));

    /// <inheritdoc cref="Serialize(JsonNode?)"/>
    public static byte[] Serialize(JsonElement element)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        Write(text, element);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>SHA-256 of the canonical bytes.</summary>
    public static byte[] Digest(JsonElement element) => System.Security.Cryptography.SHA256.HashData(Serialize(element));

    private static void Write(ArrayBufferWriter<byte> text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMembers(text, element);
                break;
            case JsonValueKind.Array:
                text.Write("["u8);
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!first) text.Write(","u8);
                    first = false;
                    Write(text, item);
                }

                text.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteString(text, element.GetString()!);
                break;
            case JsonValueKind.Number:
                WriteNumber(text, element.GetDouble());
                break;
            default:
                text.Write(element.ValueKind switch { JsonValueKind.True => "true"u8, JsonValueKind.False => "false"u8, _ => "null"u8 });
                break;
        }
    }

    private static void WriteMembers(ArrayBufferWriter<byte> text, JsonElement element)
    {
        // § 3.2.3: by UTF-16 code units, which is what an ordinal comparison of .NET strings does.
        var members = new List<(string Name, JsonElement Value)>();
        foreach (var member in element.EnumerateObject()) members.Add((member.Name, member.Value));
        members.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        text.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0) text.Write(","u8);
            WriteString(text, members[i].Name);
            text.Write(":"u8);
            Write(text, members[i].Value);
        }

        text.Write("}"u8);
    }

    /// <summary>A string as it stands in canonical JSON; half a surrogate pair becomes U+FFFD, as <see cref="JsonSerializer"/> writes it.</summary>
    internal static void WriteText(ArrayBufferWriter<byte> text, string value) => WriteString(text, value, Encoding.UTF8);

    private static void WriteString(ArrayBufferWriter<byte> text, string value) => WriteString(text, value, Utf8);

    private static void WriteString(ArrayBufferWriter<byte> text, string value, Encoding utf8)
    {
        text.Write("\""u8);
        var rest = value.AsSpan();
        while (rest.IndexOfAny(Escaped) is var at and >= 0)
        {
            utf8.GetBytes(rest[..at], text);
            utf8.GetBytes(Escape(rest[at]), text);
            rest = rest[(at + 1)..];
        }

        utf8.GetBytes(rest, text);
        text.Write("\""u8);
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
    };

    private static void WriteNumber(ArrayBufferWriter<byte> text, double value)
    {
        // What is a coordinate has neither an exponent nor another form.
        var room = text.GetSpan(32);
        if (value != 0 && double.IsFinite(value) && value.TryFormat(room, out var written, "R", CultureInfo.InvariantCulture) && !room[..written].Contains((byte)'E')) text.Advance(written);
        else Utf8.GetBytes(Number(value), text);
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
