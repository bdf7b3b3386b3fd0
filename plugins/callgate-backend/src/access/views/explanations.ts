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
import type { AccessFacts, BoundWorkload } from './AccessFacts';

/**
 * Why a call is allowed or refused, in each cluster where both ends run. A side outside the estate, or one that the
 * evaluator does not cover, gives `unknown`, never an answer.
 */
export function* explanations(
  facts: AccessFacts,
  call: ExplainedCall,
  portOf: (provider: BoundWorkload) => number | undefined,
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
          answers.push(
            explainOne(facts, call, caller, provider, portOf(provider)),
          );
          yield;
        }
      }
    }
  }
  return answers.length > 0 ? answers : [nowhere(call, callers, providers)];
}

function explainOne(
  facts: AccessFacts,
  call: ExplainedCall,
  caller: BoundWorkload,
  provider: BoundWorkload,
  port: number | undefined,
): Explanation {
  const { cluster } = provider;
  const world = facts.world(cluster);
  if (!world || port === undefined) {
    return {
      ...nowhere(call, [caller], [provider]),
      cluster,
      conditions: [
        'The port of the API is not clear: set callgate.dev/port on it.',
      ],
    };
  }
  const answer = explain(world, {
    from: caller.workload.id,
    to: provider.workload.id,
    protocol: 'TCP',
    port,
    ...(call.method && {
      http: { method: call.method, path: call.path ?? '/' },
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
    hops: hopsOf(facts, cluster, answer),
    conditions: answer.conditions.map(({ text }) => text),
    changes: answer.changes.map(change => ({
      text: change.text,
      yaml: change.yaml || stringify(change.manifest),
    })),
    findings: [],
  };
}

function hopsOf(
  facts: AccessFacts,
  cluster: string,
  answer: CoreExplanation,
): Explanation['hops'] {
  return answer.hops.map(({ at, layer, verdict, text, by }) => ({
    at,
    layer,
    verdict,
    text,
    by: by.map(({ kind, namespace, name, rule }) => ({
      ...facts.objectOf(
        cluster,
        `${kind} ${namespace ? `${namespace}/` : ''}${name}`,
      ),
      rule,
    })),
  }));
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
