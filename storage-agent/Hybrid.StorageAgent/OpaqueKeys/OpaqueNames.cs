using System.Security.Cryptography;
using System.Text;
using Hybrid.Security.Keys;
using Microsoft.Data.Sqlite;

namespace Hybrid.StorageAgent.OpaqueKeys;

/// <summary>
/// What the control plane gets instead of an object's name: <c>hk1_</c> and HMAC-SHA256 of connection and key, by a key of its own made
/// from the agent's secret (HKDF, RFC 5869). Replicas with one secret make the same names. The way back is a map in SQLite that only this
/// agent has; a lost one is made anew by listing.
/// </summary>
public sealed class OpaqueNames : IDisposable
{
    /// <summary>Begins every opaque name.</summary>
    public const string Prefix = "hk1_";

    /// <summary>Length of an opaque name.</summary>
    public const int Length = 47;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] nameKey;
    private readonly byte[] tagKey;
    private readonly byte[] cursorKey;
    private readonly string connectionString;
    private readonly Lazy<SqliteConnection> writer;
    private readonly Lock writing = new();

    /// <summary>Names by a secret, with the map in a file; nothing is opened before it is needed.</summary>
    /// <param name="file">The map.</param>
    /// <param name="agentSecret">The agent's secret.</param>
    public OpaqueNames(string file, byte[] agentSecret)
    {
        (nameKey, tagKey, cursorKey) = (KeyOf("hybrid opaque name"), KeyOf("hybrid opaque entity tag"), KeyOf("hybrid opaque cursor"));
        connectionString = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate }.ToString();
        writer = new Lazy<SqliteConnection>(Open);
        byte[] KeyOf(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, agentSecret, 32, info: Encoding.ASCII.GetBytes(purpose));
    }

    /// <summary>The map's file in a data folder.</summary>
    public static string FileIn(string dataDirectory) => Path.Combine(dataDirectory, "opaque-keys.db");

    /// <summary>The opaque name of a key.</summary>
    public string NameOf(string connection, string key) => Prefix + Base64UrlStrict.Encode(Digest(nameKey, connection, key));

    /// <summary>An entity tag that changes when the store's does, and tells nothing of it: the store's is often a hash of the content.</summary>
    public string? TagOf(string connection, string? etag) => etag is null ? null : Convert.ToHexStringLower(Digest(tagKey, connection, etag)[..16]);

    /// <summary>A cursor that says nothing: stores put keys into theirs.</summary>
    public string Seal(string cursor)
    {
        var plain = Encoding.UTF8.GetBytes(cursor);
        var sealedCursor = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(sealedCursor.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(cursorKey, TagBytes);
        aes.Encrypt(sealedCursor.AsSpan(0, NonceBytes), plain, sealedCursor.AsSpan(NonceBytes, plain.Length), sealedCursor.AsSpan(NonceBytes + plain.Length));
        return Base64UrlStrict.Encode(sealedCursor);
    }

    /// <summary>The cursor that was sealed, by this replica or another; null when it is none.</summary>
    public string? Unseal(string cursor)
    {
        if (!Base64UrlStrict.TryDecode(cursor, out var bytes) || bytes.Length < NonceBytes + TagBytes) return null;
        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(cursorKey, TagBytes);
        try
        {
            aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, plain.Length), bytes.AsSpan(NonceBytes + plain.Length), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Remembers keys; those that are known already cost little.</summary>
    public void Keep(string connection, IEnumerable<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        lock (writing)
        {
            using var transaction = writer.Value.BeginTransaction();
            using var insert = writer.Value.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = "insert or ignore into names (name, connection, key) values ($name, $connection, $key)";
            var (name, of, value) = (insert.Parameters.Add("$name", SqliteType.Blob), insert.Parameters.Add("$connection", SqliteType.Text), insert.Parameters.Add("$key", SqliteType.Text));
            foreach (var key in keys)
            {
                (name.Value, of.Value, value.Value) = (Digest(nameKey, connection, key), connection, key);
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }

    /// <summary>Connection and key of an opaque name; null when the map does not know it, or it is none.</summary>
    public (string Connection, string Key)? Find(string name)
    {
        if (DigestIn(name) is not { } digest) return null;
        using var reader = Open();
        using var select = reader.CreateCommand();
        select.CommandText = "select connection, key from names where name = $name";
        select.Parameters.AddWithValue("$name", digest);
        using var row = select.ExecuteReader();
        return row.Read() ? (row.GetString(0), row.GetString(1)) : null;
    }

    /// <summary>Whether a text has the form of an opaque name.</summary>
    public static bool IsName(ReadOnlySpan<char> text) => DigestIn(text) is not null;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (writer.IsValueCreated) writer.Value.Dispose();
    }

    private static byte[]? DigestIn(ReadOnlySpan<char> name) =>
        name.Length == Length && name.StartsWith(Prefix, StringComparison.Ordinal) && Base64UrlStrict.TryDecode(name[Prefix.Length..], out var digest) ? digest : null;

    // Lengths first, so that no two different pairs spell the same bytes.
    private static byte[] Digest(byte[] by, string connection, string text) => HMACSHA256.HashData(by, Encoding.UTF8.GetBytes($"{connection.Length}:{connection}\n{text}"));

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var prepare = connection.CreateCommand();
        // What a power cut takes is listed again.
        prepare.CommandText = """
            pragma journal_mode = wal;
            pragma synchronous = normal;
            create table if not exists names (name blob primary key, connection text not null, key text not null) without rowid;
            """;
        prepare.ExecuteNonQuery();
        return connection;
    }
}
