import { Change, explain } from '@callgate/policy';
import { callOf, callgateVerdict, policyWorldOf } from '../verdict/callgate';
import { Random } from '../worlds/Random';
import { randomCalls } from '../worlds/randomCalls';
import { randomWorld } from '../worlds/randomWorld';
import { smallerWorlds } from '../worlds/smaller';
import { Manifest, World, WorldCall } from '../worlds/types';
import { Question, Suite } from './types';

/** Of so many calls in a world those that are refused are asked about. */
const CALLS = 12;
/** So many refused calls of one world, each with worlds of its own. */
const REFUSED = 3;

/** Every so many worlds one more DENY refuses the first call. */
const WITH_DENIED = 3;
const DENIED = 'first calls refused where a DENY was added';
const HELPED = 'of which explain names what would allow them';
/** Of those so many can be helped: a DENY goes with its last rule, and the rest is as in other worlds. */
const LEAST_HELPED = 0.5;

/** What the engines are asked about. */
const POLICIES = ['NetworkPolicy', 'AuthorizationPolicy', 'PeerAuthentication'];

/** A refused call with the changes that `explain` says would allow it. */
interface Explained {
  world: World;
  call: WorldCall;
  changes: readonly Change[];
  /** The world with all changes, then with all but one of them each. */
  changed: readonly World[];
}

/** What is compared: refused calls of one world. */
interface Made extends Question {
  explained: readonly Explained[];
  /** Refused calls for which nothing that is tried would help. */
  withoutChanges: number;
}

/** The objects that changes add or edit. */
function written(changes: readonly Change[]): Manifest[] {
  return changes
    .filter(({ action }) => action !== 'remove')
    .map(({ manifest }) => manifest as unknown as Manifest);
}

/** The policies with the changes made, as anybody would who reads them. */
function changed(world: World, changes: readonly Change[]): World {
  const isConcerned = ({ kind, metadata }: Manifest) =>
    changes.some(
      ({ object }) =>
        kind === object.kind &&
        metadata.name === object.name &&
        metadata.namespace === object.namespace,
    );
  return {
    ...world,
    policies: [
      ...world.policies.filter(each => !isConcerned(each)),
      ...written(changes),
    ],
  };
}

function explainedOf({ world, calls }: Question): Made {
  const policyWorld = policyWorldOf(world);
  const refused = calls
    .filter(
      call => callgateVerdict(policyWorld, world, call).verdict === 'deny',
    )
    .slice(0, REFUSED);
  const all = refused.map((call): Explained => {
    const { changes } = explain(policyWorld, callOf(world, call));
    return {
      world,
      call,
      changes,
      changed: [
        changed(world, changes),
        ...changes.map(left =>
          changed(
            world,
            changes.filter(each => each !== left),
          ),
        ),
      ],
    };
  });
  const explained = all.filter(
    ({ changes }) =>
      changes.length > 0 &&
      changes.every(({ object: { kind } }) => POLICIES.includes(kind)),
  );
  return {
    world,
    calls: refused,
    explained,
    withoutChanges: all.length - explained.length,
  };
}

/** Every third world has one more policy, of which every rule denies the first call: chance comes to that too rarely. */
function withDenied(world: World, call: WorldCall, seed: number): World {
  if (seed % WITH_DENIED !== 0) return world;
  const { namespace, labels } = world.workloads[call.to];
  const random = new Random(seed + 77);
  const rules = random.some(
    [
      { to: [{ operation: { ports: [String(call.port)] } }] },
      { from: [{ source: { notNamespaces: ['nowhere'] } }] },
    ],
    1,
  );
  const denying: Manifest = {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'ap-denied', namespace },
    spec: {
      selector: { matchLabels: { app: labels.app } },
      action: 'DENY',
      rules,
    },
  };
  return { ...world, policies: [...world.policies, denying] };
}

/**
 * Calls that are refused: the changes that `explain` names, made, have to let
 * the engines allow the call, and with one of them left out they have to refuse
 * it. Every object that is added or changed has to be taken.
 */
export const explanation: Suite<Made> = {
  name: 'explanation',

  make(seed) {
    const plain = randomWorld(seed);
    const calls = randomCalls(plain, seed, CALLS);
    const world = withDenied(plain, calls[0], seed);
    const made = explainedOf({ world, calls });
    return made.calls.length > 0 ? made : undefined;
  },

  questions: ({ explained }) =>
    explained.flatMap(({ changed: worlds, call }) =>
      worlds.map(world => ({ world, calls: [call] })),
    ),

  generated: ({ explained }) =>
    explained.flatMap(({ changes }) => written(changes)),

  compare(made, answers, report) {
    const { explained, withoutChanges } = made;
    const [first] = made.calls;
    if (made.world.seed % WITH_DENIED === 0) {
      report.notes.note(DENIED);
      if (explained.some(({ call }) => call === first))
        report.notes.note(HELPED);
    }
    report.notes.note('refused calls that nothing would allow', withoutChanges);
    let at = 0;
    for (const { call, changes, changed: worlds } of explained) {
      report.notes.note(`sets of ${changes.length} changes`);
      for (const [index, world] of worlds.entries()) {
        const [answer] = answers[at];
        at += 1;
        // Of a part of them Callgate may not know what comes of it.
        const ours = callgateVerdict(policyWorldOf(world), world, call).verdict;
        report.judged += 1;
        report.coverage.add(world, call, answer.allowed, ours);
        if (index === 0 && !answer.allowed)
          report.differs({
            world,
            call,
            text: `with the changes of explain the engines still refuse: ${JSON.stringify(
              answer,
            )}`,
          });
        if (index > 0 && ours === 'allow')
          report.differs({
            world,
            call,
            text: `"${changes[index - 1].text}" is not needed`,
          });
        if (index > 0 && ours === 'deny' && answer.allowed)
          report.differs({
            world,
            call,
            text: `without "${
              changes[index - 1].text
            }" the engines allow: ${JSON.stringify(answer)}`,
          });
      }
    }
  },

  refused(_, __, { notes }) {
    notes.note('refused by an engine');
  },

  // A change that is none is not named any more, so that nothing else would show it.
  concludes({ notes }) {
    const [all, helped] = [DENIED, HELPED].map(what => notes.get(what) ?? 0);
    return all >= 20 && helped < all * LEAST_HELPED
      ? [`of ${all} ${DENIED}, ${helped} ${HELPED}`]
      : [];
  },

  *smaller({ world, calls }) {
    for (const less of smallerWorlds({ world, calls })) yield explainedOf(less);
  },
};
