using System.Reflection;
using FluentValidation;
using MediatR;

namespace Hybrid.Architecture.Rules;

/// <summary>Requests, handlers and validators of an assembly.</summary>
internal static class Mediation
{
    /// <summary>Every request that can be sent.</summary>
    public static IReadOnlyList<Type> RequestsOf(Assembly assembly) =>
        [.. assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false } && ContractsOf(t, typeof(IRequest<>)).Any())];

    /// <summary>Requests of these types that no handler takes, or more than one.</summary>
    public static IReadOnlyList<Type> Unhandled(IEnumerable<Type> types)
    {
        var all = types.ToList();
        var handled = all.Where(t => !t.IsAbstract).SelectMany(t => ContractsOf(t, typeof(IRequestHandler<,>))).Select(c => c.GetGenericArguments()[0]).ToLookup(t => t);
        return [.. all.Where(t => t is { IsAbstract: false, IsInterface: false } && ContractsOf(t, typeof(IRequest<>)).Any() && handled[t].Count() != 1)];
    }

    /// <summary>Validators, with the request that each validates.</summary>
    public static IReadOnlyList<(Type Validator, Type Request)> ValidatorsOf(Assembly assembly) =>
        [.. assembly.GetTypes().Where(t => t is { IsAbstract: false, IsGenericTypeDefinition: false }).SelectMany(t => ContractsOf(t, typeof(IValidator<>)).Select(c => (t, c.GetGenericArguments()[0])))];

    private static IEnumerable<Type> ContractsOf(Type type, Type open) => type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == open);
}
