/** Somebody's place in a need, by its index. */
export type Assignment = ReadonlyMap<string, number>;

/** So many of some people. */
export interface Places {
  count: number;
  people: ReadonlySet<string>;
}

/**
 * Gives as many people a place as can have one, each at most one, in the order in which they come: who has a place may
 * be moved to another one for somebody later, and never loses it. Augmenting paths, so that somebody who fits two needs
 * does not stand in the way of somebody who fits one.
 */
export function assign(
  needs: readonly Places[],
  people: readonly string[],
): Assignment {
  const seats: (string | undefined)[][] = needs.map(({ count }) =>
    new Array<undefined>(count).fill(undefined),
  );
  const seat = (person: string, tried: Set<number>): boolean => {
    for (const [index, need] of needs.entries()) {
      if (tried.has(index) || !need.people.has(person)) {
        continue;
      }
      tried.add(index);
      for (const [place, holder] of seats[index].entries()) {
        if (holder === undefined || seat(holder, tried)) {
          seats[index][place] = person;
          return true;
        }
      }
    }
    return false;
  };
  for (const person of new Set(people)) {
    seat(person, new Set());
  }
  return new Map(
    seats.flatMap((holders, index) =>
      holders.flatMap(holder =>
        holder === undefined ? [] : [[holder, index] as const],
      ),
    ),
  );
}
