using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.Security.Keys;
using Hybrid.StorageAgent.Identity;

namespace Hybrid.StorageAgent.AccessLog;

/// <summary>
/// Copies lines out, as JSON lines (byte for byte as they stand) or as a table. The last line says how many there are, the hash of the
/// log's last line, and the hash of all bytes before it; the agent's key signs that, so that a copy that was changed or cut shows.
/// </summary>
internal static class LogExport
{
    /// <summary>The <c>typ</c> header of the signature.</summary>
    public const string Type = "hybrid-log-export+jwt";

    private static readonly string[] Columns = ["at", "allowed", "rule", "person", "project", "task", "connection", "key", "version", "grant", "act", "client", "previous"];

    /// <summary>Writes an export.</summary>
    /// <returns>Lines that were written.</returns>
    public static long Write(string folder, LogQuery query, bool csv, AgentIdentity? identity, TimeProvider clock, Stream to)
    {
        var verdict = JournalCheck.Run(folder);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (lines, searched, head) = (0L, 0L, JournalCheck.Genesis);
        if (csv) Put(string.Join(',', Columns.Select(PlainText.Cell)) + "\r\n");
        foreach (var line in JournalFiles.All(folder).SelectMany(JournalFiles.Lines).Where(l => l.IsWhole))
        {
            (searched, head) = (searched + 1, line.Hash);
            if (line.TryRead() is not { } record || !query.Matches(record)) continue;
            lines++;
            if (csv)
            {
                Put(Row(record));
                continue;
            }

            PutBytes(line.Text.Span);
            PutBytes("\n"u8);
        }

        var end = new JsonObject
        {
            ["at"] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), ["agent"] = identity?.AgentId.ToString(), ["lines"] = lines, ["searched"] = searched, ["everything"] = query.IsEverything,
            ["unbroken"] = verdict.Break is null, ["from"] = verdict.From, ["head"] = head, ["sha256"] = Convert.ToHexStringLower(hash.GetCurrentHash()),
        };
        if (identity is not null) end["jwk"] = JsonNode.Parse(identity.PublicJwk.ToString());
        var signature = identity is null ? null : CompactJws.Sign(Type, end.DeepClone(), identity.Key, identity.KeyId);
        var last = csv
            ? string.Join(',', ((string[])["end", end.ToJsonString(), signature ?? ""]).Select(PlainText.Cell)) + "\r\n"
            : new JsonObject { ["end"] = end, ["signature"] = signature }.ToJsonString() + "\n";
        to.Write(Encoding.UTF8.GetBytes(last));
        return lines;

        void Put(string text) => PutBytes(Encoding.UTF8.GetBytes(text));

        void PutBytes(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            to.Write(bytes);
        }
    }

    /// <summary>Checks an export of JSON lines: what is wrong with it, or null, and the thumbprint of the key that signed it.</summary>
    public static (string? Mistake, string? Key, long Lines) Check(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[]? last = null;
        var lines = 0L;
        foreach (var line in JournalFiles.Lines(path))
        {
            if (!line.IsWhole) return ("it does not end with a whole line: it was cut", null, lines);
            if (last is not null)
            {
                hash.AppendData(last);
                hash.AppendData("\n"u8);
                lines++;
            }

            last = line.Text.ToArray();
        }

        try
        {
            using var end = JsonDocument.Parse(last ?? []);
            if (!end.RootElement.TryGetProperty("signature", out var text) || !CompactJws.TryParse(text.GetString(), Type, allowEmbeddedKey: false, out var jws)) return ("its last line is not the signed end", null, lines);
            if (!EcPublicJwk.TryRead(jws.Payload.GetProperty("jwk"), out var key)) return ("its end names no key", null, lines);
            using var ecdsa = key.ToEcdsa();
            if (jws.KeyId != key.Thumbprint || !jws.IsSignedBy(ecdsa)) return ("its signature is not by the key that it names", null, lines);
            if (jws.Payload.GetProperty("lines").GetInt64() != lines || jws.Text("sha256") != Convert.ToHexStringLower(hash.GetCurrentHash())) return ("its lines are not those that were signed", key.Thumbprint, lines);
            return (null, key.Thumbprint, lines);
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return ("its last line is not the signed end", null, lines);
        }
    }

    private static string Row(AccessRecord record) => string.Join(',', ((string?[])
    [
        record.At.ToString("O", CultureInfo.InvariantCulture), record.Allowed ? "allowed" : "refused", record.Rule, record.Person, record.Project, record.Task, record.Connection, record.Key,
        record.Version, record.Grant, record.Act, record.Client, record.Previous,
    ]).Select(PlainText.Cell)) + "\r\n";
}
