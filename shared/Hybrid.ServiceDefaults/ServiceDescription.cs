namespace Hybrid.ServiceDefaults;

/// <summary>How a host calls itself in telemetry.</summary>
/// <param name="Name">As operators see it (<c>service.name</c>); <c>OTEL_SERVICE_NAME</c> goes before it.</param>
/// <param name="Version">Version of the product.</param>
/// <param name="Meter">Name of its meter and of its activity source.</param>
public sealed record ServiceDescription(string Name, string Version, string Meter);
