import { asArray, asJson, isJson } from '../../estate/json';
import { parseCidr } from '../../net/cidr';
import { Problem } from '../selector';
import { Field, When } from './authorizationPolicySpec';
import { pathProblem } from './textMatch';

export type Path = (string | number)[];

/** Limits of the CRD (docs/semantics.md, O9). */
const MOST_ENTRIES = 512;
const MOST_ACCOUNTS = 16;

const SOURCE_FIELDS = [
  'principals',
  'requestPrincipals',
  'namespaces',
  'serviceAccounts',
  'trustDomains',
  'ipBlocks',
  'remoteIpBlocks',
];
const OPERATION_FIELDS = ['hosts', 'ports', 'methods', 'paths'];
const WHEN_KEYS = [
  /^request\.headers\[[^\]]+\]$/,
  /^source\.ip$/,
  /^remote\.ip$/,
  /^source\.namespace$/,
  /^source\.(principal|serviceAccount|trustDomain)$/,
  /^request\.auth\.(principal|audiences|presenter)$/,
  /^request\.auth\.claims(\[[^\]]+\])+$/,
  /^destination\.(ip|port)$/,
  /^connection\.sni$/,
  /^experimental\.envoy\.filters\.[^[]+\[.+\]$/,
];

function negativeOf(name: string): string {
  return `not${name[0].toUpperCase()}${name.slice(1)}`;
}

function texts(
  value: unknown,
  path: Path,
  problems: Problem[],
): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.some(item => typeof item !== 'string')) {
    problems.push({ path, message: 'must be a list of texts' });
    return undefined;
  }
  value.forEach((item, index) => {
    if (item === '')
      problems.push({ path: [...path, index], message: 'may not be empty' });
  });
  // An empty list says as little as an absent one.
  return value.length > 0 ? (value as string[]) : undefined;
}

function checkValues(
  name: string,
  values: readonly string[] | undefined,
  path: Path,
  problems: Problem[],
): void {
  if (name === 'serviceAccounts' && (values?.length ?? 0) > MOST_ACCOUNTS)
    problems.push({ path, message: `has more than ${MOST_ACCOUNTS} entries` });
  values?.forEach((value, index) => {
    const at = [...path, index];
    let message: string | undefined;
    if (
      /^(ipBlocks|remoteIpBlocks|source\.ip|remote\.ip|destination\.ip)$/.test(
        name,
      ) &&
      !parseCidr(value)
    ) {
      message = `"${value}" is no address and no CIDR`;
    } else if (
      /^(ports|destination\.port)$/.test(name) &&
      !(/^[0-9]+$/.test(value) && Number(value) <= 65535)
    ) {
      message = `"${value}" is no port`;
    } else if (name === 'paths') {
      message = pathProblem(value);
    } else if (
      name === 'serviceAccounts' &&
      (value.includes('*') || value.split('/').length > 2)
    ) {
      message = `"${value}" is not <name> or <namespace>/<name>`;
    }
    if (message) problems.push({ path: at, message });
  });
}

function parseFields(
  raw: unknown,
  names: readonly string[],
  path: Path,
  problems: Problem[],
): Field[] {
  const object = asJson(raw);
  for (const field of Object.keys(object)) {
    if (!names.some(name => field === name || field === negativeOf(name))) {
      problems.push({
        path: [...path, field],
        message: 'is no field of AuthorizationPolicy',
      });
    }
  }
  const fields: Field[] = [];
  for (const name of names) {
    const negative = negativeOf(name);
    const values = texts(object[name], [...path, name], problems);
    const notValues = texts(object[negative], [...path, negative], problems);
    checkValues(name, values, [...path, name], problems);
    checkValues(name, notValues, [...path, negative], problems);
    if (values || notValues)
      fields.push({
        name,
        ...(values ? { values } : {}),
        ...(notValues ? { notValues } : {}),
      });
  }
  return fields;
}

/** Reads `from` or `to`. Istio's validation takes an empty list for one that is absent: everybody, everything. */
export function parseEntries(
  raw: unknown,
  inner: 'source' | 'operation',
  path: Path,
  problems: Problem[],
): Field[][] | undefined {
  if (raw === undefined || raw === null) return undefined;
  if (!Array.isArray(raw)) {
    problems.push({ path, message: 'must be a list' });
    return undefined;
  }
  if (raw.length === 0) return undefined;
  if (raw.length > MOST_ENTRIES)
    problems.push({ path, message: `has more than ${MOST_ENTRIES} entries` });
  return raw.map((entry, index) => {
    const at = [...path, index];
    const object = asJson(entry)[inner];
    for (const field of Object.keys(asJson(entry))) {
      if (field !== inner)
        problems.push({
          path: [...at, field],
          message: `is no field beside ${inner}`,
        });
    }
    const fields = parseFields(
      object,
      inner === 'source' ? SOURCE_FIELDS : OPERATION_FIELDS,
      [...at, inner],
      problems,
    );
    if (!isJson(object) || fields.length === 0)
      problems.push({ path: [...at, inner], message: 'must say something' });
    const names = new Set(fields.map(field => field.name));
    if (
      names.has('serviceAccounts') &&
      (names.has('principals') || names.has('namespaces'))
    ) {
      problems.push({
        path: [...at, inner],
        message: 'takes serviceAccounts or principals and namespaces, not both',
      });
    }
    return fields;
  });
}

/** Reads `when`. */
export function parseWhen(
  raw: unknown,
  path: Path,
  problems: Problem[],
): When[] {
  if (raw !== undefined && raw !== null && !Array.isArray(raw))
    problems.push({ path, message: 'must be a list' });
  return asArray(raw).map((entry, index) => {
    const at = [...path, index];
    const { key } = asJson(entry);
    for (const field of Object.keys(asJson(entry))) {
      if (!['key', 'values', 'notValues'].includes(field)) {
        problems.push({
          path: [...at, field],
          message: 'is no field of a condition',
        });
      }
    }
    const name = typeof key === 'string' ? key : '';
    if (!WHEN_KEYS.some(known => known.test(name)))
      problems.push({
        path: [...at, 'key'],
        message: `"${name}" is no known attribute`,
      });
    const values = texts(asJson(entry).values, [...at, 'values'], problems);
    const notValues = texts(
      asJson(entry).notValues,
      [...at, 'notValues'],
      problems,
    );
    if (!values && !notValues)
      problems.push({ path: at, message: 'must have values or notValues' });
    checkValues(name, values, [...at, 'values'], problems);
    checkValues(name, notValues, [...at, 'notValues'], problems);
    return {
      index,
      name,
      ...(values ? { values } : {}),
      ...(notValues ? { notValues } : {}),
    };
  });
}
