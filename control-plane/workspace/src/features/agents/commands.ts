const config = '--config agent.json';

/** The exact commands of the agent's own executable, as its `--help` has them. */
export const agentCommands = {
  enrol: (token: string) => `hybrid-agent enrol ${config} --token ${token}`,
  run: `hybrid-agent run ${config}`,
  check: `hybrid-agent check ${config}`,
  verifyLog: `hybrid-agent log verify ${config}`,
} as const;
