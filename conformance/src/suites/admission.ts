import { loadManifests } from '@callgate/policy';
import { policyWorldOf } from '../verdict/callgate';
import { damaged, NAMED } from '../worlds/damaged';
import { Random } from '../worlds/Random';
import { randomWorld } from '../worlds/randomWorld';
import { Manifest, World } from '../worlds/types';
import { worldSeed } from '../worlds/worldSeed';
import { Limit, SuiteContext } from './SuiteContext';
import { Difference, SuiteResult, Tally } from './types';

/** Damaged objects for each call that it would ask about. */
const OBJECTS_PER_CALL = 5;
const BATCH = 500;

/**
 * What the API server refuses and Callgate takes, with the reason. Each is
 * counted; anything else is a difference.
 */
const EXCEPTIONS: readonly [RegExp, string][] = [
  [
    // StrictIPCIDRValidation, on since Kubernetes 1.36: older clusters take the block, and read it without those bits.
    /must not have bits set beyond the prefix length/,
    'blocks with bits beyond their prefix, which older clusters take',
  ],
];

/** One damaged policy, alone in its world. */
function damagedWorlds(seed: number): World[] {
  const world = randomWorld(seed);
  const random = new Random(seed + 77);
  return world.policies.map(policy => ({
    ...world,
    policies: [damaged(policy, random)],
  }));
}

/** Whether Callgate says that something is wrong with the object. */
function isRefusedHere(world: World, object: Manifest): boolean {
  const text = JSON.stringify(object);
  if (loadManifests([{ path: 'o.json', text }]).findings.length > 0)
    return true;
  return policyWorldOf(world).findings.some(
    ({ severity }) => severity === 'error',
  );
}

/**
 * Policies of random worlds with one field damaged, each alone: what the API
 * server refuses may be no object to Callgate either, or a policy would count
 * that is in no cluster. The other way round is counted: what Callgate does not
 * understand it takes for less access, whoever takes it.
 */
export async function admission(
  { apiServer, progress, first }: SuiteContext,
  seed: number,
  limit: Limit,
): Promise<SuiteResult> {
  const notes = new Tally();
  const differences: Difference[] = [];
  const begun = Date.now();
  let [worlds, next] = [0, 0];

  const compare = (world: World, reason: string) => {
    const isRefused = isRefusedHere(world, world.policies[0]);
    if (reason === '') {
      notes.note(
        isRefused ? 'taken, and refused by Callgate' : 'taken by both',
      );
      return;
    }
    const exception = EXCEPTIONS.find(([pattern]) => pattern.test(reason));
    if (isRefused) notes.note('refused by both');
    else if (exception) notes.note(`EXCEPTION: ${exception[1]}`);
    else
      differences.push({
        world,
        text: `the API server refuses an object that Callgate takes: ${reason}`,
      });
  };

  const goesOn = () => {
    if (first && differences.length > 0) return false;
    return 'calls' in limit
      ? worlds < limit.calls * OBJECTS_PER_CALL
      : Date.now() - begun < limit.minutes * 60_000;
  };
  // By name, whatever the seed: chance comes to them too rarely.
  let named = NAMED.map(policy => ({
    ...randomWorld(seed),
    policies: [policy],
  }));
  while (goesOn()) {
    const batch: World[] = named;
    named = [];
    for (; batch.length < BATCH; next += 1)
      batch.push(...damagedWorlds(worldSeed(seed, next)));
    const reasons = await apiServer.reasonsFor(
      batch.map(({ policies: [object] }) => ({ object })),
    );
    batch.forEach((world, index) => compare(world, reasons[index]));
    worlds += batch.length;
    progress('admission', worlds, 'objects');
  }
  return {
    name: 'admission',
    worlds,
    calls: 0,
    differences,
    tooLittle: [],
    notes,
  };
}
