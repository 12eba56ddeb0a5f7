namespace Hybrid.StorageAgent.Providers;

/// <summary>What an object's key may look like, for every provider and for the policy alike.</summary>
public static class ObjectKey
{
    /// <summary>Longest key in UTF-16 units (S3, Azure and Google allow 1024).</summary>
    public const int MaxLength = 1024;

    /// <summary>A key is a name, never a path with tricks in it: what could be read in two ways is not served.</summary>
    public static bool IsPlain(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length is > 0 and <= MaxLength && key[0] != '/' && !key.Any(c => char.IsControl(c) || c is '\\' or '\uFFFD')
            && !key.Split('/').Any(part => part is "." or "..");
    }

    /// <summary>Refuses a key with tricks in it: the last line of defence, behind the policy's own rule.</summary>
    /// <exception cref="StorageException">The key is not plain.</exception>
    public static void ThrowUnlessPlain(string key)
    {
        if (!IsPlain(key)) throw new StorageException("storage.bad_key", "The object's name cannot be used: it is empty, too long, or holds control characters, backslashes or dot segments. Rename the object.");
    }
}
