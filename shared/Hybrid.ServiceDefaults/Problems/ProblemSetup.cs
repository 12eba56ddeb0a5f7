using System.Diagnostics;
using Hybrid.ServiceDefaults.Redaction;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hybrid.ServiceDefaults.Problems;

/// <summary>Every refusal, our own and the framework's, leaves as an RFC 9457 problem with <c>code</c>, <c>traceId</c> and a remedy.</summary>
internal static class ProblemSetup
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        // Before the framework's own writer, which gives up on callers that did not ask for JSON.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails(o => o.CustomizeProblemDetails = Complete);
        return services;
    }

    public static void UseProblems(this IApplicationBuilder app, Action<IApplicationBuilder> headers)
    {
        var branch = app.New();
        headers(branch);
        branch.Run(context => WriteAsync(context, context.Response.StatusCode));
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = branch.Build(),
            // What the server could not read is the caller's to mend: a body that is too large, cut off or badly framed.
            StatusCodeSelector = StatusOf,
            SuppressDiagnosticsCallback = context => StatusOf(context.Exception) < 500,
        });
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
    }

    private static int StatusOf(Exception exception) => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;

    private static Task WriteAsync(HttpContext context, int status) => context.RequestServices.GetRequiredService<IProblemDetailsService>()
        .WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = new ProblemDetails { Status = status } }).AsTask();

    // The one mapper: what a slice has said stays, what is missing is filled in by the status.
    private static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Status ??= context.HttpContext.Response.StatusCode;
        if (problem.Extensions.TryGetValue("code", out var said) && said is string code)
        {
            if (string.IsNullOrEmpty(problem.Detail)) problem.Detail = FrameworkProblem.Of(problem.Status.Value).Detail;
        }
        else
        {
            var framework = FrameworkProblem.Of(problem.Status.Value);
            (code, problem.Title, problem.Detail) = (framework.Code, framework.Title, framework.Detail);
            problem.Extensions["code"] = code;
        }

        problem.Type = $"urn:hybrid:problem:{code}";
        if (!problem.Extensions.TryGetValue("traceId", out var trace) || trace is null) problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        problem.Title = Redactor.Redact(problem.Title);
        problem.Detail = Redactor.Redact(problem.Detail);
    }

    private sealed class ProblemWriter(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context) => true;

        public ValueTask WriteAsync(ProblemDetailsContext context)
        {
            options.Value.CustomizeProblemDetails?.Invoke(context);
            return new ValueTask(context.HttpContext.Response.WriteAsJsonAsync(context.ProblemDetails, options: null, contentType: "application/problem+json"));
        }
    }
}
