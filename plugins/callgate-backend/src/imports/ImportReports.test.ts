import { mockServices } from '@backstage/backend-test-utils';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import type { Snapshot } from '../proposals/types';
import { ImportReports } from './ImportReports';
import * as importing from './importOf';
import type { ApiImport } from './types';

const APIS = ['api:default/a', 'api:default/b', 'api:default/c'];

jest.mock('./importOf', () => ({
  importBookOf: jest.fn(),
  importOf: jest.fn(),
}));

describe('reports of imports', () => {
  let waiting: { key: string; api: string; go: (fails?: Error) => void }[];
  let reports: ImportReports;

  const state = (key: string) => ({ key } as Snapshot);
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1)
      await new Promise(resolve => setImmediate(resolve));
  };
  /** What the report is working on comes to its end, until nothing is left. */
  const finish = async (most = Infinity) => {
    for (let done = 0; done < most; done += 1) {
      await settle();
      const next = waiting.shift();
      if (!next) return;
      next.go();
    }
    await settle();
  };
  const shown = (snapshot: Snapshot) => {
    const { snapshot: of, imports } = reports.progress(snapshot);
    return [of.key, [...imports.keys()].map(api => api.slice(-1)).join('')];
  };

  beforeEach(() => {
    waiting = [];
    jest
      .mocked(importing.importBookOf)
      .mockReturnValue({ apis: () => APIS } as never);
    jest.mocked(importing.importOf).mockImplementation(
      ({ key }, api) =>
        new Promise<ApiImport>((resolve, reject) => {
          waiting.push({
            key,
            api,
            go: fails =>
              fails
                ? reject(fails)
                : resolve({ api, outcome: { api } } as ApiImport),
          });
        }),
    );
    reports = new ImportReports({
      connection: {
        config: {},
        forgeId: 'f',
      } as unknown as RepositoryConnection,
      logger: mockServices.logger.mock(),
      now: () => 0,
    });
  });
  afterEach(() => jest.resetAllMocks());

  it('are worked through to their end while states change, and then of the newest', async () => {
    expect(shown(state('1'))).toEqual(['1', '']);
    await finish(1);
    expect(shown(state('2'))).toEqual(['1', 'a']);
    await finish(1);
    expect(shown(state('3'))).toEqual(['1', 'ab']);
    await finish();
    // It is through, so that the next look begins with what is so by now.
    expect(shown(state('3'))).toEqual(['3', '']);
    await finish();
    expect(shown(state('3'))).toEqual(['3', 'abc']);
  });

  it('answer whoever chooses by the present state, and work it out once', async () => {
    shown(state('1'));
    await settle();
    const one = reports.of(state('2'), APIS[2]);
    const again = reports.of(state('2'), APIS[2]);
    expect(again).toBe(one);
    expect(waiting.map(({ key, api }) => [key, api])).toEqual([
      ['1', APIS[0]],
      ['2', APIS[2]],
    ]);
    waiting.pop()!.go();
    await one;
    await finish();
    expect(shown(state('2'))).toEqual(['2', 'c']);
    await finish();
    expect(shown(state('2'))).toEqual(['2', 'cab']);
    const asked = jest.mocked(importing.importOf).mock.calls;
    expect(asked.filter(([{ key }]) => key === '2')).toHaveLength(3);
  });

  it('go on where one cannot be worked out', async () => {
    shown(state('1'));
    await settle();
    waiting.shift()!.go(new Error('too large'));
    await finish();
    const { imports } = reports.progress(state('1'));
    expect([...imports.values()].map(({ notNow }) => notNow?.reason)).toEqual([
      'failed',
      undefined,
      undefined,
    ]);
  });

  it('do not go back where another look had an older state', async () => {
    shown(state('1'));
    await finish();
    shown(state('2'));
    await finish();
    expect(shown(state('2'))).toEqual(['2', 'abc']);
    // A look that began before the change and ends after it.
    reports.of(state('1'), APIS[0]).catch(() => undefined);
    await settle();
    expect(shown(state('2'))).toEqual(['2', 'abc']);
  });
});
