import { setTimeout } from 'node:timers/promises';
import { ApiStub } from '../testUtils/ApiStub';
import { CORE, object } from '../testUtils/objects';
import { connectTo } from '../api/connectTo';
import { KubeApi } from '../api/KubeApi';
import { ClusterReader } from './ClusterReader';
import { Gate } from './Gate';

jest.setTimeout(60_000);

async function until(isSo: () => unknown): Promise<void> {
  while (!(await isSo())) await setTimeout(5);
}

it('says when all that it has was last known to be what the cluster has', async () => {
  const stub = await ApiStub.start(CORE);
  const stop = new AbortController();
  let time = 1_000_000;
  const now = () => time;
  try {
    stub.set('services', object('orders'));
    const api = new KubeApi(
      connectTo(
        { type: 'token', url: stub.url, token: 't', skipTLSVerify: false },
        now,
      ),
    );
    const reader = new ClusterReader(
      { name: 'prod', exclude: [], resyncMs: Infinity, onChange: () => {} },
      {
        api,
        lists: new Gate(4),
        now,
        random: () => 0.5,
        // A thousandth of what is waited for.
        wait: (ms, signal) => setTimeout(ms / 1000, undefined, { signal }),
      },
    );
    expect(reader.state()).toEqual({ problems: [] });
    void reader.run(stop.signal);
    await until(() => reader.state().files);
    await until(() => stub.isWatched('services'));
    stub.set('services', object('payments'));
    // The reader has heard of it, so that its watch is open on its side too.
    await until(() => JSON.stringify(reader.state()).includes('payments'));
    // A watch would have said what is different.
    time = 2_000_000;
    expect(reader.state()).toMatchObject({ problems: [], asOf: 2_000_000 });
    stub.refuse('list services', { status: 503 });
    stub.breakWatches('services');
    await until(() => reader.state().problems.length > 0);
    // Of services nothing was heard since; pods are watched.
    expect(reader.state()).toMatchObject({
      files: expect.anything(),
      problems: [expect.stringContaining('cannot be read')],
      asOf: 1_000_000,
    });
    stub.admit('list services');
    await until(() => reader.state().problems.length === 0);
    expect(reader.state().asOf).toBe(2_000_000);
  } finally {
    stop.abort();
    await stub.stop();
  }
});
