using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Infrastructure.Scim;

/// <summary>Makes refusals of what is no well-formed SCIM, wherever a handler finds it.</summary>
internal static class ScimResult
{
    /// <summary>The work's result.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    public static async Task<Result<T>> OfAsync<T>(Func<Task<Result<T>>> work)
    {
        try
        {
            return await work();
        }
        catch (ScimException failed)
        {
            return failed.ToRefusal();
        }
    }
}
