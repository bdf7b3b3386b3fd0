import { Finding } from '../findings';
import { World } from '../evaluate/World';
import { doorsOf } from '../reach/isolationFlips';
import { Access, Endpoint, ReachResult } from '../reach/types';
import { ask } from './guardrailFinding';
import { CompiledGuardrail } from './parseGuardrails';
import { outsideFacts, workloadFacts } from './subjectFacts';
import { GuardrailStage } from './types';
import { said, workload } from '../words';

/** For people; a class of addresses may have many blocks. */
function endName(end: Endpoint): string {
  if (typeof end === 'string') return end;
  const [first, ...others] = end.cidrs;
  return others.length === 0
    ? first
    : `addresses outside (${first} and ${others.length} more blocks)`;
}

function objectsOf(end: Endpoint): readonly string[] {
  return typeof end === 'string' ? [end] : end.cidrs;
}

function factsOf(world: World, end: Endpoint): Record<string, unknown> {
  const party = typeof end === 'string' ? world.parties.get(end) : undefined;
  if (party) return workloadFacts(party.cluster, party.workload);
  return outsideFacts(typeof end === 'string' ? [end] : end.cidrs);
}

/** What may be sent, entry by entry; one without HTTP is everything. */
function requestsOf(access: Access) {
  const entries = access.http ?? [{}];
  return entries.map(entry => ({
    // A complement is more than any list: it counts as every method or path.
    methods: ('methods' in entry && entry.methods) || [],
    paths: ('paths' in entry && entry.paths) || [],
    hosts: ('hosts' in entry && entry.hosts) || [],
  }));
}

/**
 * Asks the rules about effective access, pair by pair, and about the doors of
 * every workload. What is only possibly allowed is asked about as well. A rule
 * that several entries of one pair break is one finding.
 *
 * @public
 */
export function checkEffectiveAccess(
  guardrails: readonly CompiledGuardrail[],
  stage: GuardrailStage,
  world: World,
  effective: Pick<ReachResult, 'edges'>,
): Finding[] {
  const of = (subject: string) =>
    guardrails.filter(({ guardrail }) => guardrail.subject === subject);
  const found: Finding[] = [];
  const accessRules = of('access');
  if (accessRules.length > 0) {
    for (const edge of effective.edges) {
      const ends = {
        from: factsOf(world, edge.from),
        to: factsOf(world, edge.to),
      };
      const asked = edge.access.flatMap(access =>
        requestsOf(access).map(requests => ({
          about: said`${workload(endName(edge.from))} may call ${workload(
            endName(edge.to),
          )}`,
          objects: [...objectsOf(edge.from), ...objectsOf(edge.to)],
          facts: {
            ...ends,
            ...requests,
            protocol: access.protocol,
            ports: access.ports,
            certainty: access.certainty,
            layers: { ...access.layers },
          },
        })),
      );
      for (const rule of accessRules) {
        const refused = asked
          .map(each => ask(rule, stage, each))
          .find(each => each !== undefined);
        if (refused) found.push(refused);
      }
    }
  }
  const workloadRules = of('workload');
  if (workloadRules.length > 0) {
    for (const [name, party] of world.partyNames) {
      const facts = {
        ...workloadFacts(party.cluster, party.workload),
        ...doorsOf(world, party),
      };
      for (const rule of workloadRules) {
        const refused = ask(rule, stage, {
          about: [workload(name)],
          objects: [name],
          facts,
        });
        if (refused) found.push(refused);
      }
    }
  }
  return found;
}
