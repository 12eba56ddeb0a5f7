using System.CommandLine;
using Hybrid.ControlPlane.Persistence;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>Moves an installation from SQLite to PostgreSQL, with every row accounted for.</summary>
internal static class Move
{
    public static Command Verb()
    {
        var from = new Option<string>("--from") { Required = true, Description = "Connection string of the SQLite database (Data Source=FILE); its control plane is stopped." };
        var to = new Option<string>("--to") { Required = true, Description = "Connection string of the empty PostgreSQL database, as hybrid_migrator." };
        var plaintext = new Option<bool>("--allow-plaintext") { Description = "No TLS beyond loopback, where the network itself is encrypted." };
        var command = new Command("move", "Copies an installation from SQLite to PostgreSQL in one transaction.") { from, to, plaintext };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(plaintext), ct));
        return command;
    }

    internal static async Task<int> RunAsync(string from, string to, bool plaintext, CancellationToken ct)
    {
        var source = new DatabaseOptions { Provider = DatabaseProvider.Sqlite, ConnectionString = from };
        var target = new DatabaseOptions { Provider = DatabaseProvider.Postgres, ConnectionString = to, AllowPlaintext = plaintext };
        var mistakes = target.Mistakes().Distinct(StringComparer.Ordinal).Take(1).ToList();
        if (Backup.FileOf(from) is not { } file || !File.Exists(file)) mistakes.Insert(0, "--from names no file that is there: write it as \"Data Source=FILE\".");
        var (tables, refusal) = mistakes.Count > 0 ? ([], string.Join(' ', mistakes)) : await InstallationMove.RunAsync(source, target, ct);
        if (refusal is not null)
        {
            await Console.Error.WriteLineAsync(refusal);
            return 2;
        }

        foreach (var table in tables) Console.WriteLine($"{table.Table,-24}{table.Rows,12} rows  {table.Digest}");
        Console.WriteLine($"{tables.Sum(t => t.Rows)} rows in {tables.Count} tables moved; both sides read alike.");
        return 0;
    }
}
