using System.CommandLine;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.Data.Sqlite;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>Copies SQLite's database while it serves (the online backup API), and checks the copy.</summary>
internal static class Backup
{
    public static Command Verb()
    {
        var file = new Argument<string>("FILE") { Description = "Where the copy goes; it must not be there yet." };
        var command = new Command("backup", "Copies the SQLite database while it serves, and checks the copy.") { file };
        command.SetAction((parsed, ct) => VerbHost.RunAsync(services => RunAsync(services.GetRequiredService<ControlPlaneOptions>().Database, parsed.GetValue(file)!, ct)));
        return command;
    }

    internal static async Task<int> RunAsync(DatabaseOptions database, string file, CancellationToken ct)
    {
        if (Refusal(database, file) is { } refusal)
        {
            await Console.Error.WriteLineAsync(refusal);
            return 2;
        }

        // Password hashes and the key ring are in it: for its owner alone from its first byte on.
        if (!OperatingSystem.IsWindows()) await using (new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite })) { }
        await using var source = new SqliteConnection(database.ConnectionString);
        await source.OpenAsync(ct);
        await using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        await copy.OpenAsync(ct);
        source.BackupDatabase(copy);
        await using var check = copy.CreateCommand();
        check.CommandText = "pragma integrity_check";
        if ((string?)await check.ExecuteScalarAsync(ct) is not "ok")
        {
            await Console.Error.WriteLineAsync($"{file} is damaged: look at the disk, and make another one.");
            return 1;
        }

        Console.WriteLine($"{file}: {new FileInfo(file).Length} bytes, checked. Keep the key file (HYBRID__DataProtectionKeyFile) elsewhere: without it nobody reads the key ring in here.");
        return 0;
    }

    /// <summary>The file of a SQLite connection string; null when it names none.</summary>
    internal static string? FileOf(string connection)
    {
        try
        {
            return new SqliteConnectionStringBuilder(connection).DataSource is { Length: > 0 } file ? file : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? Refusal(DatabaseOptions database, string file)
    {
        if (database.Provider != DatabaseProvider.Sqlite) return "The database is PostgreSQL: back it up by pg_dump, as a role with BYPASSRLS, or by its own base backup and archive.";
        if (FileOf(database.ConnectionString) is not { } source || !File.Exists(source)) return "The database is not there: look at HYBRID__Database__ConnectionString and the working folder.";
        if (File.Exists(file)) return $"{file} is there already: name another one. Nothing is overwritten.";
        return Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))) ? null : $"The folder of {file} is not there.";
    }
}
