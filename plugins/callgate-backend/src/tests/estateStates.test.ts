import type { BackendFeature } from '@backstage/backend-plugin-api';
import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  callgateEstateSourcesExtensionPoint,
  type EstateReading,
} from '@callgate/plugin-callgate-node';
import type {
  ApiAccess,
  CallerAccess,
  Preview,
} from '@callgate/plugin-callgate-common';
import fs from 'node:fs';
import path from 'node:path';
import {
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import { DRAFT } from '../__testUtils__/steps';

jest.setTimeout(120_000);

/** An estate source of a module, which reads as the test says. */
function source(read: () => Promise<EstateReading>): BackendFeature {
  return createBackendModule({
    pluginId: 'callgate',
    moduleId: 'estate-of-the-test',
    register(env) {
      env.registerInit({
        deps: { sources: callgateEstateSourcesExtensionPoint },
        async init({ sources }) {
          sources.addEstateSource({ id: 'of-the-test', read });
        },
      });
    },
  });
}

const NO_CLUSTER = { estate: { manifests: [] } };

describe('what is known before there is an estate', () => {
  let shop: ChangedShop;
  const start = async (changes: ShopChanges) => {
    shop = await startChangedShop(changes);
  };
  afterEach(() => shop?.stop());

  const orders = async () => {
    const { status, body } = await shop.as('petra').get('/apis/default/orders');
    expect(status).toBe(200);
    return body as ApiAccess;
  };
  const checkout = async () => {
    const { status, body } = await shop
      .as('petra')
      .get('/callers/component/default/checkout');
    expect(status).toBe(200);
    return body as CallerAccess;
  };
  const preview = async () => {
    const { status, body } = await shop.as('priya').post('/previews', DRAFT);
    expect(status).toBe(200);
    return body as Preview;
  };

  it('is that no cluster is configured, on every page and with what to do', async () => {
    await start({ config: NO_CLUSTER });
    const access = await orders();
    expect(access.source.estate).toEqual({
      state: 'none-configured',
      clusters: [],
    });
    expect(access.headline).toMatchObject({
      state: 'unknown',
      text: 'Not known: no cluster is configured, so nobody knows what runs',
    });
    expect((await checkout()).source.estate).toEqual(access.source.estate);
    const shown = await preview();
    const { send } = shown;
    expect(send.allowed).toBe(false);
    expect(send.reason).toMatch(/No cluster is configured/);
    expect(send.reason).toMatch(/callgate\.estate\.manifests/);
    const explained = await shop.as('petra').post('/explanations', {
      caller: DRAFT.caller,
      api: DRAFT.api,
    });
    expect(explained.body).toMatchObject([
      { verdict: 'unknown', conditions: [send.reason] },
    ]);
    expect(access.callers.length).toBeGreaterThan(0);
    for (const row of access.callers)
      expect(row).toMatchObject({
        certainty: 'unknown',
        beyond: [],
        grants: row.grants.map(() => ({
          status: 'unknown',
          because:
            'declared; whether it holds is not known, because no cluster is configured',
        })),
      });
    for (const said of [access, await checkout(), shown, explained.body])
      expect(JSON.stringify(said)).not.toMatch(/no workload/i);
    const { status } = await shop
      .as('petra')
      .get('/apis/default/orders/operations');
    expect(status).toBe(200);
  });

  it('is that nothing could be read yet, with why, for whom it may be told', async () => {
    await start({
      config: NO_CLUSTER,
      features: [
        source(async () => {
          throw new Error('the cluster does not answer');
        }),
      ],
    });
    const access = await orders();
    expect(access.source).toMatchObject({
      stale: true,
      estate: { state: 'never-read', clusters: [] },
      problem: expect.stringContaining('the cluster does not answer'),
    });
    expect(access.headline).toMatchObject({
      state: 'unknown',
      text: 'Not known: what runs in the clusters could not be read yet',
    });
    expect((await preview()).send).toEqual({
      allowed: false,
      reason: expect.stringMatching(/could not be read yet.*tried again/),
    });
  });

  it('is the same where the folder of every cluster is missing', async () => {
    await start({
      config: {
        estate: {
          manifests: [{ cluster: 'prod-eu', path: '/nowhere/at/all' }],
        },
      },
    });
    const { source: read, headline } = await orders();
    expect(read.estate).toEqual({
      state: 'never-read',
      clusters: [{ name: 'prod-eu' }],
    });
    expect(headline.text).toBe(
      'Not known: what runs in the clusters could not be read yet',
    );
  });

  it('is that the first reading is under way; pages do not wait for it, and show it once it ended', async () => {
    let end: (reading: EstateReading) => void = () => {};
    const reading = new Promise<EstateReading>(resolve => {
      end = resolve;
    });
    await start({ config: NO_CLUSTER, features: [source(() => reading)] });
    const access = await orders();
    expect(access.source.estate).toEqual({
      state: 'first-read',
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      clusters: [],
    });
    expect(access.headline).toMatchObject({
      state: 'unknown',
      text: 'Not known yet: what runs in the clusters is being read for the first time',
    });
    expect((await preview()).send).toEqual({
      allowed: false,
      reason: expect.stringMatching(/being read for the first time/),
    });
    const folder = path.join(shop.folder, 'estate/prod-eu');
    end({
      clusters: [
        {
          name: 'prod-eu',
          files: fs.readdirSync(folder).map(file => ({
            path: `prod-eu/${file}`,
            text: fs.readFileSync(path.join(folder, file), 'utf8'),
          })),
        },
      ],
      problems: [],
    });
    await reading;
    const after = await orders();
    expect(after.source.estate).toBeUndefined();
    expect(after.source.stale).toBe(false);
    expect(after.headline.text).toMatch(/^(Closed|Open|Everyone)/);
  });

  it('is of when the clusters were read last, where they cannot be read now', async () => {
    await start({});
    const before = await orders();
    expect(before.source.estate).toBeUndefined();
    for (const cluster of ['prod-eu', 'staging'])
      fs.renameSync(
        path.join(shop.folder, 'estate', cluster),
        path.join(shop.folder, 'estate', `${cluster}-away`),
      );
    await shop.run('refresh-estate');
    const access = await orders();
    expect(access.source.estate).toMatchObject({
      state: 'stale',
      readAt: before.source.estateReadAt,
      clusters: [
        { name: 'prod-eu', shownOf: expect.any(String) },
        { name: 'staging', shownOf: expect.any(String) },
      ],
    });
    expect(access.headline.state).toBe('unknown');
    expect(access.headline.text).toBe(
      `Not known now. When the clusters were read last: ${before.headline.text}`,
    );
    expect((await checkout()).source.estate?.state).toBe('stale');
  });

  it('is of one cluster alone, where only that cannot be read', async () => {
    await start({});
    const before = await orders();
    fs.renameSync(
      path.join(shop.folder, 'estate/staging'),
      path.join(shop.folder, 'estate/staging-away'),
    );
    await shop.run('refresh-estate');
    const { source: read, headline } = await orders();
    expect(read.estate).toMatchObject({
      state: 'partly',
      clusters: [{ name: 'staging', shownOf: expect.any(String) }],
    });
    expect(headline.text).toBe(before.headline.text);
  });
});
