import type { ClusterReader } from '../reader/ClusterReader';
import { EstateAgent } from './EstateAgent';
import { PortalError } from './PortalError';
import { OTHER_FORM, type EstateAnswer, type EstatePush } from './protocol';

const FILES = [
  { path: 'prod/services/shop.yaml', text: '{}', observed: true as const },
];

/** Messages after which a run ends, whatever was answered. */
const MOST = 500;

/**
 * Runs an agent whose cluster never changes.
 *
 * @param answer - the portal's, at a time of the agent in milliseconds; `undefined` ends the run
 */
async function run(
  answer: (push: EstatePush, now: number) => EstateAnswer | undefined,
  leftOut?: readonly string[],
): Promise<{ pushes: EstatePush[]; said: string[] }> {
  const pushes: EstatePush[] = [];
  const said: string[] = [];
  const stopped = new AbortController();
  let now = 0;
  const reader = {
    run: async () => undefined,
    state: () => ({
      ...{ files: FILES, problems: [], asOf: now },
      ...(leftOut && { leftOut }),
    }),
  } as unknown as ClusterReader;
  const agent = new EstateAgent(
    {
      portal: {
        send: async push => {
          if (push.ends) return { state: 'taken', missing: [] };
          pushes.push(push);
          const given = pushes.length < MOST ? answer(push, now) : undefined;
          if (given) return given;
          stopped.abort();
          throw new Error('stopped');
        },
      },
      newReader: () => reader,
      timings: { aliveMs: 15_000, settleMs: 2_000, endMs: 10 },
      say: text => said.push(text),
    },
    {
      now: () => now,
      random: () => 0,
      wait: async ms => {
        now += ms;
      },
    },
  );
  await agent.run(stopped.signal);
  return { pushes, said };
}

const TAKEN: EstateAnswer = { state: 'taken', version: 'v', missing: [] };

describe('what the portal refused, of a cluster that does not change', () => {
  it('is sent at once where messages without it were refused as well: the portal was of another version', async () => {
    const { pushes } = await run((push, now) => {
      if (now < 120_000)
        throw new PortalError('another version', { status: 400 });
      return push.files ? undefined : TAKEN;
    });
    // After the version is the same, the first message has all files again.
    expect(pushes.at(-1)!.files).toHaveLength(1);
    expect(pushes.at(-1)!.problems).toEqual([]);
    expect(pushes.at(-2)!.files).toBeUndefined();
  });

  it('is sent again after five minutes and not before: a limit on the way may be a higher one', async () => {
    const times: number[] = [];
    const { pushes } = await run((push, now) => {
      if (!push.files) return TAKEN;
      times.push(now);
      if (times.length > 1) return undefined;
      throw new PortalError('too large', { status: 413 });
    });
    expect(times[1] - times[0]).toBeGreaterThanOrEqual(300_000);
    expect(times[1] - times[0]).toBeLessThan(320_000);
    expect(pushes[1]).toMatchObject({
      problems: ['What it has is refused: too large'],
    });
    expect(pushes.at(-1)!.problems).toEqual([]);
  });
});

describe('a portal of another version', () => {
  it('is told of once, and asked again with more and more time between, until one of both is another', async () => {
    const times: number[] = [];
    const { said, pushes } = await run((push, now) => {
      times.push(now);
      if (now < 500_000)
        throw new PortalError('The agent is newer than the portal. (400)', {
          ...{ status: 400, code: OTHER_FORM },
        });
      return push.files ? TAKEN : undefined;
    });
    expect(said).toEqual([
      'The portal has not taken it: The agent is newer than the portal. (400)',
      'The portal has what runs: 1 files.',
    ]);
    const waits = times.slice(1).map((time, index) => time - times[index]);
    // A state that is refused for this is not sent without its files as well: that would be refused too.
    expect(pushes.slice(0, 5).every(({ files }) => files)).toBe(true);
    expect(
      waits.slice(0, 4).every((wait, at) => at === 0 || wait > waits[at - 1]),
    ).toBe(true);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
  });
});

it('says what was left out, here and by the portal, once and in one line', async () => {
  let count = 0;
  const { said } = await run(
    push => {
      count += 1;
      if (!push.files) return count > 3 ? undefined : TAKEN;
      return {
        ...TAKEN,
        refused: [{ path: 'prod/services/shop.yaml', why: 'is\nnot JSON' }],
      };
    },
    ['Left out of the cluster prod: services of the namespace shop (a).'],
  );
  expect(said).toEqual([
    'Left out of the cluster prod: services of the namespace shop (a).',
    'The portal leaves prod/services/shop.yaml out: it is not JSON.',
    'The portal has what runs: 1 files.',
  ]);
});
