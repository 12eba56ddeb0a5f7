using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Hybrid.StorageAgent.Providers.Files;

/// <summary>
/// Serves an opened file: whole, one range, or several as <c>multipart/byteranges</c> (RFC 9110 §§ 13–15). The framework does all but the
/// last; that is here, for at most <see cref="MaxParts"/> parts that together are smaller than the file. More are answered by the whole.
/// </summary>
internal static class FileDelivery
{
    /// <summary>Parts of one answer. Many small overlapping ranges are a known way to tire a server.</summary>
    public const int MaxParts = 8;

    public static IResult Result(HttpContext context, OpenFile file, string type)
    {
        var tag = new EntityTagHeaderValue($"\"{FileProvider.ETag(file.Length, file.Written)}\"");
        // HTTP dates know no fractions of a second.
        var written = new DateTimeOffset(file.Written.AddTicks(-(file.Written.Ticks % TimeSpan.TicksPerSecond)));
        var (length, request) = (file.Length, context.Request);
        // A unit that nobody knows is no range at all (RFC 9110 § 14.2); the framework would take it for bytes.
        if (request.GetTypedHeaders().Range is { } unit && unit.Unit != "bytes") request.Headers.Range = default;
        if (Ranges(request, tag, written) is { } asked)
        {
            var parts = asked.Select(r => Resolve(r, length)).OfType<(long From, long To)>().ToList();
            if (parts.Count == 0) return new Unsatisfiable(file, length);
            if (parts.Count == 1) request.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"bytes={parts[0].From}-{parts[0].To}");
            else if (parts.Count <= MaxParts && parts.Sum(p => p.To - p.From + 1) < length) return new Multipart(file, parts, type, tag, written);
        }

        return Results.File(file.Content, type, lastModified: written, entityTag: tag, enableRangeProcessing: true);
    }

    // Null: not several ranges, or conditions that the framework answers without a range (304, 412, If-Range of an older file).
    private static ICollection<RangeItemHeaderValue>? Ranges(HttpRequest request, EntityTagHeaderValue tag, DateTimeOffset written)
    {
        var headers = request.GetTypedHeaders();
        if (!HttpMethods.IsGet(request.Method) || headers.Range is not { Ranges.Count: > 1 } range) return null;
        if (headers.IfMatch.Count > 0 || headers.IfNoneMatch.Count > 0 || headers.IfModifiedSince is not null || headers.IfUnmodifiedSince is not null) return null;
        return headers.IfRange switch
        {
            null => range.Ranges,
            { EntityTag: { } said } => said.Compare(tag, useStrongComparison: true) ? range.Ranges : null,
            { LastModified: { } said } => said == written ? range.Ranges : null,
            _ => null,
        };
    }

    private static (long From, long To)? Resolve(RangeItemHeaderValue range, long length)
    {
        var (from, to) = range switch
        {
            { From: null, To: { } suffix } => (Math.Max(0, length - suffix), suffix == 0 ? -1 : length - 1),
            { From: { } first, To: var last } => (first, Math.Min(last ?? long.MaxValue, length - 1)),
            _ => (0, -1),
        };
        return from <= to && from < length ? (from, to) : null;
    }

    private sealed class Unsatisfiable(OpenFile file, long length) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            file.Dispose();
            httpContext.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            httpContext.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{length}");
            return Task.CompletedTask;
        }
    }

    private sealed class Multipart(OpenFile file, IReadOnlyList<(long From, long To)> parts, string type, EntityTagHeaderValue tag, DateTimeOffset written) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var opened = file;
            var boundary = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
            var heads = parts.Select(p => Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"\r\n--{boundary}\r\nContent-Type: {type}\r\nContent-Range: bytes {p.From}-{p.To}/{file.Length}\r\n\r\n"))).ToList();
            var end = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
            var response = httpContext.Response;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.ContentType = $"multipart/byteranges; boundary={boundary}";
            response.ContentLength = heads.Sum(h => (long)h.Length) + parts.Sum(p => p.To - p.From + 1) + end.Length;
            response.Headers.AcceptRanges = "bytes";
            response.GetTypedHeaders().ETag = tag;
            response.GetTypedHeaders().LastModified = written;
            for (var i = 0; i < parts.Count; i++)
            {
                await response.Body.WriteAsync(heads[i], httpContext.RequestAborted);
                await CopyAsync(parts[i], httpContext);
            }

            await response.Body.WriteAsync(end, httpContext.RequestAborted);
        }

        private async Task CopyAsync((long From, long To) part, HttpContext context)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
            try
            {
                file.Content.Position = part.From;
                for (var left = part.To - part.From + 1; left > 0;)
                {
                    var read = await file.Content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), context.RequestAborted);
                    if (read == 0)
                    {
                        // Cut short while we read: the length is promised already, so only a broken connection tells the truth.
                        context.Abort();
                        return;
                    }

                    await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                    left -= read;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
