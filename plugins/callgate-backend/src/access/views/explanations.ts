import {
  type CallUnclear,
  type ExplainedAccess,
  type ExplainedPair,
  type Explanation as CoreExplanation,
} from '@callgate/policy';
import type {
  ExplainedCall,
  Explanation,
} from '@callgate/plugin-callgate-common';
import { stringify } from 'yaml';
import { noEstateOf, unknownEstate } from '../../proposals/unknownEstate';
import type { AccessFacts } from './AccessFacts';
import type { Discretion } from './Discretion';
import { toSource } from './source';
import { tellObjects } from './unseen';

/**
 * Answers about a call as a reader may read them. A side outside the estate, or one that the evaluator does not cover, gives
 * `unknown`, never an answer.
 */
export function toExplanations(
  facts: AccessFacts,
  call: ExplainedCall,
  found: ExplainedAccess,
  discretion: Discretion,
): Explanation[] {
  const source = toSource(facts.snapshot, discretion);
  const answers =
    'pairs' in found
      ? found.pairs.map(pair => toAnswer(facts, call.api, pair, discretion))
      : [nowhere(facts, call, found)];
  return answers.map(answer => ({ ...answer, source }));
}

type Answer = Omit<Explanation, 'source'>;

function toAnswer(
  facts: AccessFacts,
  api: string,
  pair: ExplainedPair,
  discretion: Discretion,
): Answer {
  const { cluster, from, to } = pair;
  if ('unclear' in pair)
    return {
      ...{ cluster, from, to },
      ...unknown(unclearText(pair.unclear)),
    };
  const { explanation } = pair;
  const unsupported = explanation.conditions.some(
    ({ kind }) => kind === 'not-supported-yet',
  );
  return {
    ...{ cluster, from, to },
    verdict: unsupported ? 'unknown' : explanation.verdict,
    hops: hopsOf(facts, cluster, explanation, api, discretion),
    conditions: conditionsOf(explanation, discretion),
    // An object changed or removed is told with everybody whom it lets in; a new one is about this call alone.
    changes: explanation.changes
      .filter(({ action }) => discretion.everythingSeen || action === 'add')
      .map(change => ({
        text: change.text,
        yaml: change.yaml || stringify(change.manifest),
      })),
    findings: [],
  };
}

function unclearText(unclear: CallUnclear): string {
  switch (unclear.why) {
    case 'port':
      return 'The port of the API is not clear: set callgate.dev/port on it.';
    case 'method':
      return `A method is asked of TCP alone, and port ${unclear.port} is ${unclear.protocol}: ask without method and path.`;
    default:
      return unclear.declared.length > 0
        ? `Port ${unclear.port} speaks ${unclear.declared.join(
            ' and ',
          )}: say which is meant.`
        : `Nothing that was read declares port ${unclear.port}: say whether TCP, UDP or SCTP is meant.`;
  }
}

function hopsOf(
  facts: AccessFacts,
  cluster: string,
  answer: CoreExplanation,
  api: string,
  discretion: Discretion,
): Explanation['hops'] {
  return answer.hops.map(({ at, layer, verdict, text, by }) => {
    const objects = by.map(({ kind, namespace, name, rule }) => ({
      ...facts.object(cluster, { kind, namespace, name }),
      rule,
    }));
    return {
      at,
      layer,
      verdict,
      // It names the objects.
      text: objects.some(object => discretion.hidesObject(object))
        ? 'Policies decide it that name what you may not see.'
        : text,
      by: tellObjects(objects, api, discretion),
    };
  });
}

/** Conditions are sentences about anything that the evaluator met on the way. */
function conditionsOf(
  { conditions }: CoreExplanation,
  discretion: Discretion,
): string[] {
  const told = discretion.everythingSeen || conditions.length === 0;
  return told
    ? conditions.map(({ text }) => text)
    : ['It depends on something of which you may not see everything.'];
}

function nowhere(
  facts: AccessFacts,
  { api, caller, cluster = '' }: ExplainedCall,
  {
    missing,
    from = '',
    to = '',
  }: Extract<ExplainedAccess, { missing: string }>,
): Answer {
  const noEstate = noEstateOf(facts.snapshot.source);
  const lost = {
    caller,
    provider: `a provider of ${api}`,
    cluster: 'a cluster where both run',
  }[missing];
  return {
    ...{ cluster, from, to },
    ...unknown(
      noEstate
        ? unknownEstate(noEstate, api).message
        : `The estate has no workload for ${lost}, so nothing can be said about this call.`,
    ),
  };
}

/** The answer where nothing is known of a call. */
function unknown(why: string): Omit<Answer, 'cluster' | 'from' | 'to'> {
  return {
    verdict: 'unknown',
    hops: [],
    conditions: [why],
    changes: [],
    findings: [],
  };
}
