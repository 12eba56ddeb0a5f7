using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Hybrid.StorageAgent.Describe;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Describe;

public sealed partial class PictureHeaderTests
{
    [Fact]
    public void Read_OfEverySample_IsItsSizeAsAnIndependentReaderFoundIt()
    {
        var folder = ReferenceFiles.Sample("images");
        var seen = 0;
        foreach (Match row in Row().Matches(File.ReadAllText(ReferenceFiles.Sample("README.md"))))
        {
            var stored = (Width: int.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture), Height: int.Parse(row.Groups[3].Value, CultureInfo.InvariantCulture));
            var size = PictureHeader.Read(Start(Path.Combine(folder, row.Groups[1].Value)));
            // The page tells the size as stored; orientations 5 to 8 lie on their side.
            Assert.Equal((row.Groups[1].Value, size?.Orientation >= 5 ? (stored.Height, stored.Width) : stored), (row.Groups[1].Value, (size?.Width ?? 0, size?.Height ?? 0)));
            seen++;
        }

        Assert.Equal(36, seen);
    }

    [Theory]
    [InlineData("Landscape_1.jpg", 1, 1800, 1200)]
    [InlineData("Landscape_3.jpg", 3, 1800, 1200)]
    [InlineData("Landscape_6.jpg", 6, 1800, 1200)]
    [InlineData("Landscape_8.jpg", 8, 1800, 1200)]
    [InlineData("Portrait_5.jpg", 5, 1200, 1800)]
    public void Read_WhenThePictureIsTurned_GivesTheSizeAsShown(string name, int orientation, int width, int height) =>
        Assert.Equal(new PictureSize(width, height, orientation), PictureHeader.Read(Start(ReferenceFiles.Sample($"images/exif-orientation/{name}"))));

    [Theory]
    [InlineData("baiona-cmyk.jpg")]
    [InlineData("canon-hdr-exif.jpg")]
    [InlineData("coffee.png")]
    public void Read_WhenCutOffAnywhere_GivesTheSameSizeOrNone(string name)
    {
        var start = Start(ReferenceFiles.Sample($"images/{name}"))[..16_384];
        var whole = PictureHeader.Read(Start(ReferenceFiles.Sample($"images/{name}")));
        for (var length = 0; length <= start.Length; length++)
        {
            if (PictureHeader.Read(start.AsSpan(0, length)) is { } size) Assert.Equal((whole!.Width, whole.Height), (size.Width, size.Height));
        }
    }

    [Fact]
    public void Read_OfBrokenPictures_NeverThrowsNorGivesAnImpossibleSize()
    {
        var samples = ((string[])["exif-orientation/Landscape_6.jpg", "baiona-cmyk.jpg", "coffee.png"]).Select(n => Start(ReferenceFiles.Sample($"images/{n}"))[..4096])
            .Append(Webp("VP8X", 500, 300)).Append(Webp("VP8L", 500, 300)).Append(Webp("VP8 ", 500, 300)).Append(Gif(500, 300)).Append(Bmp(500, -300)).ToArray();
        Gen.Select(Gen.Int[0, samples.Length - 1], Gen.Select(Gen.Int[0, 4095], Gen.Byte).Array[1, 8]).Sample(
            (which, changes) =>
            {
                var bytes = samples[which].ToArray();
                foreach (var (at, value) in changes) bytes[at % bytes.Length] = value;
                return PictureHeader.Read(bytes) is not { } size || (size.Width is > 0 and <= 1_000_000 && size.Height is > 0 and <= 1_000_000 && size.Orientation is >= 1 and <= 8);
            },
            iter: 20_000);
        Gen.Byte.Array[0, 200].Sample(bytes => PictureHeader.Read(bytes) is null or { Width: > 0 }, iter: 20_000);
    }

    [Fact]
    public void Read_OfOtherFormats_GivesTheirSize()
    {
        foreach (var bytes in (byte[][])[Webp("VP8X", 500, 300), Webp("VP8L", 500, 300), Webp("VP8 ", 500, 300), Gif(500, 300), Bmp(500, 300), Bmp(500, -300)])
            Assert.Equal(new PictureSize(500, 300, 1), PictureHeader.Read(bytes));
    }

    [Theory]
    [InlineData("plain text that calls itself a picture, and is long enough to be one")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'></svg>")]
    [InlineData("")]
    [InlineData("MZ\u0090\0\u0003\0\0\0\u0004\0\0\0ÿÿ\0\0¸\0\0\0\0\0\0\0@\0\0\0")]
    public void Read_OfWhatIsNoPicture_IsNull(string text) => Assert.Null(PictureHeader.Read(Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData(65_535u, 65_535u, true)]
    [InlineData(1_000_000u, 1_000_000u, true)]
    [InlineData(1_000_001u, 1u, false)]
    [InlineData(4_294_967_295u, 4_294_967_295u, false)]
    [InlineData(0u, 10u, false)]
    public void Read_OfADecompressionBomb_TellsItsSizeAndDecodesNothing(uint width, uint height, bool told)
    {
        byte[] png = [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[13]];
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), height);
        PictureHeader.Read(png);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var size = PictureHeader.Read(png);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
        Assert.Equal(told ? new PictureSize((int)width, (int)height, 1) : null, size);
    }

    [GeneratedRegex(@"^\| `images/([^`]+\.(?:png|jpg))` \| [^|]+ \| (\d+)×(\d+) ", RegexOptions.Multiline)]
    private static partial Regex Row();

    private static byte[] Start(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[Math.Min(PictureHeader.Bytes, file.Length)];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] Gif(ushort width, ushort height)
    {
        byte[] gif = [.. "GIF89a"u8, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(6), width);
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(8), height);
        return gif;
    }

    private static byte[] Bmp(int width, int height)
    {
        byte[] bmp = [.. "BM"u8, .. new byte[52]];
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), height);
        return bmp;
    }

    // RFC 9649, each of its three kinds of first chunk.
    private static byte[] Webp(string chunk, int width, int height)
    {
        byte[] webp = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. Encoding.ASCII.GetBytes(chunk), 0, 0, 0, 0, .. new byte[20]];
        if (chunk == "VP8X")
        {
            BinaryPrimitives.WriteInt32LittleEndian(webp.AsSpan(24), width - 1);
            BinaryPrimitives.WriteInt32LittleEndian(webp.AsSpan(27), height - 1);
        }
        else if (chunk == "VP8L")
        {
            BinaryPrimitives.WriteUInt32LittleEndian(webp.AsSpan(21), (uint)(width - 1) | ((uint)(height - 1) << 14));
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(webp.AsSpan(26), (ushort)width);
            BinaryPrimitives.WriteUInt16LittleEndian(webp.AsSpan(28), (ushort)height);
        }

        return webp;
    }
}
