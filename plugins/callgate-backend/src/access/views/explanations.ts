import {
  explain,
  type Explanation as CoreExplanation,
  type Steps,
} from '@callgate/policy';
import type {
  ExplainedCall,
  Explanation,
} from '@callgate/plugin-callgate-common';
import { stringify } from 'yaml';
import { noEstateOf, unknownEstate } from '../../proposals/unknownEstate';
import type { AccessFacts, BoundWorkload } from './AccessFacts';
import type { PortUnclear, WorkloadPort } from './apiPorts';
import type { Discretion } from './Discretion';
import { tellObjects } from './unseen';

/**
 * Why a call is allowed or refused, in each cluster where both ends run. A side outside the estate, or one that the
 * evaluator does not cover, gives `unknown`, never an answer.
 */
export function* explanations(
  facts: AccessFacts,
  call: ExplainedCall,
  portOf: (provider: BoundWorkload) => WorkloadPort | PortUnclear,
  discretion: Discretion,
): Steps<Explanation[]> {
  const callers = facts.workloadsOf(call.caller);
  const providers = facts
    .providersOf(call.api)
    .flatMap(ref => facts.workloadsOf(ref));
  const clusters = [...new Set(providers.map(({ cluster }) => cluster))]
    .filter(cluster => call.cluster === undefined || call.cluster === cluster)
    .sort();
  const answers: Explanation[] = [];
  for (const cluster of clusters) {
    for (const provider of providers) {
      for (const caller of callers) {
        if (provider.cluster === cluster && caller.cluster === cluster) {
          const pair = { caller, provider, port: portOf(provider) };
          answers.push(explainOne(facts, call, pair, discretion));
          yield;
        }
      }
    }
  }
  if (answers.length > 0) return answers;
  const unknown = noEstateOf(facts.snapshot.source);
  const nothing = nowhere(call, callers, providers);
  return [
    unknown
      ? {
          ...nothing,
          conditions: [unknownEstate(unknown, call.api).message],
        }
      : nothing,
  ];
}

function explainOne(
  facts: AccessFacts,
  call: ExplainedCall,
  pair: {
    caller: BoundWorkload;
    provider: BoundWorkload;
    port: WorkloadPort | PortUnclear;
  },
  discretion: Discretion,
): Explanation {
  const { caller, provider, port } = pair;
  const { cluster } = provider;
  const world = facts.world(cluster);
  if (!world || 'unclear' in port) {
    return {
      ...nowhere(call, [caller], [provider]),
      cluster,
      conditions: [unclearText(port)],
    };
  }
  if (call.method && port.protocol !== 'TCP') {
    return {
      ...nowhere(call, [caller], [provider]),
      cluster,
      conditions: [
        `A method is asked of TCP alone, and port ${port.port} is ${port.protocol}: ask without method and path.`,
      ],
    };
  }
  const answer = explain(world, {
    from: caller.workload.id,
    to: provider.workload.id,
    ...port,
    ...(call.method && {
      http: {
        method: call.method,
        path: call.path ?? '/',
        ...(call.host && { host: call.host }),
      },
    }),
  });
  const unsupported = answer.conditions.filter(
    ({ kind }) => kind === 'not-supported-yet',
  );
  return {
    cluster,
    verdict: unsupported.length > 0 ? 'unknown' : answer.verdict,
    from: caller.workload.id,
    to: provider.workload.id,
    hops: hopsOf(facts, cluster, answer, call.api, discretion),
    conditions: conditionsOf(answer, discretion),
    // An object changed or removed is told with everybody whom it lets in; a new one is about this call alone.
    changes: answer.changes
      .filter(({ action }) => discretion.everythingSeen || action === 'add')
      .map(change => ({
        text: change.text,
        yaml: change.yaml || stringify(change.manifest),
      })),
    findings: [],
  };
}

function unclearText(port: WorkloadPort | PortUnclear): string {
  if (!('unclear' in port) || port.unclear === 'port')
    return 'The port of the API is not clear: set callgate.dev/port on it.';
  return port.declared.length > 0
    ? `Port ${port.port} speaks ${port.declared.join(
        ' and ',
      )}: say which is meant.`
    : `Nothing that was read declares port ${port.port}: say whether TCP, UDP or SCTP is meant.`;
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
  call: ExplainedCall,
  callers: BoundWorkload[],
  providers: BoundWorkload[],
): Explanation {
  let lost = 'a cluster where both run';
  if (callers.length === 0) {
    lost = call.caller;
  } else if (providers.length === 0) {
    lost = `a provider of ${call.api}`;
  }
  return {
    cluster: call.cluster ?? '',
    verdict: 'unknown',
    from: callers[0]?.workload.id ?? '',
    to: providers[0]?.workload.id ?? '',
    hops: [],
    conditions: [
      `The estate has no workload for ${lost}, so nothing can be said about this call.`,
    ],
    changes: [],
    findings: [],
  };
}
