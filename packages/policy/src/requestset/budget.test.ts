import {
  STATE_BUDGET,
  TooComplexError,
  WORK_BUDGET,
  stepsTaken,
  withinWork,
} from './budget';
import { Lang } from './Lang';
import { RequestSet } from './RequestSet';
import { PathAtom, RequestSetSpec } from './types';

/** Steps of an answer, or of finding that there is none. */
function steps(answer: () => unknown): { taken: number; gaveUp: boolean } {
  const before = stepsTaken();
  try {
    answer();
    return { taken: stepsTaken() - before, gaveUp: false };
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
    return { taken: stepsTaken() - before, gaveUp: true };
  }
}

/** One charge may be as large as an automaton that is within its budget. */
const MOST_STEPS = WORK_BUDGET + STATE_BUDGET;

const http = (spec: Partial<RequestSetSpec>): RequestSet =>
  RequestSet.of({ protocol: 'TCP', ...spec });

/** `width` segments, one of them a literal; each ends with its own word, so that all subsets of templates differ. */
function crossed(width: number, word = 'a'): PathAtom[] {
  return Array.from({ length: width }, (_, at) => {
    const segments = Array.from({ length: width }, (_each, i) =>
      i === at ? word : '{*}',
    );
    return { template: `/${segments.join('/')}/end-${at}` };
  });
}

const endless = (stars: number): PathAtom => ({
  template: `/{**}/x${'/{*}'.repeat(stars)}`,
});

describe('the budget of RequestSet', () => {
  it('covers an API of 4,000 operations whose paths differ in 25 characters', () => {
    const paths = Array.from({ length: 4_000 }, (_, i): PathAtom => {
      const own = String(i * 7_919 + 10_000_019);
      return { template: `/api/v1/${own}/{*}/${own}${own.slice(0, 7)}` };
    });
    const set = http({ methods: ['GET'], paths });
    const path = (i: number, end = '') => {
      const own = String(i * 7_919 + 10_000_019);
      return `/api/v1/${own}/7/${own}${own.slice(0, 7)}${end}`;
    };
    const on = (text: string) =>
      set.contains({ protocol: 'TCP', port: 80, method: 'GET', path: text });
    expect([on(path(0)), on(path(3_999)), on(path(17, 'x'))]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('covers 512 rules of one path and method each, the most that the CRD admits', () => {
    const rules = Array.from({ length: 512 }, (_, i) =>
      http({
        ports: [8080],
        methods: [i % 2 ? 'GET' : 'POST'],
        paths: [{ template: `/orders/kind-${i * 37}/{*}` }],
      }),
    );
    const set = RequestSet.unionOf(rules);
    expect(rules.every(rule => rule.isSubset(set))).toBe(true);
    expect(set.isSubset(http({ paths: [{ prefix: '/orders/kind-' }] }))).toBe(
      true,
    );
  });

  it('decides templates whose subsets multiply while their minimal automaton is small', () => {
    // A path of `n` segments with `a` somewhere: two states for each place, however many subsets of templates there are.
    const anywhere = Array.from({ length: 20 }, (_, at): PathAtom => {
      const segments = Array.from({ length: 20 }, (_each, i) =>
        i === at ? 'a' : '{*}',
      );
      return { template: `/${segments.join('/')}` };
    });
    expect(Lang.of(anywhere).size).toBeLessThan(20 * 6);
  });

  it.each<[string, () => unknown]>([
    [
      'templates all of whose subsets differ',
      () => http({ paths: crossed(24) }),
    ],
    ['a segment far from the end', () => http({ paths: [endless(24)] })],
    [
      'suffixes beside segments far from the end',
      () =>
        http({
          paths: [
            ...Array.from({ length: 20 }, (_, i) => endless(i + 1)),
            ...Array.from({ length: 12 }, (_, i) => ({
              suffix: `${'ab'.repeat(i)}c${'ba'.repeat(11 - i)}`,
            })),
          ],
        }),
    ],
    [
      '20,000 literals without common beginnings',
      () =>
        http({
          paths: Array.from({ length: 20_000 }, (_, i) => ({
            exact: `${(i * 104_729) % 1_000_003}/${i}/something/long/enough`,
          })),
        }),
    ],
    [
      'prefixes and suffixes of hosts, each with its path',
      () =>
        RequestSet.unionOf(
          Array.from({ length: 200 }, (_, i) =>
            http({
              hosts: [i % 2 ? { prefix: `h${i}.` } : { suffix: `.d${i}` }],
              paths: [{ exact: `/p${i}` }],
            }),
          ),
        ),
    ],
    [
      'what two large sets have in common',
      () =>
        http({ paths: crossed(11) }).intersect(
          http({ paths: crossed(11, 'aa') }).union(
            http({ paths: [endless(12)] }),
          ),
        ),
    ],
  ])('bounds the steps for %s', (_name, answer) => {
    const { taken, gaveUp } = steps(() => withinWork(answer));
    expect(taken).toBeLessThanOrEqual(MOST_STEPS);
    expect(gaveUp).toBe(true);
  });

  it('gives the same answer to a question whatever was asked before', () => {
    const question = () =>
      withinWork(() => {
        const set = http({ paths: crossed(9) });
        return set.subtract(http({ paths: [{ prefix: '/a' }] })).key;
      });
    const first = steps(question);
    const again = steps(question);
    expect(again).toEqual(first);
  });

  it('refuses in a question what that has no steps left for, and answers it alone', () => {
    const answer = () => http({ paths: crossed(7, 'alone') }).key;
    expect(() => withinWork(answer, 20)).toThrow(TooComplexError);
    expect(withinWork(answer)).toBe(answer());
    expect(() => withinWork(answer, 20)).toThrow(TooComplexError);
  });

  it('says what it would have needed', () => {
    expect(() => http({ paths: [endless(24)] })).toThrow(
      /a set of requests needs (an automaton of )?more than \d+ (states|steps)/,
    );
  });
});
