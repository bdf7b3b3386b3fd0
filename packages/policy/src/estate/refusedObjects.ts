import { Path } from './fieldPath';
import { asArray, asJson, asText, isJson } from './json';
import { groupOf } from './podTemplates';
import { KubernetesObject } from './types';

/** Why the API server would refuse an object. */
export interface Refusal {
  path: Path;
  message: string;
}

type Check = (spec: Record<string, unknown>) => Refusal[];

/** The API server takes fields away that are null: they are as if nobody had written them. */
const isAbsent = (value: unknown) => value === undefined || value === null;

const MODES = /^(DISABLE|SIMPLE|MUTUAL|ISTIO_MUTUAL)$/;
const SERVER_MODES =
  /^(PASSTHROUGH|SIMPLE|MUTUAL|AUTO_PASSTHROUGH|ISTIO_MUTUAL|OPTIONAL_MUTUAL)$/;

const refused = (path: Path, message: string): Refusal[] => [{ path, message }];

function isPort(value: unknown): boolean {
  return (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 1 &&
    value <= 65535
  );
}

/** A text that has to be there. */
function needed(parent: unknown, key: string, at: Path): Refusal[] {
  return asText(asJson(parent)[key]) === undefined
    ? refused([...at, key], 'must be a text that is not empty')
    : [];
}

function mode(tls: unknown, at: Path, modes: RegExp): Refusal[] {
  const value = asJson(tls).mode;
  return isAbsent(value) || (typeof value === 'string' && modes.test(value))
    ? []
    : refused([...at, 'mode'], 'is no mode of TLS');
}

function trafficPolicy(raw: unknown, at: Path): Refusal[] {
  const policy = asJson(raw);
  return [
    ...mode(policy.tls, [...at, 'tls'], MODES),
    ...asArray(policy.portLevelSettings).flatMap((each, index) =>
      mode(asJson(each).tls, [...at, 'portLevelSettings', index, 'tls'], MODES),
    ),
  ];
}

function port(raw: unknown, at: Path, fields: readonly string[]): Refusal[] {
  const number = asJson(raw).number;
  return [
    ...(isPort(number) ? [] : refused([...at, 'number'], 'must be a port')),
    ...fields.flatMap(key => needed(raw, key, at)),
  ];
}

function workloadEntry(spec: Record<string, unknown>, at: Path): Refusal[] {
  return [
    ...(isAbsent(spec.address) && isAbsent(spec.network)
      ? refused([...at, 'address'], 'is required')
      : []),
    ...Object.entries(asJson(spec.ports)).flatMap(([name, number]) =>
      isAbsent(number) || isPort(number)
        ? []
        : refused([...at, 'ports', name], 'must be a port'),
    ),
  ];
}

/** What the definitions of Istio's kinds ask for, of the fields that are read here (istio `crd-all.gen.yaml`). */
const CHECKS: Readonly<Record<string, Check>> = {
  DestinationRule: spec => [
    ...needed(spec, 'host', ['spec']),
    ...trafficPolicy(spec.trafficPolicy, ['spec', 'trafficPolicy']),
  ],
  ServiceEntry: spec => {
    const hosts = asArray(spec.hosts);
    const isBoth =
      asArray(spec.endpoints).length > 0 && !isAbsent(spec.workloadSelector);
    return [
      ...(hosts.length === 0 || hosts.length > 256
        ? refused(['spec', 'hosts'], 'must have 1 to 256 names')
        : []),
      ...asArray(spec.ports).flatMap((each, index) =>
        port(each, ['spec', 'ports', index], ['name']),
      ),
      ...(isBoth
        ? refused(
            ['spec', 'workloadSelector'],
            'and endpoints exclude each other',
          )
        : []),
    ];
  },
  WorkloadEntry: spec => workloadEntry(spec, ['spec']),
  WorkloadGroup: spec =>
    isJson(spec.template) ? [] : refused(['spec', 'template'], 'is required'),
  Gateway: spec =>
    asArray(spec.servers).flatMap((server, index) => {
      const at = ['spec', 'servers', index];
      return [
        ...port(asJson(server).port, [...at, 'port'], ['protocol', 'name']),
        ...(asArray(asJson(server).hosts).length === 0
          ? refused([...at, 'hosts'], 'is required')
          : []),
        ...mode(asJson(server).tls, [...at, 'tls'], SERVER_MODES),
      ];
    }),
};

const NONE: readonly Refusal[] = [];
const known = new WeakMap<KubernetesObject, readonly Refusal[]>();

/**
 * Why the API server would refuse an object of `networking.istio.io`, as far as
 * it is read here; nothing for others. What is refused is not there: nothing
 * is read from it.
 */
export function refusalsOf(object: KubernetesObject): readonly Refusal[] {
  if (groupOf(object) !== 'networking.istio.io') return NONE;
  if (!Object.hasOwn(CHECKS, object.kind)) return NONE;
  let found = known.get(object);
  if (!found) {
    found = isJson(object.spec)
      ? CHECKS[object.kind](object.spec)
      : refused(['spec'], 'is required');
    known.set(object, found);
  }
  return found;
}

/** Would the API server take the object, as far as that is known? */
export function isTaken(object: KubernetesObject): boolean {
  return refusalsOf(object).length === 0;
}
