import { RequestSet } from '../../requestset/RequestSet';
import { Field } from './authorizationPolicySpec';
import { isHttpOnly } from './sourceMatch';
import { matchesPath, matchesText, toAtom, toPathAtom } from './textMatch';

/** A request as the sidecar sees it. Without HTTP it is bytes on a port. */
export interface SeenRequest {
  port: number;
  http?: { method: string; path: string; host: string };
}

function valueSet(name: string, values: readonly string[]): RequestSet {
  switch (name) {
    case 'ports':
    case 'destination.port':
      return RequestSet.of({ protocol: 'TCP', ports: values.map(Number) });
    case 'methods':
      return RequestSet.of({ protocol: 'TCP', methods: values.map(toAtom) });
    case 'hosts':
      return RequestSet.of({ protocol: 'TCP', hosts: values.map(toAtom) });
    default:
      return RequestSet.of({ protocol: 'TCP', paths: values.map(toPathAtom) });
  }
}

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });

/** Requests that a field with its negative twin admits. */
export function fieldSet(field: Field): RequestSet {
  let set = ALL_TCP;
  if (field.values) set = set.intersect(valueSet(field.name, field.values));
  if (field.notValues) {
    // The negation of an HTTP field is about HTTP requests too: raw bytes have no method to differ.
    const universe = isHttpOnly(field.name)
      ? RequestSet.of({ protocol: 'TCP', methods: [{ present: true }] })
      : ALL_TCP;
    set = set.intersect(
      universe.subtract(valueSet(field.name, field.notValues)),
    );
  }
  return set;
}

/** Requests that any `operation` of a rule admits. */
export function operationSet(
  to: readonly (readonly Field[])[] | undefined,
  ignoresHttp: boolean,
): RequestSet {
  if (!to) return ALL_TCP;
  return RequestSet.unionOf(
    to.map(fields =>
      fields
        .filter(field => !(ignoresHttp && isHttpOnly(field.name)))
        .map(fieldSet)
        .reduce((a, b) => a.intersect(b), ALL_TCP),
    ),
  );
}

function valueHolds(
  name: string,
  value: string,
  request: SeenRequest,
): boolean {
  if (name === 'ports' || name === 'destination.port')
    return Number(value) === request.port;
  if (!request.http) return false;
  if (name === 'methods') return matchesText(value, request.http.method);
  if (name === 'hosts')
    return matchesText(value.toLowerCase(), request.http.host.toLowerCase());
  return matchesPath(value, request.http.path);
}

/** The same as {@link fieldSet} for one request, without sets. */
export function fieldHolds(field: Field, request: SeenRequest): boolean {
  const holds = (value: string) => valueHolds(field.name, value, request);
  return (
    (field.values === undefined || field.values.some(holds)) &&
    !(field.notValues ?? []).some(holds)
  );
}

/** The same as {@link operationSet} for one request, without sets. */
export function operationHolds(
  to: readonly (readonly Field[])[] | undefined,
  request: SeenRequest,
  ignoresHttp: boolean,
): boolean {
  if (!to) return true;
  return to.some(fields =>
    fields
      .filter(field => !(ignoresHttp && isHttpOnly(field.name)))
      .every(field => fieldHolds(field, request)),
  );
}
