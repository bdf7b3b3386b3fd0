import { contractOf } from '../contract/readContract';
import type { Contract } from '../contract/types';
import { istioPath } from '../emit/istio/istioPath';
import type { Opened } from '../emit/opened';
import { workloadsOf } from '../estate';
import type { Cluster, Service, Workload } from '../estate/types';
import type { CatalogEntity, Grant, GrantOperation } from '../model/types';
import {
  chooseApiPort,
  findNumberedPort,
  PORT_ANNOTATION,
} from '../plan/apiPort';
import { findingsFor } from '../plan/findingsFor';
import {
  needsContract,
  type ResolvedOperation,
  resolveOperation,
} from '../plan/resolveOperation';
import type { WorkloadPort } from '../plan/workloadPorts';

/** What a held grant names, as far as it can be read. */
export interface HeldBound {
  opened: Opened[];
  /** TCP ports on which it may mean more than `opened`, by an operation that nothing resolves; `any`: not even its port is known */
  more: ReadonlySet<number> | 'any';
}

type PortsOf = (port: WorkloadPort) => readonly number[];

/**
 * The operations of a held grant, resolved against what an object in force is about. Whose the workloads are is not asked:
 * these are closed and open by the object already, and a binding that does not hold any more may be why the grant is held.
 */
export class HeldOperations {
  readonly #operations: (ResolvedOperation | undefined)[];
  readonly #port: string | undefined;

  constructor(
    grant: Grant,
    api: CatalogEntity | undefined,
    ref: string,
    private readonly cluster: Cluster,
  ) {
    const contract = api && contractOf(api, ref);
    this.#port = api?.metadata.annotations?.[PORT_ANNOTATION];
    this.#operations = grant.operations.map(operation =>
      resolved(operation, contract),
    );
  }

  /** At the proxies or pods of workloads, by their own ports. */
  at(workloads: readonly Workload[]): HeldBound {
    return this.#bound(workloads, ({ port }) => [port]);
  }

  /** At the waypoint before a Service, by its ports. */
  atService(service: Service): HeldBound {
    return this.#bound(workloadsOf(this.cluster, service), ({ ways }) =>
      ways
        .filter(way => way.service.id === service.id)
        .map(({ port }) => port.port),
    );
  }

  /** At a host outside, which has no Service that could lead to another port. */
  atAddresses(): HeldBound {
    const opened: Opened[] = [];
    const isNumber = /^[0-9]{1,5}$/.test(this.#port ?? '');
    let isKnown = true;
    for (const operation of this.#operations) {
      const port = operation?.port ?? 'api';
      if (port !== 'api')
        opened.push({ protocol: port.protocol, port: port.number });
      else if (isNumber)
        opened.push({ protocol: 'TCP', port: Number(this.#port) });
      else isKnown = false;
    }
    return { opened, more: isKnown ? new Set() : 'any' };
  }

  #bound(workloads: readonly Workload[], portsOf: PortsOf): HeldBound {
    const opened: Opened[] = [];
    const more = new Set<number>();
    let isKnown = workloads.length > 0;
    for (const operation of this.#operations)
      for (const workload of workloads) {
        const port = this.#portOf(operation, workload, workloads);
        if (!port) isKnown = false;
        for (const number of port ? portsOf(port) : [])
          if (operation)
            opened.push(...openedBy(operation, port?.protocol, number));
          else more.add(number);
      }
    return { opened, more: isKnown ? more : 'any' };
  }

  #portOf(
    operation: ResolvedOperation | undefined,
    workload: Workload,
    workloads: readonly Workload[],
  ): WorkloadPort | undefined {
    // What cannot be resolved is something of the definition, which is served on the port of the API.
    const wanted = operation?.port ?? 'api';
    if (wanted === 'api') {
      const choice = chooseApiPort(this.cluster, workloads, this.#port);
      return 'ports' in choice ? choice.ports.get(workload.id) : undefined;
    }
    const { protocol, number } = wanted;
    const found = findNumberedPort(this.cluster, workload, protocol, number);
    return found === 'ambiguous' ? undefined : found;
  }
}

function resolved(
  operation: GrantOperation,
  contract: Contract | undefined,
): ResolvedOperation | undefined {
  if (!contract) return undefined;
  if (needsContract(operation)) {
    const isUnsure =
      !contract.readable ||
      findingsFor([operation], contract).some(
        ({ severity }) => severity === 'error',
      );
    if (isUnsure) return undefined;
  }
  const result = resolveOperation(operation, contract);
  return 'problem' in result ? undefined : result;
}

function openedBy(
  { http }: ResolvedOperation,
  protocol = 'TCP',
  port: number,
): Opened[] {
  const at = { protocol, port };
  if (!http) return [at];
  const paths = http.paths.map(istioPath);
  return paths.flatMap((path): Opened[] =>
    http.methods.length > 0
      ? http.methods.map(method => ({ ...at, method, path }))
      : [{ ...at, path }],
  );
}
