using System.CommandLine;
using Hybrid.ControlPlane.Infrastructure.Identity;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>Builds the filter of passwords from breaches from a list of the operator's own.</summary>
internal static class BuildPasswordFilter
{
    public static Command Verb()
    {
        var from = new Option<string>("--from") { Required = true, Description = "Text file with a password on each line." };
        var to = new Option<string>("--to") { Required = true, Description = "File to write; name it in HYBRID__PasswordFilterFile." };
        var command = new Command("build-password-filter", "Builds the filter of passwords that nobody may choose.") { from, to };
        command.SetAction(parsed =>
        {
            if (!File.Exists(parsed.GetValue(from)))
            {
                Console.Error.WriteLine($"{parsed.GetValue(from)} does not exist: name a text file with a password on each line.");
                return 2;
            }

            using var file = File.Create(parsed.GetValue(to)!);
            var count = BreachedPasswords.Build(File.ReadLines(parsed.GetValue(from)!), file);
            Console.WriteLine($"{count} passwords of at least {PasswordRules.MinLength} characters, {file.Length} bytes.");
            return 0;
        });
        return command;
    }
}
