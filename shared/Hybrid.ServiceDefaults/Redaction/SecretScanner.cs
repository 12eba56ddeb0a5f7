using System.Buffers;

namespace Hybrid.ServiceDefaults.Redaction;

/// <summary>
/// Finds secrets in text as it stands, in one pass. Every step looks back at most 256 characters, or forward over what no later step
/// will look at again: the whole stays linear.
/// </summary>
internal ref struct SecretScanner
{
    private const string TokenCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> OfToken = SearchValues.Create(TokenCharacters);
    private static readonly SearchValues<char> OfTokens = SearchValues.Create(TokenCharacters + ".");
    private static readonly SearchValues<char> OfCredentials = SearchValues.Create(TokenCharacters + ".~+/=");
    private static readonly SearchValues<char> EndOfWord = SearchValues.Create("&; \t\r\n\0\"'`<>,()[]{}#\\|");
    private static readonly SearchValues<char> EndOfLine = SearchValues.Create("\r\n\0");
    private static readonly SearchValues<char> EndOfUrl = SearchValues.Create(" \t\r\n\0\"'`<>\\|");
    private static readonly string[] Schemes = ["bearer ", "dpop ", "basic "];
    private const string AwsScheme = "AWS4-HMAC-SHA256 ";

    private readonly ReadOnlySpan<char> text;
    private readonly List<Found> found;
    private int urlsSeenTo;
    private int wordsSeenTo;
    private int tokensSeenTo;
    private int noTokenBefore;

    private SecretScanner(ReadOnlySpan<char> text, List<Found> found)
    {
        this.text = text;
        this.found = found;
    }

    public static void Scan(ReadOnlySpan<char> text, List<Found> found)
    {
        var scanner = new SecretScanner(text, found);
        for (var at = 0; at < text.Length;)
        {
            var end = scanner.At(at);
            at = Math.Max(at + 1, end);
        }
    }

    // Looks at one character; answers where to go on, or 0.
    private int At(int at) => text[at] switch
    {
        '=' => Named(at),
        ':' => Math.Max(Url(at), Named(at)),
        ',' => Pair(at),
        '@' => Address(at),
        'e' => Token(at),
        'h' or 'H' => OwnToken(at),
        'x' or 'X' => SplitSecret(at),
        '-' => PrivateKey(at),
        'a' or 'A' or 'b' or 'B' or 'd' or 'D' => Scheme(at),
        _ => 0,
    };

    private int Add(int start, int end, string kind)
    {
        found.Add(new Found(start, end, kind));
        return end;
    }

    // NAME=value, NAME: value, "NAME": "value".
    private int Named(int separator)
    {
        // Inside a value that is found already; but at its last character a further name may end ("secret = DPoP: …").
        if (separator < wordsSeenTo - 1) return 0;
        var end = separator;
        while (end > 0 && separator - end < 3 && text[end - 1] == ' ') end--;
        if (end > 0 && text[end - 1] is '"' or '\'') end--;
        while (end > 0 && separator - end < 8 && text[end - 1] == '\\') end--;
        var start = NameStart(end);
        var name = text[start..end];
        var value = separator + 1;
        if (SecretNames.KindOf(name, text[separator]) is { } known) return Value(value, known);
        return text[separator] == '=' && name is "s" && IsFileSignature(value, out var last) ? Add(value, last, SecretKinds.UrlSignature) : 0;
    }

    // [NAME, value]: how .NET prints a pair.
    private int Pair(int comma)
    {
        if (comma < wordsSeenTo - 1) return 0;
        var start = NameStart(comma);
        return start > 0 && text[start - 1] == '[' && SecretNames.KindOf(text[start..comma], '=') is { } known ? Value(comma + 1, known) : 0;
    }

    private int NameStart(int end)
    {
        var start = end;
        while (start > 0 && end - start <= SecretNames.Longest && OfToken.Contains(text[start - 1])) start--;
        return start;
    }

    private int Value(int start, SecretName name)
    {
        var at = start;
        while (at < text.Length && at - start < 8 && text[at] is ' ' or '[' && !text[at..].StartsWith(SecretKinds.MarkerStart)) at++;
        while (at < text.Length && at - start < 16 && text[at] == '\\') at++;
        var quote = at < text.Length && text[at] is '"' or '\'' ? text[at++] : '\0';
        if (text[at..].StartsWith(SecretKinds.MarkerStart)) return at + SecretKinds.MarkerStart.Length;
        var length = quote != '\0' ? text[at..].IndexOfAny(quote, '\n') : text[at..].IndexOfAny(name.Reach == ValueReach.Line ? EndOfLine : EndOfWord);
        var end = length < 0 ? text.Length : at + length;
        // The closing quote of a quoted string within a string is escaped.
        while (quote != '\0' && end > at && text[end - 1] == '\\') end--;
        if (end == at) return 0;
        Add(at, end, name.Kind);
        if (quote != '\0' || name.Reach == ValueReach.Line) return end;
        // A word may be a scheme ("secret = Bearer …") or end in a name: what stands in it is looked at all the same.
        wordsSeenTo = end;
        return 0;
    }

    // Our own URLs: s= and 43 characters of base64url (Providers/AgentUrls.cs in the agent).
    private readonly bool IsFileSignature(int start, out int end)
    {
        end = RunEnd(start, OfToken);
        return end - start == 43;
    }

    // scheme://…?query
    private int Url(int colon)
    {
        if (colon < urlsSeenTo || !text[colon..].StartsWith("://")) return 0;
        var length = text[colon..].IndexOfAny(EndOfUrl);
        urlsSeenTo = length < 0 ? text.Length : colon + length;
        var query = text[colon..urlsSeenTo].IndexOf('?');
        var start = colon + query + 1;
        if (query >= 0 && start < urlsSeenTo && !text[start..].StartsWith(SecretKinds.MarkerStart)) Add(start, urlsSeenTo, SecretKinds.Query);
        return 0;
    }

    // local@domain.tld, and user:password@ of a URL.
    private int Address(int at)
    {
        var login = at;
        while (login > 0 && at - login < 256 && !EndOfUrl.Contains(text[login - 1]) && text[login - 1] is not ('/' or '@')) login--;
        if (login > 2 && text[..login].EndsWith("://") && text[login..at].Contains(':')) Add(login, at, SecretKinds.Secret);

        var start = at;
        while (start > 0 && at - start < 64 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '_' or '+' or '-')) start--;
        var end = at + 1;
        while (end < text.Length && end - at <= 255 && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '-')) end++;
        var domain = text[(at + 1)..end].TrimEnd(".-");
        var dot = domain.LastIndexOf('.');
        if (start == at || dot < 1 || domain.Length - dot < 3) return 0;
        foreach (var c in domain[(dot + 1)..])
        {
            if (!char.IsLetter(c)) return 0;
        }

        // icon@2x.png is a file's name.
        if (dot == 2 && char.IsAsciiDigit(domain[0]) && domain[1] == 'x') return 0;
        return Add(start, at + 1 + domain.Length, SecretKinds.Email);
    }

    // Compact JWS and JWE: header.payload.signature, header.key.iv.text.tag; a header in JSON begins with eyJ.
    private int Token(int at)
    {
        if (at < noTokenBefore || !text[at..].StartsWith("eyJ")) return 0;
        if (at >= tokensSeenTo) tokensSeenTo = RunEnd(at, OfTokens);
        var token = text[at..tokensSeenTo].TrimEnd('.');
        var header = token.IndexOf('.');
        // A header of nine characters is none; behind its dot another may begin.
        if (header is >= 0 and < 10) return 0;
        var rest = header < 0 ? default : token[(header + 1)..];
        if (rest.Contains('.') || rest.StartsWith("eyJ")) return Add(at, at + token.Length, SecretKinds.Token);
        // Nothing later in this run has more dots behind it.
        noTokenBefore = tokensSeenTo;
        return 0;
    }

    private int OwnToken(int at)
    {
        var enrols = text[at..].StartsWith("hya1.", StringComparison.OrdinalIgnoreCase);
        if (!enrols && !text[at..].StartsWith("hyk1_", StringComparison.OrdinalIgnoreCase)) return 0;
        var end = RunEnd(at, OfTokens);
        while (end > at && text[end - 1] == '.') end--;
        return end - at >= 25 ? Add(at, end, enrols ? SecretKinds.EnrolmentToken : SecretKinds.ApiKey) : 0;
    }

    // x-8-8-8-2 characters of base32 (SplitSecret in Hybrid.Security).
    private int SplitSecret(int at)
    {
        const int length = 31;
        if (at + length > text.Length) return 0;
        var candidate = text.Slice(at, length);
        for (var i = 1; i < length; i++)
        {
            var hyphen = i is 1 or 10 or 19 or 28;
            var fits = hyphen ? candidate[i] == '-' : char.IsAsciiLetter(candidate[i]) || candidate[i] is >= '2' and <= '7';
            if (!fits) return 0;
        }

        return Add(at, at + length, SecretKinds.SplitSecret);
    }

    private int PrivateKey(int at)
    {
        if (!text[at..].StartsWith("-----BEGIN ")) return 0;
        var head = text.Slice(at, Math.Min(64, text.Length - at));
        if (head.IndexOf("PRIVATE KEY") < 0) return 0;
        var length = text[at..].IndexOf("-----END ");
        return Add(at, length < 0 ? text.Length : at + length, SecretKinds.PrivateKey);
    }

    // "Bearer …", "Basic …" where no header's name stands before it.
    private int Scheme(int at)
    {
        if (at > 0 && char.IsLetterOrDigit(text[at - 1])) return 0;
        if (text[at..].StartsWith(AwsScheme, StringComparison.OrdinalIgnoreCase))
        {
            var line = text[at..].IndexOfAny(EndOfLine);
            return Add(at + AwsScheme.Length, line < 0 ? text.Length : at + line, SecretKinds.Authorization);
        }

        foreach (var scheme in Schemes)
        {
            if (!text[at..].StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) continue;
            var start = at + scheme.Length;
            var end = RunEnd(start, OfCredentials);
            // "Basic authentication" is prose: credentials are long and have a digit, or a capital behind the first letter.
            var credentials = text[start..end];
            return credentials.Length >= 8 && (credentials.ContainsAnyInRange('0', '9') || credentials[1..].ContainsAnyInRange('A', 'Z')) ? Add(start, end, SecretKinds.Authorization) : 0;
        }

        return 0;
    }

    private readonly int RunEnd(int start, SearchValues<char> of)
    {
        var length = text[start..].IndexOfAnyExcept(of);
        return length < 0 ? text.Length : start + length;
    }
}
