using System.Reflection;
using FluentValidation;
using MediatR;

namespace Hybrid.ControlPlane.Infrastructure.Mediation;

/// <summary>Registers MediatR 5.1 by hand (ADR 1): its own registration package does not restore.</summary>
internal static class MediationSetup
{
    public static IServiceCollection AddMediation(this IServiceCollection services)
    {
        services.AddScoped<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddScoped<IMediator, Mediator>();
        // In the order of execution: log names, refuse bad shape, decide, transact.
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(LoggingBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ScopeBehavior<,>));
        // Rules are built once: building them costs more than checking by them. Internal validators are skipped silently without includeInternalTypes.
        services.AddValidatorsFromAssembly(Assembly.GetExecutingAssembly(), ServiceLifetime.Singleton, includeInternalTypes: true);
        foreach (var handler in Assembly.GetExecutingAssembly().GetTypes().Where(t => t is { IsAbstract: false, IsClass: true }))
        {
            foreach (var contract in handler.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)))
            {
                services.AddScoped(contract, handler);
            }
        }

        return services;
    }
}
