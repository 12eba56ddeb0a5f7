using System.Diagnostics;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Files;
using Microsoft.Extensions.Time.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.Files;

public sealed class FileProviderTests : IDisposable
{
    private readonly string outside = Directory.CreateTempSubdirectory("hybrid-outside").FullName;
    private readonly string root = Directory.CreateTempSubdirectory("hybrid-folder").FullName;

    public FileProviderTests()
    {
        File.WriteAllText(Path.Combine(outside, "secret.png"), "secret");
        Directory.CreateDirectory(Path.Combine(root, "in"));
        File.WriteAllText(Path.Combine(root, "in/a.png"), "picture");
    }

    public void Dispose()
    {
        Directory.Delete(outside, recursive: true);
        Directory.Delete(root, recursive: true);
    }

    [Theory]
    [InlineData("in/../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("in//a.png")]
    [InlineData("in/a.png\0")]
    [InlineData("in/")]
    [InlineData("in")]
    [InlineData("absent.png")]
    [InlineData("in/a.png/b")]
    public async Task Open_WhenTheNameIsATrickOrNoFile_OpensNothing(string key) => Assert.Null(await Provider().OpenAsync(key, Ct));

    [Fact]
    public async Task Open_WhenALinkLeadsOut_OpensNothing()
    {
        File.CreateSymbolicLink(Path.Combine(root, "file.png"), Path.Combine(outside, "secret.png"));
        Directory.CreateSymbolicLink(Path.Combine(root, "folder"), outside);
        File.CreateSymbolicLink(Path.Combine(root, "relative.png"), Path.Combine("..", Path.GetFileName(outside), "secret.png"));
        File.CreateSymbolicLink(Path.Combine(root, "circle.png"), Path.Combine(root, "circle.png"));
        // Another folder whose name only begins like the root's.
        Directory.CreateDirectory(root + "-more");
        File.WriteAllText(root + "-more/x.png", "secret");
        File.CreateSymbolicLink(Path.Combine(root, "neighbour.png"), root + "-more/x.png");

        foreach (var key in (string[])["file.png", "folder/secret.png", "relative.png", "circle.png", "neighbour.png"]) Assert.Null(await Provider().OpenAsync(key, Ct));
        Assert.Equal("storage.not_found", (await Assert.ThrowsAsync<StorageException>(() => Provider().ReadStartAsync(new ObjectReference("c", "file.png", null), 10, Ct))).Code);
        Directory.Delete(root + "-more", recursive: true);
    }

    [Fact]
    public async Task Open_WhenALinkStaysInside_Opens()
    {
        File.CreateSymbolicLink(Path.Combine(root, "inner.png"), "in/a.png");

        using var file = await Provider().OpenAsync("inner.png", Ct);

        Assert.Equal(7, file!.Length);
    }

    [Fact]
    public async Task Open_WhenTheFolderItselfIsReachedByLinks_Opens()
    {
        var link = Path.Combine(outside, "link");
        Directory.CreateSymbolicLink(link, Path.GetDirectoryName(root)!);
        var options = new ConnectionOptions { Name = "c", Provider = "file", Folder = Path.Combine(link, Path.GetFileName(root)) };

        using var file = await Provider(options).OpenAsync("in/a.png", Ct);

        Assert.NotNull(file);
    }

    [Fact]
    public async Task Open_WhenTheNameIsSwappedWhileItIsOpened_NeverGivesTheOutsideFile()
    {
        var name = Path.Combine(root, "swap.png");
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                File.WriteAllText(name + ".new", "picture");
                File.Move(name + ".new", name, overwrite: true);
                File.CreateSymbolicLink(name + ".new", Path.Combine(outside, "secret.png"));
                File.Move(name + ".new", name, overwrite: true);
            }
        }, Ct);

        var (seen, refused) = (0, 0);
        while ((seen < 500 || refused < 500) && !swapping.IsCompleted)
        {
            using var file = OpenFile.TryOpen(root, "swap.png");
            if (file is null)
            {
                refused++;
                continue;
            }

            using var reader = new StreamReader(file.Content);
            Assert.NotEqual("secret", await reader.ReadToEndAsync(Ct));
            seen++;
        }

