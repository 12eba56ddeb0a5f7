using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>Instants as milliseconds since 1970-01-01T00:00Z, for SQLite.</summary>
public sealed class UnixMillisecondsConverter()
    : ValueConverter<DateTimeOffset, long>(at => at.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
