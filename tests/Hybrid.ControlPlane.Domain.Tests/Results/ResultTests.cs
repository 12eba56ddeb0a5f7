using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Domain.Tests.Results;

public sealed class ResultTests
{
    private static readonly Error Taken = new(ErrorKind.Conflict, "task.taken", "Somebody else holds it.", "Take the next.");

    [Fact]
    public void Refusal_PassesThroughAndGivesNoValue()
    {
        Result<int> refused = Taken;

        var mapped = refused.Map<string>(_ => throw new InvalidOperationException("must not run"));

        Assert.Equal((Taken, false), (mapped.Refusal, mapped.IsSuccess));
        Assert.Contains("task.taken", Assert.Throws<InvalidOperationException>(() => mapped.Value).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_GoesOn()
    {
        Result<int> one = 1;

        Assert.Equal("2", one.Map(n => $"{n + 1}").Value);
        Assert.True(one.IsSuccess);
    }
}
