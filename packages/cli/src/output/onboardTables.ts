import {
  nameOfOrigin,
  nameOfPolicy,
  newcomersNamespace,
  type AccessChange,
  type HandWritten,
  type KeptAccess,
  type LeftOut,
  type ObjectOrigin,
  type OnboardedApi,
  type Onboarding,
} from '@callgate/policy';
import type { ImportedFileState } from '../io/importedFiles';
import { accessText, callText, endpointText } from './accessText';
import type { TextTable } from './renderTable';

/** What became of each API, and of everything that no AccessPolicy says. */
export function onboardTables(
  result: Onboarding,
  files: readonly ImportedFileState[],
): TextTable[] {
  const { apis, handWritten, refusedTwice } = result;
  const states = new Map(files.map(({ path, state }) => [path, state]));
  return [
    {
      title: result.unchanged
        ? 'APIs: nobody can call more or less than before'
        : 'APIs: who can call what changes, or would, as listed below',
      header: ['api', 'is', 'file or reason'],
      rows: apis.map(each => [each.api, ...outcomeText(each, states)]),
      whenEmpty: 'No APIs.',
    },
    {
      title: 'Grants, and what they were read from',
      header: ['api', 'caller', 'operations', 'acknowledges', 'from'],
      rows: apis.flatMap(({ api, grants }) =>
        grants.map(({ grant, by }) => [
          api,
          grant.in ? `${grant.caller} in ${grant.in.join(', ')}` : grant.caller,
          grant.operations.map(each => operationText(each)).join(', '),
          (grant.acknowledges ?? []).join(', '),
          by.map(originText).join(', ') || 'nothing refuses it',
        ]),
      ),
      whenEmpty: 'No grants.',
    },
    ...whereAny({
      title: 'Kept by hand: what no grant says',
      header: ['api', 'caller', 'why', 'access', 'from'],
      rows: apis.flatMap(({ api, kept }) =>
        kept.map(each => [
          api,
          each.caller.ref,
          keptText(each),
          [
            ...new Set(
              each.places.flatMap(({ access }) => access.map(accessText)),
            ),
          ].join(', '),
          each.by.map(originText).join(', ') || 'nothing refuses it',
        ]),
      ),
    }),
    ...whereAny({
      title:
        'Hand-written policies of imported APIs, once the generated ones are in force',
      header: ['policy', 'second step', 'why'],
      rows: handWritten.map(each => [originText(each), ...goingText(each)]),
    }),
    ...whereAny({
      title: 'What changes, because it was accepted',
      header: ['', 'from', 'to', 'access', 'for example'],
      rows: changeRows(result.changes),
    }),
    ...whereAny({
      title: 'What would change, so that the API is left out',
      header: ['api', '', 'from', 'to', 'access', 'for example'],
      rows: apis.flatMap(({ api, leftOut }) =>
        leftOut?.reason === 'would-change'
          ? changeRows(leftOut.changes).map(row => [api, ...row])
          : [],
      ),
    }),
    ...whereAny({
      title: 'Proposed: consumers of the catalog that have no grant',
      header: ['api', 'caller', 'today'],
      rows: apis.flatMap(({ api, proposed }) =>
        proposed.map(({ caller, canCall }) => [
          api,
          caller,
          canCall ? 'can call' : 'cannot call',
        ]),
      ),
    }),
    ...whereAny({
      title: 'Who comes later to these namespaces needs a grant from then on',
      header: ['api', 'cluster', 'namespace'],
      rows: apis.flatMap(({ api, later }) =>
        later.map(({ cluster, namespace }) => [api, cluster, namespace]),
      ),
    }),
    ...whereAny({
      title: 'Refused at one more layer from then on',
      header: ['layer', 'to', 'callers'],
      rows: twiceRows(refusedTwice),
    }),
  ];
}

function whereAny(table: Omit<TextTable, 'whenEmpty'>): TextTable[] {
  return table.rows.length > 0 ? [{ ...table, whenEmpty: '' }] : [];
}

