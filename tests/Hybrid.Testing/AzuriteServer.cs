namespace Hybrid.Testing;

/// <summary>The Azurite of the test run: Azure's own blob emulator.</summary>
/// <param name="Endpoint">Over http, for the account key.</param>
/// <param name="SecureEndpoint">Over https, for identities.</param>
/// <param name="Account">Account's name.</param>
/// <param name="AccountKey">Account's key.</param>
/// <param name="CaFile">The authority of its certificate.</param>
public sealed record AzuriteServer(Uri Endpoint, Uri SecureEndpoint, string Account, string AccountKey, string CaFile)
{
    /// <summary>The server that the run started; skips the test where there is none.</summary>
    public static AzuriteServer Get()
    {
        var values = TestServers.Read("HYBRID_TEST_AZURITE", "No Azurite: run infra/test.sh without --quick.");
        return new AzuriteServer(new Uri(values["AZURE_ENDPOINT"]), new Uri(values["AZURE_ENDPOINT_TLS"]), values["AZURE_ACCOUNT"], values["AZURE_ACCOUNT_KEY"], values["AZURE_CA"]);
    }
}
