using Hybrid.StorageAgent;

return await AgentHost.MainAsync(args);

/// <summary>The agent's executable.</summary>
public partial class Program;