function outcomeText(
  { state, file, leftOut, openIn }: OnboardedApi,
  states: ReadonlyMap<string, ImportedFileState['state']>,
): [string, string] {
  switch (state) {
    case 'written': {
      const path = file ?? '';
      if (states.get(path) === 'kept')
        return [
          'not written',
          `${path} is there and says something else: compare the two, or delete it`,
        ];
      return [
        states.has(path) ? 'written' : 'not written',
        openIn.length > 0
          ? `${path}; everyone can call it in ${openIn.join(', ')}, as before`
          : path,
      ];
    }
    case 'open':
      return [
        'open',
        'everyone can call it, all of it or a part: a declaration would close it, so nothing is written',
      ];
    default:
      return ['left out', leftOut ? leftOutText(leftOut) : ''];
  }
}

function leftOutText(leftOut: LeftOut): string {
  switch (leftOut.reason) {
    case 'no-provider':
      return 'no component provides it: add it to providesApis of the one that serves it, which an owner of the API has to own';
    case 'not-bound':
      return {
        missing: `${leftOut.entity} is bound to no workload: set backstage.io/kubernetes-id on it`,
        invalid: `an annotation that binds ${leftOut.entity} cannot be read: correct it`,
        nothing: `no workload of the estate fits the binding of ${leftOut.entity}: correct it, or add the manifests`,
      }[leftOut.binding];
    case 'contested':
      return `whose its workloads are is not settled: ${[
        ...new Set(leftOut.claims.map(claimText)),
      ].join('; ')}; have the platform team state the owner`;
    case 'several-entities':
      return `${leftOut.entities.join(' and ')} are all bound to ${
        leftOut.workload
      } of ${leftOut.cluster}: leave one of them bound to it`;
    case 'outside':
      return 'it is outside the clusters, where nothing says who else can call it';
    case 'declared':
      return 'Callgate generated objects for it already: it is declared';
    case 'no-owner':
      return 'it has no owner, and a declaration needs one: set spec.owner';
    case 'not-known':
      return `not known: ${notKnownText(leftOut)}`;
    case 'errors':
      return leftOut.findings
        .map(({ message, code }) => `${message} [${code}]`)
        .join('; ');
    case 'would-change':
      return 'its declaration would change who can call what: see below';
    default: {
      const never: never = leftOut;
      throw new Error(`unknown reason ${never}`);
    }
  }
}

type Claims = Extract<LeftOut, { reason: 'contested' }>['claims'];

function claimText(claim: Claims[number]): string {
  const what = 'workload' in claim ? claim.workload : claim.target;
  const owner = claim.owner ? `, which is ${claim.owner.ref}'s` : '';
  const who = claim.claimants.map(({ entity }) => entity).join(' and ');
  return `${who} ${
    claim.claimants.length === 1 ? 'claims' : 'claim'
  } ${what}${owner}`;
}

function notKnownText({
  conditions,
  policies,
}: Extract<LeftOut, { reason: 'not-known' }>): string {
  const reasons = [
    ...policies.map(policy => `${nameOfPolicy(policy)}, which nobody judges`),
    ...conditions.map(({ kind, object }) =>
      object === undefined ? kind : `${kind} of ${object}`,
    ),
  ];
  return `who can call it depends on ${
    reasons.join(', ') || 'what the manifests do not say'
  }`;
}

function keptText({ reason, code, caller }: KeptAccess): string {
  switch (reason) {
    case 'addresses':
      return 'addresses outside the estate';
    case 'no-entity':
      return 'no entity is bound to it';
    case 'contested':
      return `claimed by ${caller.entities.join(' and ')}, and not settled`;
    case 'several-entities':
      return `bound to ${caller.entities.join(' and ')}`;
    case 'several-gateways':
      return 'several gateways run on it';
    case 'not-known':
      return 'a policy that nobody judges may refuse it';
    case 'not-all-workloads':
      return 'not all of its workloads can call all of the API alike';
    case 'not-expressible':
      return 'an AccessPolicy has no words for these requests';
    case 'not-grantable':
      return `a grant of it has the error ${code}`;
    default: {
      const never: never = reason;
      throw new Error(`unknown reason ${never}`);
    }
  }
}

