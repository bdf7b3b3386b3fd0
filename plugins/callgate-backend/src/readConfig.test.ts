import { ConfigReader } from '@backstage/config';
import { readLifecycleConfig } from './readConfig';

describe('callgate.lifecycle.onExpiry', () => {
  const read = (onExpiry?: unknown) =>
    readLifecycleConfig(
      new ConfigReader({
        callgate: {
          lifecycle: { ...(onExpiry !== undefined && { onExpiry }) },
        },
      } as never),
    ).onExpiry;

  it('leaves the merge to people unless it says merge', () => {
    expect(read()).toBeUndefined();
    expect(read('propose')).toBeUndefined();
    expect(read('merge')).toBe('merge');
  });

  it('is nothing else', () => {
    expect(() => read('close')).toThrow(
      'callgate.lifecycle.onExpiry must be propose or merge, not close',
    );
    expect(() => read(true)).toThrow();
  });
});
