import { Cluster } from '../../estate/types';
import { CompiledAuthorizationPolicy } from '../istio/Authorization';
import { Field } from '../istio/authorizationPolicySpec';
import {
  PORT_KEY,
  contextOf,
  isTransportOnly,
  ruleRef,
} from '../istio/authorizationRules';
import { Caller, Identity } from '../istio/caller';
import { fieldHolds, SeenRequest } from '../istio/operationMatch';
import { fieldMatches, isHttpOnly } from '../istio/sourceMatch';
import { nameOf } from '../party';
import { Candidate } from './Candidate';

const IDENTITY =
  /^(?:principals|namespaces|serviceAccounts|trustDomains|source\.(?:principal|namespace|serviceAccount|trustDomain))$/;

const list = (values: readonly string[] = []) => values.join(', ');

/** What a field asks for, with what it leaves out. */
function wanted({ values, notValues }: Field): string {
  return [
    ...(values ? [list(values)] : []),
    ...(notValues ? [`not ${list(notValues)}`] : []),
  ].join(', ');
}

function principal({ trustDomain, namespace, serviceAccount }: Identity) {
  return `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

function identityText(field: Field, caller: Caller): string {
  const who = nameOf(caller.party);
  const { identity } = caller;
  if (identity === undefined)
    return `it asks for ${field.name} ${wanted(
      field,
    )}, and ${who} sends plaintext, which carries no identity`;
  if (identity === 'unknown')
    return `it asks for ${field.name} ${wanted(field)}`;
  const own = principal(identity);
  const rest = own.slice(own.indexOf('/'));
  const other = (field.values ?? []).find(
    value => /principal/.test(field.name) && value.endsWith(rest),
  );
  return other === undefined
    ? `it asks for ${field.name} ${wanted(field)}, and ${who} is ${own}`
    : `it asks for ${other}, and the trust domain of ${who} is ${identity.trustDomain}`;
}

const ADDRESS = /^(?:remoteIpBlocks|ipBlocks|source\.ip|remote\.ip)$/;
const TOKEN = /^(?:requestPrincipals$|request\.auth\.)/;

/** Of a field that looks at the caller and not at its identity. */
function sourceText(field: Field, { party }: Caller): string {
  const asks = `it asks for ${field.name} ${wanted(field)}`;
  if (ADDRESS.test(field.name))
    return `${asks}, and ${nameOf(party)} calls from another address`;
  if (TOKEN.test(field.name))
    return `${asks}, and nobody validates a token of the call`;
  return `${asks}, which ${nameOf(party)} is not`;
}

function hostText(field: Field, host: string): string {
  const bare = host.replace(/:\d+$/, '');
  const hasPort =
    bare !== host &&
    fieldHolds(
      { ...field, name: 'hosts' },
      { port: 0, http: { method: '', path: '', host: bare } },
    );
  return hasPort
    ? `it admits the host ${wanted(
        field,
      )}, and the call names the port as well: ${host}`
    : `it admits the host ${wanted(field)}, and the call is to ${host}`;
}

function operationText(field: Field, { port, http }: SeenRequest): string {
  const { name } = field;
  if (name === 'ports' || name === PORT_KEY)
    return `it admits port ${wanted(field)}, and the call is to ${port}`;
  if (!http)
    return `it looks at ${name} (${wanted(
      field,
    )}), and the question is about a connection without HTTP`;
  if (name === 'methods')
    return `it admits ${wanted(field)}, and the call is ${http.method}`;
  if (name === 'hosts') return hostText(field, http.host);
  return `it admits ${wanted(field)}, and the call is to ${http.path}`;
}

/** The alternative of which least differs. */
function least(alternatives: readonly string[][]): string[] {
  return alternatives.reduce(
    (best, each) => (each.length < best.length ? each : best),
    alternatives[0] ?? [],
  );
}

/**
 * The rules of policies with action ALLOW, each with what of the call it does not admit.
 *
 * @param isHttp - whether the proxy reads HTTP on the port
 */
export function authorizationCandidates(
  policies: readonly CompiledAuthorizationPolicy[],
  caller: Caller,
  seen: SeenRequest,
  isHttp: boolean,
  cluster: Cluster,
): Candidate[] {
  return policies
    .filter(({ isValid, spec }) => isValid && spec.action === 'ALLOW')
    .flatMap(policy =>
      policy.spec.rules.map((rule): Candidate => {
        const object = ruleRef(policy, rule);
        if (!isHttp && !isTransportOnly(rule))
          return {
            object,
            differs: [
              'it looks at HTTP, which the proxy does not read there, so that the rule is left out',
            ],
          };
        const context = contextOf(policy, cluster);
        const source = (field: Field) =>
          fieldMatches(field, caller, context).value === 'no'
            ? [
                IDENTITY.test(field.name)
                  ? identityText(field, caller)
                  : sourceText(field, caller),
              ]
            : [];
        const operation = (field: Field) =>
          fieldHolds(field, seen) ? [] : [operationText(field, seen)];
        const read = (field: Field) =>
          field.name === PORT_KEY ? operation(field) : source(field);
        return {
          object,
          differs: [
            ...least((rule.from ?? []).map(fields => fields.flatMap(source))),
            ...least(
              (rule.to ?? []).map(fields =>
                fields
                  .filter(({ name }) => isHttp || !isHttpOnly(name))
                  .flatMap(operation),
              ),
            ),
            ...rule.when.flatMap(read),
          ],
        };
      }),
    );
}
