using System.Text.Json.Serialization;
using Hybrid.Contracts.Enrolment;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Identity;

namespace Hybrid.StorageAgent;

/// <summary>Generated serializers: no reflection at start.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AgentIdentity.Stored))]
[JsonSerializable(typeof(UrlRequest))]
[JsonSerializable(typeof(UrlRefusal))]
[JsonSerializable(typeof(AccessRecord))]
[JsonSerializable(typeof(Policy.SimulatedDecision))]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(EnrolmentAnswer))]
[JsonSerializable(typeof(KeyRotationRequest))]
[JsonSerializable(typeof(KeyRotationAnswer))]
[JsonSerializable(typeof(Configuration.ConnectionOptions))]
[JsonSerializable(typeof(KeyStatements))]
internal sealed partial class AgentJson : JsonSerializerContext;
