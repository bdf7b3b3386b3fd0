import { selectsSomePods } from '../worlds/controllers';
import { RuleRef, Verdict } from '@callgate/policy';
import { World, WorldCall } from '../worlds/types';
import { EngineVerdict } from './EngineVerdicts';
import { routeOf } from './route';

/** How istiod names a rule for Envoy (`pilot/pkg/security/authz/builder`). */
const POLICY_ID = /ns\[([^\]]+)\]-policy\[([^\]]+)\]-rule\[([0-9]+)\]/;

/** Envoy's reason where policies admit some and none of them this one. */
const NOTHING_ADMITS = 'matched_policy[none]';

function nameOf({ namespace = '', name, rule = '' }: RuleRef): string {
  return `${namespace}/${name} ${rule}`;
}

/** Headers and tokens, of which Callgate is not told: the rules that match are not the same then. */
const UNKNOWN = /equestPrincipals"|request\.(auth|headers)/;

/**
 * The caller's address, which Callgate does not know at a waypoint (docs/semantics.md, A10), and which stands for all hosts of a
 * group where it explains what a group may: at each of them another rule may decide.
 */
const ADDRESS = /pBlocks"|source\.ip/;

/** Does a policy ask for what only the engine knows? */
function asksForMore(world: World, call: WorldCall): boolean {
  const isWaypoint = routeOf(world, call).some(({ service }) => service);
  const caller =
    typeof call.from === 'number' ? world.workloads[call.from] : undefined;
  const isManyAddresses = isWaypoint || caller?.moreIps !== undefined;
  return world.policies.some(({ spec }) => {
    const text = JSON.stringify(spec);
    return UNKNOWN.test(text) || (isManyAddresses && ADDRESS.test(text));
  });
}

/**
 * Whether the rule that decided in Envoy is among those by which Callgate
 * explains: all that match are named, and Envoy tells the first. Says what is
 * different.
 */
export function decidersAgree(
  world: World,
  call: WorldCall,
  { verdict, hops }: Verdict,
  { reasons }: EngineVerdict,
  notes: { note(what: string): void },
): string | undefined {
  if (verdict === 'conditional' || asksForMore(world, call)) return undefined;
  // Another rule may decide at each pod; Callgate names those of all.
  if (world.policies.some(selectsSomePods)) return undefined;
  const named = hops.flatMap(({ layer, by }) => (layer === 'kernel' ? [] : by));
  for (const reason of reasons) {
    const [, namespace, name, rule] = POLICY_ID.exec(reason) ?? [];
    // AUDIT tells what it matched as well, and decides nothing.
    const policy = world.policies.find(
      ({ kind, metadata }) =>
        kind === 'AuthorizationPolicy' &&
        metadata.namespace === namespace &&
        metadata.name === name,
    );
    if (policy?.spec?.action === 'AUDIT') continue;
    if (name !== undefined) {
      notes.note('deciding rules compared');
      const theirs = `${namespace}/${name} rules[${rule}]`;
      if (!named.some(ref => nameOf(ref) === theirs))
        return `Envoy decided by ${theirs}, Callgate explains by ${named
          .map(nameOf)
          .join(', ')}`;
    } else if (reason.includes(NOTHING_ADMITS)) {
      notes.note('refusals without a rule compared');
      const isSaid = hops.some(
        hop =>
          hop.layer !== 'kernel' &&
          hop.verdict === 'deny' &&
          hop.by.every(ref => ref.rule === undefined),
      );
      if (!isSaid)
        return 'in Envoy no rule admits the request, and Callgate names one that refuses it';
    }
  }
  return undefined;
}
