import { buildCluster } from './buildCluster';
import { loadManifests } from './loadManifests';
import { hasLabel, hasOneOf, matchLabels, notMatch } from './podLabels';

function workloads(text: string) {
  const { objects, findings } = loadManifests([{ path: 'e.yaml', text }]);
  expect(findings).toEqual([]);
  return buildCluster({ name: 'prod', objects }).cluster.workloads;
}

const pod = (name: string, labels: string, owner: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { ${labels} }, ownerReferences: [{ apiVersion: v1, kind: ${owner}, controller: true }] }
spec: { containers: [{ name: main }] }
${more}
---`;
const orders = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: shop }
spec: { template: { metadata: { labels: { app: orders } }, spec: { containers: [{ name: main }] } } }
---`;
const live = (name: string, labels: string, more = '') =>
  pod(name, labels, 'ReplicaSet, name: orders-abc', more).replace(
    'labels: {',
    'labels: { pod-template-hash: abc,',
  );

describe('labels of pods', () => {
  const pods = {
    podLabels: { app: 'db', part: 'x' },
    varyingLabels: {
      name: { numbered: 'db-', isOptional: false },
      hash: { isOptional: true },
      part: { values: ['x', 'y'], isOptional: false },
    },
  };

  it.each([
    ['app', ['db'], 'yes'],
    ['app', ['web'], 'no'],
    ['none', ['x'], 'no'],
    ['name', ['db-0'], 'maybe'],
    ['name', ['db-00x'], 'no'],
    ['name', ['web-0'], 'no'],
    ['hash', ['anything'], 'maybe'],
    ['part', ['x'], 'maybe'],
    ['part', ['x', 'y', 'z'], 'yes'],
    ['part', ['z'], 'no'],
  ])('%s in %j: %s', (key, values, expected) => {
    expect(hasOneOf(pods, key, values)).toBe(expected);
    expect(notMatch(notMatch(hasOneOf(pods, key, values)))).toBe(expected);
  });

  it('are there for all pods, for some, or for none', () => {
    expect(
      ['app', 'name', 'hash', 'none'].map(key => hasLabel(pods, key)),
    ).toEqual(['yes', 'yes', 'maybe', 'no']);
    expect(matchLabels({ app: 'db', name: 'db-1' }, pods)).toBe('maybe');
    expect(matchLabels({ app: 'web', name: 'db-1' }, pods)).toBe('no');
    expect(matchLabels({}, pods)).toBe('yes');
  });
});

describe('pods that run', () => {
  it('add what all of them carry to their workload, and tell apart what they carry differently', () => {
    const [found] = workloads(
      orders +
        live('orders-abc-1', 'app: orders, sealed: "yes", track: a') +
        live('orders-abc-2', 'app: orders, sealed: "yes", track: b'),
    );
    expect(found.id).toBe('shop/Deployment/orders');
    expect(hasOneOf(found, 'sealed', ['yes'])).toBe('yes');
    expect(hasOneOf(found, 'track', ['a'])).toBe('maybe');
    expect(hasOneOf(found, 'pod-template-hash', ['abc'])).toBe('maybe');
  });

  it('claim nothing for their workload: whose it is, its template says', () => {
    const [found] = workloads(
      orders +
        live('orders-abc-1', 'app: orders, callgate.dev/owner: mallory, a: b'),
    );
    expect(found.podLabels).toEqual({ app: 'orders', a: 'b' });
    expect(hasOneOf(found, 'callgate.dev/owner', ['mallory'])).toBe('maybe');
  });

  it('that lack a label of the template take away that all have it; those that ended do not', () => {
    const without = live('orders-abc-1', 'team: red');
    const ended = live(
      'orders-abc-1',
      'team: red',
      'status: { phase: Failed }',
    );
    expect(hasLabel(workloads(orders + without)[0], 'app')).toBe('maybe');
    expect(hasLabel(workloads(orders + ended)[0], 'app')).toBe('yes');
  });

  it('stand for an owner that is not there: one workload where only names and hashes differ', () => {
    const found = workloads(
      pod('kafka-0', 'app: kafka, of: kafka-0', 'Kafka, name: kafka') +
        pod('kafka-1', 'app: kafka, of: kafka-1', 'Kafka, name: kafka'),
    );
    expect(found).toMatchObject([
      { id: 'shop/Kafka/kafka', replicas: 'many', podLabels: { app: 'kafka' } },
    ]);
    expect(hasOneOf(found[0], 'of', ['kafka-1'])).toBe('maybe');
  });

  it('of one owner that differ in labels or account are never one workload', () => {
    const found = workloads(
      pod('q-2', 'app: write', 'Queue, name: q') +
        pod('q-0', 'app: read', 'Queue, name: q') +
        pod('q-1', 'app: read', 'Queue, name: q'),
    );
    expect(
      found.map(({ id, replicas, podLabels }) => [id, replicas, podLabels.app]),
    ).toEqual([
      ['shop/Pod/q-0', 'many', 'read'],
      ['shop/Pod/q-2', 'one', 'write'],
    ]);
  });

  it('of a node are workloads of their own, in whatever order they come', () => {
    const [one, two] = [
      pod('keep-n1', 'part: keep', 'Node, name: n1'),
      pod('face-n1', 'part: face', 'Node, name: n1'),
    ];
    const ids = (text: string) => workloads(text).map(({ id }) => id);
    expect(ids(one + two)).toEqual(['shop/Pod/face-n1', 'shop/Pod/keep-n1']);
    expect(ids(two + one)).toEqual(ids(one + two));
    expect(ids(one)).toEqual(['shop/Pod/keep-n1']);
  });
});
