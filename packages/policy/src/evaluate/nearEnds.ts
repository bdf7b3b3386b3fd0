import { World } from './World';

const MOST = 3;
/** Two names are near when so many letters tell them apart. */
const MOST_EDITS = 3;

/** How many letters have to be put in, left out or changed; more than `most` are not counted. */
function edits(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          row[j] + 1,
          next[j - 1] + 1,
          row[j - 1] + Number(a[i - 1] !== b[j - 1]),
        ),
      );
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return row[b.length];
}

function distance(wanted: string, name: string): number {
  const last = (text: string) => text.slice(text.lastIndexOf('/') + 1);
  const direct = edits(wanted.toLowerCase(), name.toLowerCase(), MOST_EDITS);
  // The right name of another kind or namespace is near as well.
  return last(wanted) === last(name) ? Math.min(direct, 1) : direct;
}

/**
 * What a text may have meant that is neither a workload of the world nor an
 * address: its workloads of similar names, the nearest first. `undefined` where it
 * is one of the two.
 *
 * @public
 */
export function nearEnds(world: World, text: string): string[] | undefined {
  if (world.resolve(text)) return undefined;
  const near: { name: string; far: number }[] = [];
  for (const [name] of world.partyNames) {
    const far = distance(text, name);
    if (far <= MOST_EDITS) near.push({ name, far });
  }
  return near
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
}
