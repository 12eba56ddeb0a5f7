import { describe, expect, test } from 'vitest';
import { networkPermission } from './networkPermission';

const browser = (states: Record<string, PermissionState>) => ({
  query: async ({ name }: PermissionDescriptor) => {
    const state = states[name];
    if (!state) throw new TypeError(`${name} is not a valid enum value`);
    return { state } as PermissionStatus;
  },
});

describe('what the browser says of the private network', () => {
  test.each([
    ['granted', { 'local-network-access': 'granted', 'local-network': 'granted', 'loopback-network': 'granted' }],
    ['prompt', { 'local-network-access': 'prompt' }],
    ['denied', { 'local-network': 'prompt', 'loopback-network': 'denied' }],
    ['notAsked', {}],
  ] as const)('%s', async (state, states) => {
    expect(await networkPermission(browser(states))).toBe(state);
  });

  test('without the interface nothing is asked', async () => {
    expect(await networkPermission(undefined)).toBe('notAsked');
  });
});
