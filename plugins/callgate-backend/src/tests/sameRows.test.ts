import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Edge } from '@callgate/plugin-callgate-common';
import { SHOP } from '../__testUtils__/shopCatalog';
import { startShop, type RunningShop } from '../__testUtils__/startShop';

jest.setTimeout(180_000);

const APIS = ['orders', 'pricing', 'recommendations', 'catalogue', 'payments'];

/** The part of a row that these cases look at. */
interface Row {
  caller: { ref: string };
  consumes: boolean;
  compared: string;
  grants: { id: string; standing: string }[];
  places: { grants: string[]; beyondSurely: boolean; everyone: string }[];
}

/** What the command line says of the files that the portal is seeded with. */
function onCommandLine(api: string): Row[] {
  const clusters = ['prod-eu', 'staging'];
  const callgate = path.resolve(
    __dirname,
    '../../../../node_modules/.bin/callgate',
  );
  const answer = execFileSync(
    process.execPath,
    [
      ...[callgate, 'access', api, '-o', 'json', '--catalog', 'catalog'],
      ...['--policies', 'repository/policies', '--estate'],
      ...clusters.flatMap(name => [
        `${name}=estate/${name}`,
        `${name}=repository/clusters/${name}`,
      ]),
      '--profile',
      ...clusters.map(name => `${name}=repository/profiles/${name}.yaml`),
    ],
    { cwd: SHOP, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  return JSON.parse(answer).rows;
}

const sorted = (texts: Iterable<string>) => [...new Set(texts)].sort();

describe('the portal and the command line', () => {
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
});
