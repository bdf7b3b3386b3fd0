import { assign, type Places } from './assign';

const need = (count: number, ...people: string[]): Places => ({
  count,
  people: new Set(people),
});
const placed = (needs: Places[], people: string[]) =>
  Object.fromEntries(assign(needs, people));

describe('who counts for which need', () => {
  it('somebody who fits two needs does not stand in the way of somebody who fits one', () => {
    const needs = [need(1, 'ada', 'ben'), need(1, 'ada')];
    expect(placed(needs, ['ada', 'ben'])).toEqual({ ada: 1, ben: 0 });
    expect(placed(needs, ['ben', 'ada'])).toEqual({ ada: 1, ben: 0 });
  });

  it('makes room along a chain of needs', () => {
    const needs = [
      need(1, 'ada', 'ben'),
      need(1, 'ada', 'cleo'),
      need(1, 'cleo'),
    ];
    expect(placed(needs, ['ada', 'cleo', 'ben'])).toEqual({
      ada: 1,
      ben: 0,
      cleo: 2,
    });
  });

  it('one person counts once, whatever they say twice', () => {
    expect(placed([need(2, 'ada')], ['ada', 'ada'])).toEqual({ ada: 0 });
  });

  it('nobody has a place in a need that they do not fit, nor more than it has', () => {
    expect(placed([need(1, 'ada', 'ben')], ['dora', 'ben', 'ada'])).toEqual({
      ben: 0,
    });
  });

  it('is as large as any assignment, and whoever came first keeps a place', () => {
    // All ways to fit four people into three needs of one or two places.
    const names = ['a', 'b', 'c', 'd'];
    const subsets = [...Array(16).keys()].map(bits =>
      names.filter((_, index) => (bits >> index) % 2 === 1),
    );
    for (const first of subsets) {
      for (const second of subsets) {
        for (const third of [['a'], ['b', 'd'], ['c']]) {
          const needs = [
            need(1, ...first),
            need(2, ...second),
            need(1, ...third),
          ];
          let before = new Set<string>();
          for (let some = 1; some <= names.length; some++) {
            const people = names.slice(0, some);
            const got = assign(needs, people);
            expect(got.size).toBe(largest(needs, people));
            expect([...before].every(name => got.has(name))).toBe(true);
            for (const [name, index] of got) {
              expect(needs[index].people.has(name)).toBe(true);
            }
            before = new Set(got.keys());
          }
        }
      }
    }
  });
});

/** By trying everything. */
function largest(needs: Places[], [person, ...others]: string[]): number {
  if (person === undefined) return 0;
  return Math.max(
    largest(needs, others),
    ...needs.map((each, index) =>
      each.count > 0 && each.people.has(person)
        ? 1 +
          largest(
            needs.map((other, at) =>
              at === index ? { ...other, count: other.count - 1 } : other,
            ),
            others,
          )
        : 0,
    ),
  );
}
