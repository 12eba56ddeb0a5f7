using System.Diagnostics;
using Hybrid.Architecture.Rules;

namespace Hybrid.Architecture;

/// <summary>The committed documents are what the build makes, and the workspace's client is made from them.</summary>
public sealed class OpenApiTests
{
    private static readonly string Workspace = Repository.PathOf("control-plane/workspace");

    [Theory]
    [InlineData("control-plane/Hybrid.ControlPlane")]
    [InlineData("storage-agent/Hybrid.StorageAgent")]
    public void CommittedDocument_IsWhatTheBuildMakes(string host)
    {
        var made = Repository.PathOf($"{host}/obj/openapi/openapi.json");

        Assert.True(File.Exists(made), $"The build of {host} made no document.");
        Assert.True(File.ReadAllText(made) == File.ReadAllText(Repository.PathOf($"{host}/openapi.json")), $"{host}/openapi.json is not what the build makes: run infra/openapi.sh and look at the change.");
    }

    [Fact]
    public async Task WorkspacesClient_IsMadeFromTheCommittedDocument()
    {
        var tool = Path.Combine(Workspace, "node_modules/openapi-typescript/bin/cli.js");
        if (!File.Exists(tool)) Assert.Skip("The workspace's packages are not there: npm ci in control-plane/workspace.");

        var made = await RunAsync("node", tool, Repository.PathOf("control-plane/Hybrid.ControlPlane/openapi.json"));

        var committed = await File.ReadAllTextAsync(Path.Combine(Workspace, "src/api/schema.d.ts"), TestContext.Current.CancellationToken);
        Assert.True(made.Trim() == committed.Trim(), "src/api/schema.d.ts was not made from openapi.json: run npm run api in control-plane/workspace.");
    }

    [Fact]
    public async Task LayersOfTheWorkspace_AreLinted()
    {
        if (!Directory.Exists(Path.Combine(Workspace, "node_modules/eslint"))) Assert.Skip("The workspace's packages are not there: npm ci in control-plane/workspace.");
        // Each folder, and one that it must not reach: imports run features → render → engine and never back.
        string[] wrong =
        [
            "engine render", "engine features", "engine app", "engine ui", "engine media", "engine api", "engine words", "render features", "render app", "render media", "render api", "media features", "media app",
            "media ui", "media render", "media engine", "api features", "api app", "api ui", "ui features", "ui engine", "ui render", "words features", "words app", "features app",
        ];
        const string script = """
            import { ESLint } from 'eslint';
            const eslint = new ESLint();
            for (const pair of process.argv.slice(1)) {
              const [folder, other] = pair.split(' ');
              const [result] = await eslint.lintText(`import { x } from '../${other}';\nexport const y = x;\n`, { filePath: `src/${folder}/sample.ts` });
              console.log(pair, result.messages.map(m => m.ruleId).join(','));
            }
            """;

        var said = (await RunAsync("node", ["--input-type=module", "-e", script, "--", .. wrong, "features render", "render engine", "features engine"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(wrong.Select(w => $"{w} no-restricted-imports").Concat(["features render ", "render engine ", "features engine "]).Select(l => l.TrimEnd()), said.Select(l => l.TrimEnd()));
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Workspace, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}
