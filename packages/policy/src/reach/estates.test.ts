import { existsSync, readFileSync, readdirSync } from 'fs';
import { resolve } from 'path';
import { buildCluster, loadManifests } from '../estate';
import { createWorld, evaluate, explain } from '../evaluate';
import { reach } from './reach';

/** Public demo applications; where they are absent, these tests are skipped. */
const ESTATES =
  process.env.CALLGATE_ESTATES ??
  resolve(__dirname, '../../../../../shared/data/estates');
const isThere = existsSync(ESTATES);
if (!isThere) {
  process.stderr.write(
    `Skipping real estates: ${ESTATES} does not exist (set CALLGATE_ESTATES).\n`,
  );
}
const onEstates = isThere ? describe : describe.skip;

function manifestsIn(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return manifestsIn(path);
    return /\.ya?ml$/.test(entry.name)
      ? [{ path, text: readFileSync(path, 'utf8') }]
      : [];
  });
}

function estate(name: string) {
  const loaded = loadManifests(manifestsIn(`${ESTATES}/${name}`));
  // Their manifests name no namespace.
  const built = buildCluster({
    name,
    objects: loaded.objects,
    namespace: 'default',
  });
  return {
    world: createWorld([built.cluster]),
    findings: [...loaded.findings, ...built.findings],
  };
}

onEstates('Online Boutique under its own network policies', () => {
  const { world, findings } = isThere
    ? estate('online-boutique')
    : { world: createWorld([]), findings: [] };
  const short = (id: unknown) => String(id).replace('default/Deployment/', '');

  it('admits exactly its call graph, and the whole of the frontend, which admits everybody', () => {
    const edges = reach(world, { outside: false }).edges.filter(
      edge => short(edge.to) !== 'frontend',
    );
    const found = edges.map(
      edge =>
        `${short(edge.from)} -> ${short(edge.to)} ${edge.access.map(
          a => `${a.protocol} ${a.ports} ${a.certainty}`,
        )}`,
    );
    // Read from upstream-network-policies/*.yaml by hand.
    expect(found).toEqual([
      'cartservice -> redis-cart TCP 6379 sure',
      'checkoutservice -> cartservice TCP 7070 sure',
      'checkoutservice -> currencyservice TCP 7000 sure',
      'checkoutservice -> emailservice TCP 8080 sure',
      'checkoutservice -> paymentservice TCP 50051 sure',
      'checkoutservice -> productcatalogservice TCP 3550 sure',
      'checkoutservice -> shippingservice TCP 50051 sure',
      'frontend -> adservice TCP 9555 sure',
      'frontend -> cartservice TCP 7070 sure',
      'frontend -> checkoutservice TCP 5050 sure',
      'frontend -> currencyservice TCP 7000 sure',
      'frontend -> productcatalogservice TCP 3550 sure',
      'frontend -> recommendationservice TCP 8080 sure',
      'frontend -> shippingservice TCP 50051 sure',
      'recommendationservice -> productcatalogservice TCP 3550 sure',
    ]);
    const toFrontend = reach(world, { outside: false }).edges.filter(
      edge => short(edge.to) === 'frontend',
    );
    expect(toFrontend).toHaveLength(world.parties.size - 1);
    expect(findings).toEqual([]);
  });

  it('P1: emailservice answers on 8080 behind Service port 5000, and policies are about 8080', () => {
    const call = {
      from: 'default/Deployment/checkoutservice',
      to: 'default/Deployment/emailservice',
    };
    expect(
      evaluate(world, {
        ...call,
        port: 8080,
        via: { service: 'default/emailservice', port: 5000 },
      }).verdict,
    ).toBe('allow');
    expect(evaluate(world, { ...call, port: 5000 }).verdict).toBe('deny');
  });

  it('explains a refused call by the policy that isolates, with one change that allows it', () => {
    const call = {
      from: 'default/Deployment/frontend',
      to: 'default/Deployment/redis-cart',
      port: 6379,
    };
    const { verdict, hops, changes } = explain(world, call);
    expect(verdict).toBe('deny');
    expect(hops[1].by.map(ref => ref.name).sort()).toEqual([
      'deny-all',
      'redis-cart',
    ]);
    expect(changes.map(change => change.object.kind)).toEqual([
      'NetworkPolicy',
    ]);
  });
});

onEstates('Estates without policies', () => {
  it('Sock Shop: everything reaches everything', () => {
    const { world } = estate('sock-shop');
    const count = world.parties.size;
    expect(reach(world, { outside: false }).edges).toHaveLength(
      count * (count - 1),
    );
  });

  it('Bookinfo: it is a guess whether its pods have sidecars, and nothing rests on it', () => {
    const { world } = estate('bookinfo');
    expect(
      [...world.parties.values()].every(party => party.workload.meshIsGuess),
    ).toBe(true);
    expect(
      reach(world, { outside: false }).edges.every(edge =>
        edge.access.every(access => access.certainty === 'sure'),
      ),
    ).toBe(true);
  });
});