function originText(origin: ObjectOrigin): string {
  const { at } = origin;
  if (!at) return nameOfOrigin(origin);
  const line = at.line === undefined ? '' : `:${at.line}`;
  return `${nameOfOrigin(origin)} (${at.file}${line})`;
}

function goingText({ canGo, alone, changes }: HandWritten): [string, string] {
  if (canGo) return ['can go', 'without it nobody can call more or less'];
  const [first] = changes;
  const verdict =
    first.change === 'gained' ? 'would be let through' : 'would be refused';
  const layer = first.layer ? ` by the ${first.layer} layer` : '';
  const when = alone ? ' when the others that can go have gone' : '';
  return ['stays', `${witnessText(first)} ${verdict}${layer}${when}`];
}

/** The call that a change decides, also of whoever is not there yet. */
function witnessText({ from, to, witness }: AccessChange): string {
  const later = (end: AccessChange['from']) => {
    const namespace = newcomersNamespace(end);
    return namespace === undefined
      ? undefined
      : `whatever is deployed to ${namespace} later`;
  };
  return callText({
    ...witness,
    from: later(from) ?? witness.from,
    to: later(to) ?? witness.to,
  });
}

/** Callers of whom the same is to be said are named together. */
function changeRows(changes: readonly AccessChange[]): string[][] {
  const groups = new Map<string, AccessChange[]>();
  for (const each of changes) {
    const { change, layer, to, access, plumbing, undeclaredPorts } = each;
    const key = JSON.stringify([
      [change, layer, endpointText(to, true)],
      access.map(accessText),
      [plumbing, undeclaredPorts],
    ]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map(changeRow);
}

/** Callers that a row names; more are counted. */
const SHOWN_CALLERS = 3;

function changeRow(changes: readonly AccessChange[]): string[] {
  const [first] = changes;
  const { change, layer, to, access, plumbing, undeclaredPorts } = first;
  const sign = change === 'gained' ? '+' : '-';
  const callers = changes.map(({ from }) => endpointText(from));
  const more = callers.length - SHOWN_CALLERS;
  const notes = [
    ...(plumbing ? ['which the platform profile lets in'] : []),
    ...(undeclaredPorts ? ['which no manifest declares'] : []),
  ];
  return [
    layer ? `${sign} ${layer}` : sign,
    `${callers.slice(0, SHOWN_CALLERS).join(', ')}${
      more > 0 ? ` and ${more} more` : ''
    }`,
    endpointText(to),
    [access.map(accessText).join(', '), notes.join(', ')]
      .filter(text => text !== '')
      .join(': '),
    callText(first.witness),
  ];
}

function twiceRows(changes: readonly AccessChange[]): string[][] {
  const counts = new Map<string, number>();
  for (const { layer = '', to } of changes) {
    const key = `${layer}\n${endpointText(to)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => [...key.split('\n'), `${count}`]);
}

type Operation = OnboardedApi['grants'][number]['grant']['operations'][number];

function operationText(operation: Operation): string {
  if ('id' in operation) return operation.id;
  if ('http' in operation)
    return `${operation.http.methods.join(',')} ${operation.http.paths.join(
      ' ',
    )}`;
  if ('grpc' in operation)
    return [operation.grpc.service, ...(operation.grpc.methods ?? [])].join(
      ' ',
    );
  if ('tcp' in operation) return `TCP ${operation.tcp.port}`;
  return 'udp' in operation
    ? `UDP ${operation.udp.port}`
    : `SCTP ${operation.sctp.port}`;
}
