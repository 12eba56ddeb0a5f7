namespace Hybrid.Testing;

/// <summary>The Ceph RADOS gateway of the test run: a real S3 endpoint.</summary>
/// <param name="Endpoint">Its address.</param>
/// <param name="AccessKey">Key of the user who owns buckets.</param>
/// <param name="SecretKey">Its secret.</param>
/// <param name="Assumer">Keys of the user who may only take on the role.</param>
/// <param name="RoleArn">The role.</param>
public sealed record RgwServer(Uri Endpoint, string AccessKey, string SecretKey, (string AccessKey, string SecretKey) Assumer, string RoleArn)
{
    /// <summary>The server that the run started; skips the test where there is none.</summary>
    public static RgwServer Get()
    {
        var values = TestServers.Read("HYBRID_TEST_RGW", "No Ceph RGW: run infra/test.sh without --quick.");
        return new RgwServer(
            new Uri(values["S3_ENDPOINT"]), values["S3_OWNER_ACCESS_KEY"], values["S3_OWNER_SECRET_KEY"], (values["S3_AGENT_ACCESS_KEY"], values["S3_AGENT_SECRET_KEY"]), values["S3_ROLE_ARN"]);
    }
}
