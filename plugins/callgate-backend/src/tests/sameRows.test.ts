import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AccessRow, Operation } from '@callgate/plugin-callgate-common';
import { SHOP } from '../__testUtils__/shopCatalog';
import { startShop, type RunningShop } from '../__testUtils__/startShop';
import { approve, DRAFT, git, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(180_000);

const APIS = [
  ...['orders', 'inventory', 'payments', 'pricing', 'shipping', 'customers'],
  ...['catalogue', 'recommendations', 'orders-db', 'warehouse', 'sorting'],
  'card-acquirer',
];

/** The part of a row that these cases look at. */
interface Row {
  caller: { ref: string };
  consumes: boolean;
  compared: string;
  certainty: string;
  grants: { id: string; standing: string; operations: Operation[] }[];
  places: {
    cluster: string;
    from: string;
    to: string;
    grants: string[];
    beyond: object[];
    beyondSurely: boolean;
    kept: boolean;
    everyone: string;
  }[];
}

/** How a page says what the core says of a grant. */
const STATUSES: Record<string, string> = {
  effective: 'granted',
  // Nothing holds it: what was granted can be done.
  unheld: 'granted',
  refused: 'declared-not-effective',
  unconfirmed: 'declared-not-effective',
  error: 'declared-not-effective',
  conditional: 'unknown',
  held: 'unknown',
  unsupported: 'unknown',
};

/** What the command line says of the files that the portal is seeded with, or of a repository. */
function onCommandLine(
  api: string,
  repository = path.join(SHOP, 'repository'),
): { sentence: string; rows: Row[] } {
  const clusters = ['prod-eu', 'staging'];
  const callgate = path.resolve(
    __dirname,
    '../../../../node_modules/.bin/callgate',
  );
  const answer = execFileSync(
    process.execPath,
    [
      ...[callgate, 'access', api, '-o', 'json', '--catalog', 'catalog'],
      ...['--policies', `${repository}/policies`, '--estate'],
      ...clusters.flatMap(name => [
        `${name}=estate/${name}`,
        `${name}=${repository}/clusters/${name}`,
      ]),
      '--profile',
      ...clusters.map(name => `${name}=${repository}/profiles/${name}.yaml`),
    ],
    { cwd: SHOP, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  return JSON.parse(answer);
}

const sorted = (texts: Iterable<string>) => [...new Set(texts)].sort();

const byId = (operations: readonly Operation[]) =>
  [...operations].sort((a, b) => (`${a.id}` < `${b.id}` ? -1 : 1));

describe('the portal, the command line and a pull request', () => {
  let shop: RunningShop;

  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop?.stop());

  it.each(APIS)('show the same rows of %s', async api => {
    const { body } = await shop.as('petra').get(`/apis/default/${api}`);
    const told = (body.callers as AccessRow[]).map(row => ({
      caller: row.caller.ref,
      compared: row.compared,
      certainty: row.certainty,
      grants: row.grants.map(({ id, status, operations }) => [
        id,
        status,
        operations,
      ]),
      beyond: sorted(
        row.beyond
          .filter(({ surely }) => surely)
          .flatMap(({ clusters }) => clusters),
      ),
    }));
    const { sentence, rows: answered } = onCommandLine(api);
    expect(body.headline.text).toBe(sentence);
    const rows = answered.flatMap(row => {
      const listed = row.places.filter(
        ({ grants, beyond, kept, everyone }) =>
          grants.length > 0 ||
          ((beyond.length > 0 || kept) &&
            (row.grants.length > 0 || row.consumes || everyone !== 'can')),
      );
      return row.grants.length === 0 && listed.length === 0
        ? []
        : [
            {
              caller: row.caller.ref,
              compared: row.compared,
              certainty: row.certainty,
              grants: row.grants.map(({ id, standing, operations }) => [
                id,
                STATUSES[standing],
                operations,
              ]),
              beyond: sorted(
                listed
                  .filter(({ beyondSurely }) => beyondSurely)
                  .map(({ cluster }) => cluster),
              ),
            },
          ];
    });
    expect(told).toEqual(rows);
    expect(told.length).toBeGreaterThan(0);
  });

  it('show the same row that a pull request describes, before it is merged', async () => {
    const operations = [
      { id: 'listOrders' },
      { http: { methods: ['GET'], paths: ['/orders/{id}'] } },
    ];
    const sent = await send(shop, 'priya', { ...DRAFT, operations });
    await approve(shop, 'omar', sent);
    const { body, meaning, branch } = await proposalOf(shop, sent);
    const [edge, ...others] = meaning.gained;
    expect([others, meaning.restored, meaning.lost]).toEqual([[], [], []]);

    const repository = checkedOut(shop, branch);
    const row = onCommandLine('orders', repository).rows.find(
      ({ caller }) => caller.ref === DRAFT.caller,
    )!;
    const before = onCommandLine('orders').rows.find(
      ({ caller }) => caller.ref === DRAFT.caller,
    );
    const known = new Set(before?.grants.map(({ id }) => id));
    const added = row.grants.filter(({ id }) => !known.has(id));
    const places = row.places.filter(({ grants }) =>
      added.some(({ id }) => grants.includes(id)),
    );
    expect(added).toHaveLength(1);
    expect(places).toHaveLength(1);

    // The pull request as the portal shows it.
    expect(byId(edge.operations)).toEqual(byId(added[0].operations));
    expect(edge.clusters).toMatchObject(
      places.map(({ cluster, from, to }) => ({
        cluster,
        from: [from],
        to: [to],
      })),
    );
    // Its text in the forge.
    const [, told] = body.split('### What is opened');
    expect(cellsOf(told)).toMatchObject([
      {
        caller: edge.caller.title,
        // In the order of the definition, as the portal has them.
        operations: edge.operations
          .map(({ method, path: at }) => `\`${method} ${at}\``)
          .join(', '),
        cluster: places[0].cluster.replace('-', '\\-'),
      },
    ]);
    const [, details] = body.split('#### Workloads');
    expect(cellsOf(details)).toMatchObject([
      { from: `\`${places[0].from}\``, to: `\`${places[0].to}\`` },
    ]);
    fs.rmSync(repository, { recursive: true });
  });
});

/** The files of a branch. */
function checkedOut(shop: RunningShop, branch: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-branch-'));
  git(shop, '--work-tree', folder, 'checkout', branch, '--', '.');
  return folder;
}

/** Rows of the first table of a Markdown text, by the words of its head. */
function cellsOf(markdown: string): Record<string, string>[] {
  const lines = markdown.split('\n');
  const first = lines.findIndex(line => line.startsWith('|'));
  const table = lines.slice(first);
  const end = table.findIndex(line => !line.startsWith('|'));
  const [head, , ...rows] = table
    .slice(0, end < 0 ? undefined : end)
    .map(line => line.split(' | ').map(cell => cell.replace(/^\| | \|$/g, '')));
  return rows.map(cells =>
    Object.fromEntries(cells.map((cell, index) => [head[index], cell])),
  );
}
