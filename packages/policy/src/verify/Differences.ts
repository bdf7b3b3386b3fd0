import type { Cluster } from '../estate/types';
import type { Call } from '../evaluate/types';
import type { Plan } from '../plan/types';
import { answerOr } from '../requestset/budget';
import type { RequestSet } from '../requestset/RequestSet';
import { witness } from '../requestset/witness';
import { describeRequests } from './describeRequests';
import type {
  EffectiveAccessIndex,
  EffectivePair,
} from './EffectiveAccessIndex';
import type { AccessDifference, UnknownAccess } from './types';
import { edgesInto } from '../plan/lookups';

/** Makes entries of the three lists: readable, with a call and who decides it. */
export class Differences {
  readonly #cluster: Cluster;
  readonly #plan: Plan;
  readonly #effective: EffectiveAccessIndex;
  readonly #several: boolean;

  constructor(options: {
    cluster: Cluster;
    plan: Plan;
    effective: EffectiveAccessIndex;
    /** True when workloads are written with their cluster. */
    several: boolean;
  }) {
    this.#cluster = options.cluster;
    this.#plan = options.plan;
    this.#effective = options.effective;
    this.#several = options.several;
  }

  /** An entry for `requests`, which must not be empty. */
  of(
    pair: EffectivePair,
    requests: RequestSet,
    kind: 'missing' | 'surplus',
  ): AccessDifference {
    const call = this.#call(pair, requests);
    const conditional = !requests.intersect(pair.possible).subtract(pair.sure)
      .isEmpty;
    return {
      ...this.#ends(pair, call),
      requests,
      text: describeRequests(requests),
      by: this.#effective.decidedBy(
        call,
        kind === 'missing' ? 'deny' : 'allow',
      ),
      conditional,
      ...(conditional && { conditions: pair.conditions }),
    };
  }

  /** The answer about a pair, or that it cannot be told exactly: whoever asks takes that for a difference. */
  decided<T>(
    pair: EffectivePair,
    answer: () => T,
    otherwise: (undecided: AccessDifference) => T,
  ): T {
    return answerOr(answer, () =>
      otherwise({
        ...this.#ends(pair, this.#call(pair, pair.possible)),
        requests: pair.possible,
        text: 'more patterns than can be compared exactly',
        by: [],
        conditional: true,
        conditions: pair.conditions,
        undecided: true,
      }),
    );
  }

  /** What an entry says whatever the requests are. */
  #ends(
    pair: EffectivePair,
    call: Call,
  ): Pick<
    AccessDifference,
    'cluster' | 'from' | 'to' | 'outside' | 'call' | 'apis' | 'grants'
  > {
    const edges = edgesInto(this.#plan.edges, pair.to).filter(
      edge => edge.cluster === this.#cluster.name && edge.from.id === pair.from,
    );
    return {
      cluster: this.#cluster.name,
      from: pair.from,
      to: pair.to,
      ...(pair.outside && {
        outside: { end: pair.outside.end, cidrs: pair.outside.cidrs },
      }),
      call: this.#several ? this.#withCluster(call, pair) : call,
      apis: this.#apis(pair.to),
      grants: uniqueBy(
        edges.map(({ api, grantId }) => ({ api, grantId })),
        JSON.stringify,
      ),
    };
  }

  /** The pair as access that the evaluator does not cover, for each API. */
  unknown(pair: EffectivePair): UnknownAccess[] {
    const reason = [
      ...new Set(
        pair.conditions
          .filter(({ kind }) => kind === 'not-supported-yet')
          .map(({ text }) => text),
      ),
    ].join(' ');
    return this.#apis(pair.to).map(api => ({
      api,
      cluster: this.#cluster.name,
      from: pair.from,
      to: pair.to,
      reason,
    }));
  }

  /** The pair as access by files of APIs that failed to compile. */
  stale(pair: EffectivePair, apis: readonly string[]): UnknownAccess[] {
    return this.#kept(
      pair,
      apis,
      'The declaration has errors; its generated files stay as they are.',
    );
  }

  /** The pair as access that grants with errors have in force, or any grant where its API has moved away from the workload. */
  held(pair: EffectivePair, apis: readonly string[]): UnknownAccess[] {
    const isLeft = this.#plan.isolations.some(
      ({ cluster, workload, movedAway }) =>
        movedAway && cluster === this.#cluster.name && workload.id === pair.to,
    );
    return this.#kept(
      pair,
      apis,
      isLeft
        ? 'The API does not run on this workload any more; what generated objects open on it stays as it is.'
        : 'The grant has an error; what generated objects open for it stays as it is.',
    );
  }

  #kept(
    pair: EffectivePair,
    apis: readonly string[],
    reason: string,
  ): UnknownAccess[] {
    return apis.map(api => ({
      api,
      cluster: this.#cluster.name,
      from: pair.from,
      to: pair.to,
      reason,
    }));
  }

  #call(pair: EffectivePair, requests: RequestSet): Call {
    const request = witness(requests);
    const { protocol = 'TCP', port = 1, method, path, host } = request ?? {};
    return {
      from: pair.outside?.end === 'from' ? pair.outside.example : pair.from,
      to: pair.outside?.end === 'to' ? pair.outside.example : pair.to,
      protocol,
      port,
      ...(method !== undefined &&
        path !== undefined && {
          http: { method, path, ...(host !== undefined && { host }) },
        }),
    };
  }

  #withCluster(call: Call, pair: EffectivePair): Call {
    const named = (id: string) => `${this.#cluster.name}:${id}`;
    return {
      ...call,
      from: pair.outside?.end === 'from' ? call.from : named(call.from),
      to: pair.outside?.end === 'to' ? call.to : named(call.to),
    };
  }

  #apis(to: string): string[] {
    const here = <T extends { cluster: string }>({ cluster }: T) =>
      cluster === this.#cluster.name;
    return [
      ...new Set([
        ...this.#plan.edges
          .filter(edge => here(edge) && edge.to.id === to)
          .map(({ api }) => api),
        ...this.#plan.isolations
          .filter(each => here(each) && each.workload.id === to)
          .flatMap(({ apis }) => apis),
      ]),
    ].sort();
  }
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map(item => [key(item), item])).values()];
}
