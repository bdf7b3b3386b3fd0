import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Edge, Operation } from '@callgate/plugin-callgate-common';
import { SHOP } from '../__testUtils__/shopCatalog';
import { startShop, type RunningShop } from '../__testUtils__/startShop';
import { approve, DRAFT, git, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(180_000);

const APIS = ['orders', 'pricing', 'recommendations', 'catalogue', 'payments'];

/** The part of a row that these cases look at. */
interface Row {
  caller: { ref: string };
  consumes: boolean;
  compared: string;
  grants: { id: string; standing: string; operations: Operation[] }[];
  places: {
    cluster: string;
    from: string;
    to: string;
    grants: string[];
    beyondSurely: boolean;
    everyone: string;
  }[];
}

/** What the command line says of the files that the portal is seeded with, or of a repository. */
function onCommandLine(
  api: string,
  repository = path.join(SHOP, 'repository'),
): Row[] {
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
  return JSON.parse(answer).rows;
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
    const edges: Edge[] = body.callers;
    const rows = onCommandLine(api);

    const grants = rows.flatMap(row => row.grants);
    expect(
      sorted(
        edges.flatMap(({ grant, status }) =>
          grant && status === 'granted' ? [grant.id] : [],
        ),
      ),
    ).toEqual(
      sorted(
        grants
          .filter(({ standing }) => standing === 'effective')
          .map(({ id }) => id),
      ),
    );
    expect(sorted(edges.flatMap(({ grant }) => grant?.id ?? []))).toEqual(
      sorted(grants.map(({ id }) => id)),
    );
    expect(
      sorted(
        edges
          .filter(({ status }) => status === 'effective-not-declared')
          .map(({ caller }) => caller.ref),
      ),
    ).toEqual(
      sorted(
        rows
          .filter(({ places, consumes }) =>
            places.some(
              place =>
                place.grants.length === 0 &&
                place.beyondSurely &&
                (consumes || place.everyone === 'cannot'),
            ),
          )
          .map(({ caller }) => caller.ref),
      ),
    );
    expect(
      sorted(
        edges.filter(({ beyond }) => beyond).map(({ caller }) => caller.ref),
      ),
    ).toEqual(
      sorted(
        rows
          .filter(({ places }) =>
            places.some(each => each.grants.length > 0 && each.beyondSurely),
          )
          .map(({ caller }) => caller.ref),
      ),
    );
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
    const row = onCommandLine('orders', repository).find(
      ({ caller }) => caller.ref === DRAFT.caller,
    )!;
    const before = onCommandLine('orders').find(
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
        operations: byId(added[0].operations)
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
