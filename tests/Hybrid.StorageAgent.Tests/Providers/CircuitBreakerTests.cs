using System.Diagnostics.Metrics;
using System.Net;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Hybrid.StorageAgent.Tests.Providers;

/// <summary>A server that fails again and again is let rest, asked by one question at a time, and used again at its first answer.</summary>
public sealed class CircuitBreakerTests
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private readonly StorageCall call;
    private readonly List<string> said = [];
    private int asked;

    public CircuitBreakerTests()
    {
        call = new StorageCall(TimeSpan.FromSeconds(20), clock);
        call.Breaker.Opened += reason => said.Add($"opened {reason}");
        call.Breaker.Closed += () => said.Add("closed");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("storage.unreachable")]
    [InlineData("storage.slow")]
    [InlineData("storage.busy")]
    [InlineData("storage.failed")]
    [InlineData("storage.interrupted")]
    public async Task FiveFailuresInARow_BeginARest_ThatAnswersAtOnceAndSaysWhen(string code)
    {
        for (var i = 0; i < CircuitBreaker.Failures; i++) Assert.Equal(code, await AskAsync(code));

        var refused = await Assert.ThrowsAsync<StorageException>(() => call.AskAsync(_ => Task.FromResult(++asked), _ => null, Ct));

        Assert.Equal((CircuitBreaker.Resting, CircuitBreaker.Failures), (refused.Code, asked));
        Assert.Contains($"failed 5 times in a row ({code})", refused.Message, StringComparison.Ordinal);
        Assert.Contains("asks again in 5 seconds: try again after that", refused.Message, StringComparison.Ordinal);
        Assert.Contains("hybrid-agent check", refused.Message, StringComparison.Ordinal);
        Assert.Equal([$"opened {code}"], said);
    }

    [Theory]
    [InlineData("storage.forbidden")]
    [InlineData("storage.not_found")]
    [InlineData("storage.key_refused")]
    public async Task Refusals_AreAnswers_AndBeginTheCountAnew(string code)
    {
        for (var i = 0; i < 20; i++) Assert.Equal(code, await AskAsync(code));
        for (var round = 0; round < 3; round++)
        {
            for (var i = 1; i < CircuitBreaker.Failures; i++) await AskAsync("storage.failed");
            Assert.Equal(code, await AskAsync(code));
        }

        Assert.Equal("storage.failed", await AskAsync("storage.failed"));
        Assert.Empty(said);
    }

    [Fact]
    public async Task Questions_ThatWereNeverSentOrGivenUp_CountNeitherWay()
    {
        for (var i = 1; i < CircuitBreaker.Failures; i++) await AskAsync("storage.failed");
        Assert.Equal("storage.bad_key", await AskAsync("storage.bad_key"));
        await GiveUpAsync();
        Assert.Empty(said);

        Assert.Equal("storage.failed", await AskAsync("storage.failed"));
        Assert.Equal(["opened storage.failed"], said);
    }

    [Fact]
    public async Task Rest_DoublesToItsCeiling_WithOneTrialEach_AndEndsWithTheFirstAnswer()
    {
        for (var i = 0; i < CircuitBreaker.Failures; i++) await AskAsync("storage.slow");
        foreach (var seconds in new[] { 5, 10, 20, 40, 60, 60, 60 })
        {
            clock.Advance(TimeSpan.FromSeconds(seconds - 0.1));
            Assert.Equal(CircuitBreaker.Resting, await AskAsync("storage.slow"));
            clock.Advance(TimeSpan.FromSeconds(0.1));
            Assert.Equal("storage.slow", await AskAsync("storage.slow"));
        }

        Assert.Equal(CircuitBreaker.Failures + 7, asked);
        clock.Advance(CircuitBreaker.LongestPause);
        Assert.Null(await AskAsync(null));
        Assert.False(call.Breaker.IsResting);
        Assert.Equal(["opened storage.slow", "closed"], said);

        // From the beginning: five again, and the first pause.
        for (var i = 0; i < CircuitBreaker.Failures; i++) Assert.Equal("storage.busy", await AskAsync("storage.busy"));
        clock.Advance(CircuitBreaker.FirstPause);
        Assert.Null(await AskAsync(null));
    }

    [Fact]
    public async Task Trial_IsOneAtATime_AndOneThatIsGivenUpLeavesRoomForTheNext()
    {
        for (var i = 0; i < CircuitBreaker.Failures; i++) await AskAsync("storage.slow");
        clock.Advance(CircuitBreaker.FirstPause);
        var answer = new TaskCompletionSource<int>();
        var trial = call.AskAsync(_ => answer.Task, _ => null, Ct);
        Assert.Equal(CircuitBreaker.Resting, await AskAsync(null));
        answer.SetException(new StorageException("storage.bad_key", "It was not sent."));
        Assert.Equal("storage.bad_key", (await Assert.ThrowsAsync<StorageException>(() => trial)).Code);

        await GiveUpAsync();
        Assert.True(call.Breaker.IsResting);
        Assert.Null(await AskAsync(null));
        Assert.False(call.Breaker.IsResting);
    }

    [Fact]
    public async Task Questions_OfBeforeTheRest_SayNothingAboutIt()
    {
        var (late, early) = (new TaskCompletionSource<int>(), new TaskCompletionSource<int>());
        var (answered, failed) = (call.AskAsync(_ => early.Task, _ => null, Ct), call.AskAsync(_ => late.Task, _ => null, Ct));
        for (var i = 0; i < CircuitBreaker.Failures; i++) await AskAsync("storage.failed");
        early.SetResult(1);
        await answered;
        Assert.True(call.Breaker.IsResting);
        clock.Advance(CircuitBreaker.FirstPause);
        Assert.Null(await AskAsync(null));

        late.SetException(new StorageException("storage.failed", "Late."));
        await Assert.ThrowsAsync<StorageException>(() => failed);
        for (var i = 1; i < CircuitBreaker.Failures; i++) await AskAsync("storage.failed");
        Assert.False(call.Breaker.IsResting);
    }

    [Fact]
    public async Task Rest_IsLoggedOnceAtEachEnd_IsAMetric_AndIsOfThatConnectionAlone()
    {
        using var aws = new AwsWire();
        aws.BucketLists();
        await using var road = new FaultyRoad(aws.Url) { Fault = Fault.Answer, Status = HttpStatusCode.InternalServerError };
        await using var agent = await RunningAgent.StartAsync(clock, Bucket("ward", road.Url), Bucket("well", aws.Url));
        var connections = agent.Services.GetRequiredService<ConnectionTable>();
        Task<(IReadOnlyList<Contracts.Link.ListedObject> Objects, string? Cursor)> ListAsync(string name) => connections.Find(name)!.Provider.ListAsync("", null, 10, Ct);

        for (var i = 0; i < 4 * CircuitBreaker.Failures; i++) await Assert.ThrowsAsync<StorageException>(() => ListAsync("ward"));

        var line = Assert.Single(agent.Log.Of(3400));
        Assert.Contains("Connection ward: its store failed 5 times in a row (storage.failed)", line, StringComparison.Ordinal);
        Assert.Equal([("ward", 1), ("well", 0)], Resting(agent));
        Assert.Single((await ListAsync("well")).Objects);
        // URLs are signed by what the agent has at hand: browsers may reach the store where the agent does not.
        Assert.NotNull((await agent.AskAsync(new Contracts.Urls.ObjectReference("ward", "a.png", null))).Objects.Single().Url);

        road.Fault = Fault.None;
        clock.Advance(CircuitBreaker.FirstPause);
        Assert.Single((await ListAsync("ward")).Objects);
        Assert.Equal("Connection ward: its store answers again", Assert.Single(agent.Log.Of(3401)));
        Assert.Equal([("ward", 0), ("well", 0)], Resting(agent));
    }

    private static ConnectionOptions Bucket(string name, Uri endpoint) => new() { Name = name, Provider = "s3", Bucket = "scans", Endpoint = endpoint, AccessKey = "K", SecretKey = "S" };

    private static List<(string Connection, int Value)> Resting(RunningAgent agent)
    {
        var measured = new List<(string, int)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            // Other agents of this process have meters of the same name.
            if (instrument.Name == "hybrid.agent.connection.resting" && instrument.Meter.Scope == agent.Services.GetRequiredService<IMeterFactory>()) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => measured.Add(((string)tags[0].Value!, value)));
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }

    // The code of the failure; null for an answer.
    private async Task<string?> AskAsync(string? code)
    {
        try
        {
            await call.AskAsync(
                _ =>
                {
                    asked++;
                    return code is null ? Task.FromResult(1) : throw new StorageException(code, "As the test wants it.");
                },
                _ => null,
                Ct);
            return null;
        }
        catch (StorageException failed)
        {
            return failed.Code;
        }
    }

    private async Task GiveUpAsync()
    {
        using var patience = new CancellationTokenSource();
        var asking = call.AskAsync(token => Task.Delay(Timeout.Infinite, token).ContinueWith(_ => 1, token, TaskContinuationOptions.None, TaskScheduler.Default), _ => null, patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }
}
