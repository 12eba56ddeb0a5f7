#pragma warning disable CA1812, CA1034, CA1051, CA1812, CA1852 // Deliberately wrong: what the rules must find.
namespace Hybrid.Architecture.Samples;

/// <summary>A slice as it should be, used by one that should not.</summary>
public static class GoodSlice
{
    public sealed record Command(int Number);

    public sealed record Response(int Number);

    internal sealed class Handler
    {
        public Response Handle(Command command) => new(command.Number);
    }
}

/// <summary>Reaches into another slice: in a signature.</summary>
public static class UsesInSignature
{
    public sealed record Query(GoodSlice.Response Of);

    internal sealed class Handler;
}

/// <summary>Reaches into another slice: in the body of an async method, which the compiler moves into a type of its own.</summary>
public static class UsesInBody
{
    public sealed record Query(int Number);

    internal sealed class Handler
    {
        public async Task<int> HandleAsync(Query query)
        {
            await Task.Yield();
            return new GoodSlice.Handler().Handle(new GoodSlice.Command(query.Number)).Number;
        }
    }
}

/// <summary>Every fault of shape: public handler, mutable command, class for a response, open validator.</summary>
public static class Misshapen
{
    public sealed record Command
    {
        public int Number { get; set; }
    }

    public sealed class Response
    {
        public int Number { get; init; }
    }

    internal class Validator;

    public sealed class Handler;
}

/// <summary>A slice without a handler.</summary>
public static class Handless
{
    public sealed record Query;
}

/// <summary>A name that says nothing.</summary>
public static class StringHelper;
