using System.Globalization;
using System.Reflection;

namespace Hybrid.StorageAgent.Configuration;

/// <summary>
/// Reads the agent's file (and <c>HYBRID_AGENT__…</c> variables) and says every mistake in it. A name that the agent does not know is a
/// mistake too: a misspelt ceiling would be no ceiling, and nobody would see it.
/// </summary>
internal static class AgentFile
{
    /// <summary>The prefix of variables that stand for the file's settings.</summary>
    public const string VariablePrefix = "HYBRID_AGENT__";

    /// <summary>The options with every mistake, each with its mend; without a mistake they may be used.</summary>
    public static (AgentOptions Options, IReadOnlyList<string> Mistakes) Read(string path)
    {
        var options = new AgentOptions();
        if (!File.Exists(path)) return (options, [$"{path} does not exist: write it (README.md has one to copy), or name another with --config."]);
        try
        {
            return Read(new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path)).AddEnvironmentVariables(VariablePrefix).Build());
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            return (options, [$"{path} cannot be read: {(unreadable.InnerException ?? unreadable).Message}"]);
        }
    }

    /// <summary>The same from settings that were read already.</summary>
    public static (AgentOptions Options, IReadOnlyList<string> Mistakes) Read(IConfiguration settings)
    {
        var (good, mistakes) = (new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase), new List<string>());
        ReadObject(settings, typeof(AgentOptions), "", good, mistakes);
        var options = new AgentOptions();
        new ConfigurationBuilder().AddInMemoryCollection(good).Build().Bind(options);
        return (options, [.. mistakes, .. options.Mistakes()]);
    }

    private static void ReadObject(IConfiguration settings, Type type, string at, Dictionary<string, string?> good, List<string> mistakes)
    {
        var known = type.GetProperties().Where(IsSetting).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var setting in settings.GetChildren())
        {
            var name = at + char.ToLowerInvariant(setting.Key[0]) + setting.Key[1..];
            if (known.TryGetValue(setting.Key, out var property)) ReadValue(setting, property.PropertyType, name, good, mistakes);
            else mistakes.Add($"{name} is not known: correct its name or remove it. Known here: {string.Join(", ", known.Keys.Select(JsonName).Order(StringComparer.Ordinal))}.");
        }
    }

    private static void ReadValue(IConfigurationSection setting, Type type, string name, Dictionary<string, string?> good, List<string> mistakes)
    {
        var scalar = Nullable.GetUnderlyingType(type) ?? type;
        if (ItemOf(type) is { } item)
        {
            // An empty list arrives as an empty text.
            if (!string.IsNullOrEmpty(setting.Value)) mistakes.Add($"{name} is one value: give a list, [ … ].");
            foreach (var (entry, i) in setting.GetChildren().Select((c, i) => (c, i))) ReadValue(entry, item, $"{name}[{i.ToString(CultureInfo.InvariantCulture)}]", good, mistakes);
        }
        else if (Expected(scalar) is not { } expected)
        {
            if (!string.IsNullOrEmpty(setting.Value)) mistakes.Add($"{name} is one value: give an object, {{ … }}.");
            ReadObject(setting, type, name + ".", good, mistakes);
        }
        else if (setting.GetChildren().Any())
        {
            mistakes.Add($"{name} is a list or an object: give {expected}.");
        }
        else if (setting.Value is { } text)
        {
            // The value itself is not repeated: it may be a secret that slipped into the wrong place.
            if (IsReadable(scalar, text)) good[setting.Path] = text;
            else mistakes.Add($"{name} is not {expected}: give {expected}.");
        }
    }

    private static bool IsSetting(PropertyInfo property) => property.SetMethod is { IsPublic: true } || ItemOf(property.PropertyType) is not null;

    private static Type? ItemOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>) ? type.GetGenericArguments()[0] : null;

    private static string? Expected(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(int) ? "a whole number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(Guid) ? "an id such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301"
        : type == typeof(Uri) ? "an address such as https://hybrid.example"
        : null;

    private static bool IsReadable(Type type, string text) =>
        type == typeof(int) ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        : type == typeof(bool) ? bool.TryParse(text, out _)
        : type == typeof(Guid) ? Guid.TryParse(text, out _)
        : type != typeof(Uri) || Uri.TryCreate(text, UriKind.Absolute, out _);

    private static string JsonName(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
