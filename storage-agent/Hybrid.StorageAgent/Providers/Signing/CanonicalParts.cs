namespace Hybrid.StorageAgent.Providers.Signing;

/// <summary>The parameters of a canonical request: by encoded name, then by encoded value.</summary>
internal sealed class CanonicalQuery
{
    private (string Name, string Value, bool Clean)[] pairs = new (string, string, bool)[12];
    private int count;

    public void Clear() => count = 0;

    /// <summary>Puts a parameter in its place.</summary>
    /// <param name="name">The name, encoded.</param>
    /// <param name="value">The value.</param>
    /// <param name="clean">Whether the value is encoded already.</param>
    public void Add(string name, string value, bool clean = false)
    {
        if (count == pairs.Length) Array.Resize(ref pairs, count * 2);
        // Callers add nearly in order, so most stay where they arrive.
        var at = count++;
        for (; at > 0 && Compare(pairs[at - 1], (name, value, clean)) > 0; at--) pairs[at] = pairs[at - 1];
        pairs[at] = (name, value, clean);
    }

    public void Write(CanonicalText text)
    {
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Plain("&");
            text.Plain(pairs[i].Name);
            text.Plain("=");
            if (pairs[i].Clean) text.Plain(pairs[i].Value);
            else text.Encoded(pairs[i].Value, slash: false);
        }
    }

    private static int Compare((string Name, string Value, bool Clean) one, (string Name, string Value, bool Clean) other) =>
        string.CompareOrdinal(one.Name, other.Name) is var order and not 0 ? order : string.CompareOrdinal(Encoded(one), Encoded(other));

    private static string Encoded((string Name, string Value, bool Clean) pair) => pair.Clean ? pair.Value : CanonicalRequest.Encode(pair.Value, slash: false);
}

/// <summary>The headers of a canonical request: by name in lower case; equal names are one line, in order of arrival.</summary>
internal sealed class CanonicalHeaders
{
    private (string Name, string Value)[] pairs = new (string, string)[4];
    private int count;

    /// <summary>Names joined by semicolons, each once.</summary>
    public string Names
    {
        get
        {
            var names = pairs[0].Name;
            for (var i = 1; i < count; i++) names = pairs[i].Name == pairs[i - 1].Name ? names : string.Concat(names, ";", pairs[i].Name);
            return names;
        }
    }

    public void Clear() => count = 0;

    public void Add(string name, string value)
    {
        name = name.ToLowerInvariant();
        if (count == pairs.Length) Array.Resize(ref pairs, count * 2);
        var at = count++;
        for (; at > 0 && string.CompareOrdinal(pairs[at - 1].Name, name) > 0; at--) pairs[at] = pairs[at - 1];
        pairs[at] = (name, Collapse(value));
    }

    public void Write(CanonicalText text)
    {
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && pairs[i].Name == pairs[i - 1].Name)
            {
                text.Plain(",");
            }
            else
            {
                if (i > 0) text.Plain("\n");
                text.Plain(pairs[i].Name);
                text.Plain(":");
            }

            text.Plain(pairs[i].Value);
        }

        text.Plain("\n");
    }

    private static string Collapse(string value)
    {
        value = value.Trim();
        if (!value.Contains("  ", StringComparison.Ordinal) && !value.Contains('\t', StringComparison.Ordinal)) return value;
        return string.Join(' ', value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }
}
