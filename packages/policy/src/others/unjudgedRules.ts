import { asArray, asJson, asText, isJson } from '../estate/json';
import type { ManifestObject } from '../estate/types';
import { parseAuthorizationPolicy } from '../evaluate/istio/parseAuthorizationPolicy';

/** Keys of `when` that a manifest answers; all others are about what nobody knows of a request. */
const JUDGED_KEYS =
  /^(destination\.port|source\.(ip|namespace|principal|serviceAccount|trustDomain))$/;

/** What the request carries, or who stands behind a proxy: a token, the address of the first client. */
const UNJUDGED_FIELDS = [
  'requestPrincipals',
  'notRequestPrincipals',
  'remoteIpBlocks',
  'notRemoteIpBlocks',
];

function isUnjudged(rule: unknown): boolean {
  const { from, when } = asJson(rule);
  return (
    asArray(when).some(
      each => !JUDGED_KEYS.test(asText(asJson(each).key) ?? ''),
    ) ||
    asArray(from).some(entry =>
      Object.keys(asJson(asJson(entry).source)).some(field =>
        UNJUDGED_FIELDS.includes(field),
      ),
    )
  );
}

const ASKS = ['CUSTOM', 'DENY'];

/** Matches no request. It stands where another rule was, so that those beside it keep their numbers. */
const NEVER = { to: [{ operation: { ports: ['1'], notPorts: ['1'] } }] };

/**
 * An AuthorizationPolicy without what it asks of requests that nobody knows: an external authorizer, or rules of a DENY about
 * tokens, headers and first clients. `undefined` where nothing is left of it; the same manifest where it asks nothing of the
 * kind, or where Istio would reject it, so that it is not known what holds.
 */
export function withoutUnjudgedRules(
  manifest: ManifestObject,
): ManifestObject | undefined {
  const { object } = manifest;
  // Most policies allow: these need not be read.
  if (!ASKS.includes(asText(asJson(object.spec).action) ?? '')) return manifest;
  const { spec, problems } = parseAuthorizationPolicy(object);
  if (problems.length > 0 || spec.isDryRun) return manifest;
  if (spec.action === 'CUSTOM') return undefined;
  if (spec.action !== 'DENY' || !isJson(object.spec)) return manifest;
  const rules = asArray(object.spec.rules);
  const kept = rules.map(rule => (isUnjudged(rule) ? NEVER : rule));
  if (kept.every((rule, index) => rule === rules[index])) return manifest;
  return kept.every(rule => rule === NEVER)
    ? undefined
    : {
        ...manifest,
        object: { ...object, spec: { ...object.spec, rules: kept } },
      };
}
