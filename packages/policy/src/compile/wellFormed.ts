import {
  Shape,
  fields,
  isAbsent,
  list,
  map,
  text,
} from '../estate/shapes/shape';
import { asJson, asLabels, isJson } from '../estate/json';
import type { KubernetesObject } from '../estate/types';

const texts = list(text());
const selector = fields({ matchLabels: map(text()) });
const numberOrText: Shape = (value, at) =>
  typeof value === 'number' || typeof value === 'string'
    ? []
    : [{ path: at, message: 'must be a port' }];
const whole: Shape = (value, at) =>
  typeof value === 'number' ? [] : [{ path: at, message: 'must be a port' }];

const peers = list(
  fields({
    namespaceSelector: selector,
    podSelector: selector,
    ipBlock: fields({ cidr: text() }),
  }),
);
const networkRules = list(
  fields({
    from: peers,
    to: peers,
    ports: list(
      fields({ protocol: text(), port: numberOrText, endPort: whole }),
    ),
  }),
);

/** Fields of generated objects of which something is read, as their types have them. */
const SHAPES: Readonly<Record<string, Shape>> = {
  policyTypes: texts,
  podSelector: selector,
  selector,
  targetRefs: list(fields({ kind: text(), name: text() })),
  ingress: networkRules,
  egress: networkRules,
  rules: list(
    fields({
      from: list(
        fields({
          source: fields({
            principals: texts,
            notPrincipals: texts,
            ipBlocks: texts,
            notIpBlocks: texts,
          }),
        }),
      ),
      to: list(
        fields({
          operation: fields({ methods: texts, paths: texts, ports: texts }),
        }),
      ),
    }),
  ),
  mtls: fields({ mode: text() }),
  portLevelMtls: map(fields({ mode: text() })),
};

const areTexts = (value: unknown) => map(text())(value, []).length === 0;

function hasNull(value: unknown): boolean {
  if (typeof value !== 'object') return false;
  return value === null || Object.values(value).some(hasNull);
}

/** As the API server has it, which takes fields away that are null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => !isAbsent(each))
      .map(([key, each]) => [key, withoutNulls(each)]),
  );
}

/**
 * A generated object without the fields that no generated object has so, because somebody changed its file: no API server
 * takes them, and nothing is kept open by them.
 */
export function wellFormed(object: KubernetesObject): KubernetesObject {
  const spec = asJson(
    hasNull(object.spec) ? withoutNulls(object.spec) : object.spec,
  );
  const kept = Object.entries(spec).filter(
    ([field, value]) =>
      !Object.hasOwn(SHAPES, field) || SHAPES[field](value, []).length === 0,
  );
  const { labels, annotations } = object.metadata;
  const isSound =
    spec === object.spec &&
    kept.length === Object.keys(spec).length &&
    [labels, annotations].every(each => isAbsent(each) || areTexts(each));
  if (isSound) return object;
  const metadata = {
    ...object.metadata,
    labels: { ...asLabels(labels) },
    annotations: { ...asLabels(annotations) },
  };
  return { ...object, metadata, spec: Object.fromEntries(kept) };
}