        await stop.CancelAsync();
        await swapping;
    }

    [Fact]
    public async Task Open_WhenTheFileIsANamedPipe_DoesNotWaitForIt()
    {
        using (var mkfifo = Process.Start("mkfifo", Path.Combine(root, "pipe.png"))) await mkfifo.WaitForExitAsync(Ct);

        Assert.Null(await Provider().OpenAsync("pipe.png", Ct));
    }

    [Fact]
    public async Task Question_WhenTheFolderHangs_IsSlow()
    {
        var clock = new FakeTimeProvider();
        var call = new StorageCall(TimeSpan.FromSeconds(20), clock);
        // A read(2) that the kernel does not return from, as of a network folder whose server is gone: a pipe nobody writes to.
        using (var mkfifo = Process.Start("mkfifo", Path.Combine(root, "hang"))) await mkfifo.WaitForExitAsync(Ct);
        using var other = new FileStream(Path.Combine(root, "hang"), FileMode.Open, FileAccess.ReadWrite);
        using var hanging = new FileStream(Path.Combine(root, "hang"), FileMode.Open, FileAccess.Read);

        var asking = call.AskAsync(token => Task.Run(() => hanging.ReadByte(), token), _ => null, Ct);
        clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("storage.slow", (await Assert.ThrowsAsync<StorageException>(() => asking)).Code);
        other.WriteByte(1);
        await other.FlushAsync(Ct);
    }

    [Fact]
    public async Task List_WhenTheFolderIsGone_SaysSo()
    {
        var gone = new ConnectionOptions { Name = "c", Provider = "file", Folder = Path.Combine(root, "gone") };

        Assert.Equal("storage.not_found", (await Assert.ThrowsAsync<StorageException>(() => Provider(gone).ListAsync("", null, 10, Ct))).Code);
    }

    [Fact]
    public async Task List_WhenGoneOnWith_SeesFilesOfLaterAndSkipsThoseRemoved()
    {
        foreach (var i in Enumerable.Range(0, 10)) File.WriteAllText(Path.Combine(root, $"in/{i}.png"), "x");
        var provider = Provider();
        var (first, cursor) = await provider.ListAsync("in/", null, 4, Ct);
        File.Delete(Path.Combine(root, "in/5.png"));

        var (rest, end) = await provider.ListAsync("in/", cursor, 100, Ct);
        var (again, _) = await Provider().ListAsync("in/", cursor, 100, Ct);

        Assert.Equal(["in/0.png", "in/1.png", "in/2.png", "in/3.png"], first.Select(o => o.Key));
        Assert.Equal(["in/4.png", "in/6.png", "in/7.png", "in/8.png", "in/9.png", "in/a.png"], rest.Select(o => o.Key));
        Assert.Equal(rest.Select(o => o.Key), again.Select(o => o.Key));
        Assert.Null(end);
    }

    [Fact]
    public async Task Provider_OnAReadOnlyMount_ServesAndWritesNothing()
    {
        var mounted = Path.Combine(outside, "mounted");
        Directory.CreateDirectory(mounted);
        if (!await MountAsync("--bind", root, mounted) || !await MountAsync("-o", "remount,ro,bind", mounted)) Assert.Skip("Mounting is not permitted here: needs root.");
        try
        {
            Assert.ThrowsAny<IOException>(() => File.WriteAllText(Path.Combine(mounted, "x"), ""));
            var provider = Provider(new ConnectionOptions { Name = "c", Provider = "file", Folder = mounted });
            Assert.Equal("in/a.png", (await provider.ListAsync("", null, 10, Ct)).Objects.Single().Key);
            using var file = await provider.OpenAsync("in/a.png", Ct);
            Assert.Equal(7, file!.Length);
        }
        finally
        {
            using var umount = Process.Start("umount", mounted);
            await umount.WaitForExitAsync(Ct);
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<bool> MountAsync(params string[] arguments)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        await mount.WaitForExitAsync(Ct);
        return mount.ExitCode == 0;
    }

    private FileProvider Provider(ConnectionOptions? options = null) =>
        new(options ?? new ConnectionOptions { Name = "c", Provider = "file", Folder = root }, "http://agent", new AgentUrls(new byte[32], TimeProvider.System), TimeProvider.System);
}
