import fc from 'fast-check';
import { naiveContains, request, specs } from './__testUtils__/naive';
import { RequestSet } from './RequestSet';
import { Request, RequestSetSpec } from './types';

/** A set written as a person would describe it: rectangles, joined and taken away. */
type Expression =
  | { spec: RequestSetSpec }
  | { op: 'union' | 'intersect' | 'subtract'; of: [Expression, Expression] }
  | { not: Expression };

const { expression } = fc.letrec<{ expression: Expression }>(tie => ({
  expression: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'set' },
    specs.map((spec): Expression => ({ spec })),
    fc.record({
      op: fc.constantFrom(
        'union' as const,
        'intersect' as const,
        'subtract' as const,
      ),
      of: fc.tuple(tie('expression'), tie('expression')),
    }),
    tie('expression').map((not): Expression => ({ not })),
  ),
}));

function toSet(value: Expression): RequestSet {
  if ('spec' in value) return RequestSet.of(value.spec);
  if ('not' in value) return toSet(value.not).complement();
  const [a, b] = value.of;
  return toSet(a)[value.op](toSet(b));
}

function holds(value: Expression, each: Request): boolean {
  if ('spec' in value) return naiveContains(value.spec, each);
  if ('not' in value) return !holds(value.not, each);
  const [a, b] = value.of.map(part => holds(part, each));
  if (value.op === 'union') return a || b;
  return value.op === 'intersect' ? a && b : a && !b;
}

const requests = fc.array(request, { minLength: 4, maxLength: 12 });

describe('expressions of sets', () => {
  it('contain what a naive membership test of the whole expression says', () => {
    fc.assert(
      fc.property(expression, requests, (value, asked) => {
        const set = toSet(value);
        for (const each of asked)
          expect(set.contains(each)).toBe(holds(value, each));
      }),
      { numRuns: 300 },
    );
  });

  it('surely contain a request that leaves parts open only if they contain each way to fill them', () => {
    fc.assert(
      fc.property(expression, requests, (value, asked) => {
        const set = toSet(value);
        for (const each of asked) {
          const open = { ...each };
          delete open.host;
          const withoutPath = { ...open };
          delete withoutPath.path;
          for (const vague of [
            open,
            withoutPath,
            { protocol: each.protocol, port: each.port },
          ]) {
            expect(!set.contains(vague) || holds(value, each)).toBe(true);
            expect(!holds(value, each) || set.mayContain(vague)).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are equal exactly when neither has what the other has not', () => {
    fc.assert(
      fc.property(expression, expression, (a, b) => {
        const [x, y] = [toSet(a), toSet(b)];
        const same = x.subtract(y).isEmpty && y.subtract(x).isEmpty;
        expect(x.equals(y)).toBe(same);
        expect(x.isSubset(y) && y.isSubset(x)).toBe(same);
      }),
      { numRuns: 150 },
    );
  });

  it('give the same union in any order and grouping', () => {
    fc.assert(
      fc.property(
        fc.array(specs, { maxLength: 7 }).chain(list =>
          fc.tuple(
            fc.constant(list),
            fc.shuffledSubarray(list, {
              minLength: list.length,
              maxLength: list.length,
            }),
          ),
        ),
        ([list, shuffled]) => {
          const sets = list.map(each => RequestSet.of(each));
          const oneByOne = sets.reduce((a, b) => a.union(b), RequestSet.empty);
          expect(RequestSet.unionOf(sets).key).toBe(oneByOne.key);
          expect(
            RequestSet.unionOf(shuffled.map(each => RequestSet.of(each))).key,
          ).toBe(oneByOne.key);
        },
      ),
      { numRuns: 100 },
    );
  });
});
