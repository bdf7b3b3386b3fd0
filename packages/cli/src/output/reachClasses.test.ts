import type { FoldedEdge, FoldedReach } from '@callgate/policy';
import { classesOf } from './reachClasses';

const access = (ports: string): FoldedEdge['access'] => [
  {
    protocol: 'TCP',
    ports,
    certainty: 'sure',
    layers: { kernel: 'open', identity: 'none', method: 'none' },
  },
];

const reachOf = (
  workloads: string[],
  edges: [FoldedEdge['from'], FoldedEdge['to'], string][],
  sets: FoldedReach['sets'] = {},
): FoldedReach => ({
  schemaVersion: 2,
  workloads,
  sets,
  edges: edges.map(([from, to, ports]) => ({
    from,
    to,
    access: access(ports),
  })),
  findings: [],
  guesses: [],
});

describe('classesOf', () => {
  it('keeps apart what differs in the one that it may call, as a pair of replicas with a database each does', () => {
    const { classes, edges } = classesOf(
      reachOf(
        ['a1', 'a2', 'b1', 'b2'],
        [
          ['a1', 'b1', '80'],
          ['a2', 'b2', '80'],
        ],
      ),
      () => true,
    );
    expect(Object.keys(classes)).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect(edges.map(({ from, to }) => [from, to])).toEqual([
      ['a1', 'b1'],
      ['a2', 'b2'],
    ]);
  });

  it('folds those that may call each other and the same others, whether edges are folded or not', () => {
    const everybody = ['a', 'b', 'c', 'd'];
    const { classes, edges } = classesOf(
      reachOf(
        everybody,
        [
          [{ set: 'ab' }, { set: 'ab' }, '80'],
          ['a', 'c', '443'],
          [{ cidrs: ['0.0.0.0/0'] }, { set: 'everybody' }, '22'],
          ['b', 'c', '443'],
        ],
        { everybody, ab: ['a', 'b'] },
      ),
      () => true,
    );
    expect(classes).toEqual({ a: ['a', 'b'], c: ['c'], d: ['d'] });
    expect(
      edges.map(({ from, to, access: [{ ports }] }) => [from, to, ports]),
    ).toEqual([
      ['a', 'a', '80'],
      ['a', 'c', '443'],
      [{ cidrs: ['0.0.0.0/0'] }, 'a', '22'],
      [{ cidrs: ['0.0.0.0/0'] }, 'c', '22'],
      [{ cidrs: ['0.0.0.0/0'] }, 'd', '22'],
    ]);
  });

  it('says of a class of one whether its pods may call each other', () => {
    const one = reachOf(
      ['a', 'b'],
      [
        [{ set: 'everybody' }, 'a', '80'],
        ['a', 'b', '81'],
      ],
      { everybody: ['a', 'b'] },
    );
    const between = (isOne: boolean) =>
      classesOf(one, () => isOne).edges.map(({ from, to }) => [from, to]);
    expect(between(true)).not.toContainEqual(['a', 'a']);
    expect(between(false)).toContainEqual(['a', 'a']);
  });
});
