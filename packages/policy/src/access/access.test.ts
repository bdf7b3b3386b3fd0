import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { filesIn } from '../__testUtils__/filesIn';
import { compile } from '../compile/compile';
import { withGenerated } from '../compile/generatedObjects';
import { buildCluster } from '../estate/buildCluster';
import { loadManifests } from '../estate/loadManifests';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import type { CatalogEntity } from '../model/types';
import { parsePlatformProfile } from '../profile/parsePlatformProfile';
import { finish } from '../steps';
import { describeRequests } from '../verify/describeRequests';
import { accessOf } from './accessOf';
import { accessTo } from './accessTo';
import { describeApiAccess } from './describeApiAccess';
import {
  explainAccess,
  type AskedCall,
  type ExplainedAccess,
} from './explainAccess';
import type { AccessInput, AccessOperation, AccessRow } from './types';

/*
 * Cases of who can call what: testdata/access/<case>/ has what goes in as every named case does, hand-written manifests
 * beside the estate, and expected.yaml with the rows that the specification gives. What is expected is reasoned in why.md,
 * never copied from an answer.
 */
const FOLDER = resolve(__dirname, '../../testdata/access');
const cases = readdirSync(FOLDER).sort();

function readCase(name: string): AccessInput {
  const folder = join(FOLDER, name);
  const catalog = parseAllDocuments(
    readFileSync(join(folder, 'catalog.yaml'), 'utf8'),
  ).map((document): CatalogEntity => document.toJS());
  const { profile } = parsePlatformProfile({
    path: 'profile.yaml',
    text: readFileSync(join(folder, 'profile.yaml'), 'utf8'),
  });
  const manifests = loadManifests([
    ...filesIn(join(folder, 'estate')),
    ...filesIn(join(folder, 'manifests')),
  ]);
  expect(manifests.findings).toEqual([]);
  const { cluster } = buildCluster({
    name: profile!.name,
    objects: manifests.objects,
    profile,
  });
  const policies = filesIn(join(folder, 'policies')).map(file => ({
    policy: parseAccessPolicy(file).policy!,
    file: file.path,
  }));
  const compilation = compile({ policies, catalog, clusters: [cluster] });
  return {
    catalog,
    policies,
    clusters: [
      withGenerated(cluster, loadManifests(compilation.files).objects),
    ],
    compilation,
  };
}

const operationText = ({ id, kind, protocol, port }: AccessOperation) =>
  kind === 'port' && protocol ? `${protocol} ${port}` : `operation ${id}`;

/** A row in words that a case can write down. */
function written(row: AccessRow) {
  return {
    api: row.api,
    caller: row.caller.ref,
    class: row.caller.class,
    compared: row.compared,
    certainty: row.certainty,
    cannotBeGranted: row.cannotBeGranted ?? '',
    grants: Object.fromEntries(
      row.grants.map(({ grant, standing }) => [grant.id, standing]),
    ),
    operations: row.grants.flatMap(({ operations }) =>
      operations.map(operationText),
    ),
    can: row.places.map(({ requests }) => describeRequests(requests)),
    offered: row.places.flatMap(({ can }) => can.operations.map(operationText)),
    beyond: row.places.map(({ beyond }) => describeRequests(beyond)),
    layers: row.places.map(({ layers }) =>
      [layers.kernel, layers.identity, layers.method].join(' '),
    ),
    openedBy: row.places.flatMap(({ openedBy }) =>
      openedBy.map(
        ({ kind, namespace, name, generated }) =>
          `${kind} ${namespace}/${name}${generated ? ', generated' : ''}`,
      ),
    ),
    admits: row.places.flatMap(({ openedBy }) =>
      openedBy.map(({ admits }) => Object.values(admits ?? {}).join(' ')),
    ),
    conditions: row.places.flatMap(({ conditions }) =>
      conditions.map(({ kind, object }) => `${kind} ${object ?? ''}`.trim()),
    ),
  };
}

/** What becomes of a question about one call, in words that a case can write down. */
function answered(found: ExplainedAccess) {
  return 'missing' in found
    ? `no ${found.missing}`
    : found.pairs.map(({ cluster, from, to, ...pair }) => {
        const between = `${cluster}: ${from} to ${to}`;
        if ('unclear' in pair) return `${between}: unclear ${pair.unclear.why}`;
        const { call, verdict } = pair.explanation;
        return `${between}: ${call.protocol} ${call.port} ${verdict}`;
      });
}

interface Expected {
  apis: Record<string, { rows: object[] } & object>;
  callers?: Record<string, { rows: object[] }>;
  explains?: { call: AskedCall; answer: string | string[] }[];
}

describe.each(cases)('who can call: %s', name => {
  const folder = join(FOLDER, name);
  const expected: Expected = parse(
    readFileSync(join(folder, 'expected.yaml'), 'utf8'),
  );
  const asked = readCase(name);

  it('says why it is there', () => {
    const why = readFileSync(join(folder, 'why.md'), 'utf8');
    expect(why.trim().length).toBeGreaterThan(40);
  });

  it.each(Object.entries(expected.apis))('%s', (api, wanted) => {
    const found = accessTo(asked, api);
    const { rows, state, counts, firstGrantCloses, clusters } = found;
    const answer = {
      state,
      counts,
      firstGrantCloses,
      sentence: describeApiAccess(found),
      rows: rows.map(written),
      others: clusters.flatMap(({ others }) =>
        others.map(({ from, why }) => `${from}: ${why}`),
      ),
      objects: clusters
        .flatMap(({ providers }) => providers)
        .flatMap(({ objects }) => objects)
        .map(each => `${each.kind} ${each.namespace}/${each.name}`)
        .sort(),
      conditions: clusters.flatMap(({ conditions }) => conditions),
      policies: clusters
        .flatMap(({ policies }) => policies)
        .map(each => `${each.kind} ${each.namespace}/${each.name}`),
    };
    expect(answer).toMatchObject(wanted);
  });

  // The row of the API's side, from the other one.
  for (const [caller, { rows }] of Object.entries(expected.callers ?? {}))
    it(`as ${caller}`, () => {
      const own = accessOf(asked, caller).rows;
      expect(own.map(written)).toMatchObject(rows);
    });

  for (const { call, answer } of expected.explains ?? [])
    it(`why ${JSON.stringify(call)} is ${answer}`, () => {
      expect(answered(finish(explainAccess(asked, call)))).toEqual(answer);
    });
});
