/** What this browser says of reaching a private network: browsers that do not ask have nothing to grant. */
export type NetworkPermission = 'granted' | 'prompt' | 'denied' | 'notAsked';

/** Chromium 142 knows the first, newer ones part it in two (Local Network Access, WICG). */
const names = ['local-network-access', 'local-network', 'loopback-network'];
const weight: Record<PermissionState, number> = { granted: 0, prompt: 1, denied: 2 };

export async function networkPermission(permissions: Pick<Permissions, 'query'> | undefined = globalThis.navigator?.permissions): Promise<NetworkPermission> {
  const states: PermissionState[] = [];
  for (const name of names) {
    try {
      const status = await permissions?.query({ name: name as PermissionName });
      if (status) states.push(status.state);
    } catch {
      // A browser that does not know the name.
    }
  }
  // The worst of them decides: an address may lie in either network.
  return states.sort((a, b) => weight[b] - weight[a])[0] ?? 'notAsked';
}
