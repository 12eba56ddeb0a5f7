using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Hybrid.ControlPlane.Infrastructure.Hosting;

/// <summary>Encrypts the Data Protection key ring by AES-256-GCM with a key from a file, so that a database dump alone opens nothing.</summary>
internal sealed class FileKeyXmlEncryptor(byte[] key) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        var cipher = new byte[plain.Length];
        using var aes = new AesGcm(key, tag.Length);
        aes.Encrypt(nonce, plain, cipher, tag);
        var value = new XElement("fileKey", new XAttribute("alg", "A256GCM"), Convert.ToBase64String([.. nonce, .. tag, .. cipher]));
        return new EncryptedXmlInfo(value, typeof(FileKeyXmlDecryptor));
    }
}

/// <summary>Opens what <see cref="FileKeyXmlEncryptor"/> sealed.</summary>
internal sealed class FileKeyXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var key = services.GetRequiredService<FileKey>().Value;
        var bytes = Convert.FromBase64String(encryptedElement.Value);
        int nonce = AesGcm.NonceByteSizes.MaxSize, tag = AesGcm.TagByteSizes.MaxSize;
        var plain = new byte[bytes.Length - nonce - tag];
        using var aes = new AesGcm(key, tag);
        aes.Decrypt(bytes.AsSpan(0, nonce), bytes.AsSpan(nonce + tag), bytes.AsSpan(nonce, tag), plain);
        return XElement.Parse(System.Text.Encoding.UTF8.GetString(plain));
    }
}

/// <summary>The key from the operator's file.</summary>
internal sealed record FileKey(byte[] Value)
{
    public static FileKey Read(string file)
    {
        var bytes = Convert.FromBase64String(File.ReadAllText(file).Trim());
        return bytes.Length == 32 ? new FileKey(bytes) : throw new InvalidOperationException($"{file} holds {bytes.Length} bytes, 32 are needed: openssl rand -base64 32.");
    }
}
