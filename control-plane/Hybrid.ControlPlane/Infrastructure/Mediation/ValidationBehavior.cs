using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;
using Hybrid.ControlPlane.Domain.Results;
using MediatR;

namespace Hybrid.ControlPlane.Infrastructure.Mediation;

/// <summary>Refuses a request of the wrong shape, naming every field at once.</summary>
internal sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IRefusable<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var failures = TextRules.WithNul(request).Select(f => new ValidationFailure(f, "NUL is not allowed.")).ToList();
        if (failures.Count == 0) failures.AddRange(validators.SelectMany(v => v.Validate(request).Errors));
        if (failures.Count == 0) return next();
        var fields = failures
            .GroupBy(f => string.Join('.', f.PropertyName.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName)), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(f => f.ErrorMessage).Distinct().ToArray(), StringComparer.Ordinal);
        return Task.FromResult(TResponse.Refused(RequestErrors.Invalid(fields)));
    }
}
