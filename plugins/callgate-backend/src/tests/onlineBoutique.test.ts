import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { readCatalogFolder } from '../__testUtils__/shopCatalog';
import { startShop, type RunningShop } from '../__testUtils__/startShop';
import {
  approve,
  git,
  mergeShown,
  proposalOf,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

const ROOT = resolvePackagePath('@callgate/plugin-callgate-backend', '../..');
const OURS = path.join(ROOT, 'packages/cli/testdata/online-boutique');
const PEOPLE = path.join(ROOT, 'examples/online-boutique/people.yaml');

/** The folder with manifests of public applications, which are no part of this repository. */
function findEstates(): string | undefined {
  const stated = process.env.CALLGATE_ESTATES;
  if (stated) {
    return path.resolve(stated);
  }
  for (let folder = ROOT; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'shared/data/estates');
    if (fs.existsSync(candidate)) {
      return candidate;
    }
    if (folder === path.dirname(folder)) {
      return undefined;
    }
  }
}

const estates = findEstates();
const describeHere = estates ? describe : describe.skip;

if (!estates) {
  it.todo(
    'takes a request on Online Boutique to a pull request: its manifests are not here, set CALLGATE_ESTATES to the folder that has online-boutique/',
  );
}

const DRAFT = {
  api: 'api:default/product-catalog',
  caller: 'component:default/adservice',
  operations: [
    {
      grpc: {
        service: 'hipstershop.ProductCatalogService',
        methods: ['GetProduct'],
      },
    },
  ],
  reason: 'Advertisements show what the product costs',
};

// Laid out as docs/estates.md tells its readers to, with one API that has no declaration yet.
describeHere('the portal on Online Boutique', () => {
  let folder: string;
  let shop: RunningShop;

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-boutique-'));
    const upstream = path.join(estates!, 'online-boutique');
    const place = (from: string, to: string) =>
      fs.cpSync(from, path.join(folder, to), { recursive: true });
    place(path.join(OURS, 'catalog.yaml'), 'catalog/catalog.yaml');
    place(
      path.join(OURS, 'storefront.openapi.yaml'),
      'catalog/storefront.openapi.yaml',
    );
    place(path.join(upstream, 'demo.proto'), 'catalog/demo.proto');
    place(PEOPLE, 'catalog/people.yaml');
    place(path.join(OURS, 'policies'), 'repository/policies');
    fs.rmSync(path.join(folder, 'repository/policies/product-catalog.yaml'));
    place(path.join(OURS, 'profile.yaml'), 'repository/profiles/boutique.yaml');
    place(
      path.join(upstream, 'kubernetes-manifests.yaml'),
      'estate/kubernetes-manifests.yaml',
    );
    shop = await startShop({
      entities: readCatalogFolder(path.join(folder, 'catalog')),
      config: {
        approval: { fallback: 'group:default/platform' },
        policyRepository: {
          forge: 'local',
          url: 'local://policies',
          seed: path.join(folder, 'repository'),
        },
        estate: {
          manifests: [
            { cluster: 'boutique', path: path.join(folder, 'estate') },
          ],
        },
      },
    });
  });
  afterAll(async () => {
    await shop?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('takes a request to a merged pull request', async () => {
    const asked = await send(shop, 'bea', DRAFT);
    expect(asked.meaning.gained).toEqual([
      expect.objectContaining({
        clusters: [
          expect.objectContaining({
            cluster: 'boutique',
            from: ['default/Deployment/adservice'],
            to: ['default/Deployment/productcatalogservice'],
            port: 3550,
            layers: {
              kernel: 'enforced',
              identity: 'enforced',
              method: 'enforced',
            },
          }),
        ],
      }),
    ]);
    // Nothing is declared for it so far: the first grant closes it, and says to whom.
    const flip = asked.meaning.flips.find(
      ({ workload }) => workload === 'default/Deployment/productcatalogservice',
    );
    expect(flip!.cut.map(({ ref }) => ref)).toEqual(
      expect.arrayContaining([
        'component:default/checkoutservice',
        'component:default/frontend',
        'component:default/recommendationservice',
      ]),
    );

    await approve(shop, 'bruno', asked);
    await reaches(shop, asked, 'proposed');
    const proposal = await proposalOf(shop, asked);
    expect(proposal.files.map(file => file.path).sort()).toEqual([
      'clusters/boutique/default/callgate-product-catalog.yaml',
      'policies/default/product-catalog.yaml',
    ]);
    const merged = await mergeShown(shop, 'petra', proposal);
    expect(merged.body).toMatchObject({ state: 'merged' });
    const manifests = git(
      shop,
      'show',
      'main:clusters/boutique/default/callgate-product-catalog.yaml',
    );
    expect(manifests).toContain(
      '/hipstershop.ProductCatalogService/GetProduct',
    );
    expect(manifests).toContain('cluster.local/ns/default/sa/adservice');
    expect(
      git(shop, 'show', 'main:policies/default/product-catalog.yaml'),
    ).toContain(`reason: ${DRAFT.reason}`);
    const { body } = await shop.as('bea').get('/apis/default/product-catalog');
    expect(body.callers).toContainEqual(
      expect.objectContaining({
        caller: expect.objectContaining({ ref: DRAFT.caller }),
        compared: 'granted',
      }),
    );
  });
});
