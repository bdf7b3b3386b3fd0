import {
  type Access,
  type AccessChange,
  type Finding,
  FINDINGS,
  findingTexts,
  type GrantOperation,
  type KeptAccess,
  type LeftOut,
  nameOfOrigin,
  nameOfPolicy,
  type Namer,
  newcomersNamespace,
  type ObjectOrigin,
} from '@callgate/policy';
import type { KustomizationProblem } from './kustomizations';
import type { Inseparable } from './takeOut';
import type {
  ApiImport,
  ApiRemoval,
  Leaving,
  LeftPolicy,
  NotNow,
} from './types';

/** Differences that are said of an API; more are counted. */
const MOST_CHANGES = 10;

/** What an import is about, and says better: policies that people wrote, who is closed out already, whole ports. */
export const TOLD_BY_IMPORT: ReadonlySet<Finding['code']> = new Set([
  'caller-egress-isolated',
  'foreign-allow',
  'isolation-flip',
  'surplus-foreign',
  'whole-port-granted',
]);

const INSEPARABLE: Record<Inseparable, string> = {
  template: 'that is a template, or stands in a chart.',
  'list-item': 'there it is an item of a List.',
  twice: 'that has it more than once.',
  generated: 'Callgate generated that.',
  unreadable: 'a document of that cannot be read.',
  'not-separable': 'without it the rest of the file would be read otherwise.',
};

const KUSTOMIZATION: Record<KustomizationProblem['why'], string> = {
  transforms:
    'that changes what it lists, so that what is applied is not what stands in the file.',
  unreadable: 'that cannot be read, and may name the file.',
  'not-editable':
    'that lists the file, and the entry cannot be taken out by itself.',
};

/** Why an API is not imported, in a sentence; `undefined` where it can be. */
export function whyNot(
  { outcome, notNow }: ApiImport,
  names: Namer,
): string | undefined {
  if (notNow) return notNowText(notNow);
  if (outcome.state === 'open')
    return 'Everyone can call it, all of it or a part. A declaration would close it, so nothing is written: decide who should call it, and the first grant closes it.';
  return outcome.leftOut && leftOutText(outcome.leftOut, names);
}

function notNowText(notNow: NotNow): string {
  switch (notNow.reason) {
    case 'declared':
      return `It is declared already, in ${notNow.file}.`;
    case 'unread':
      return `It runs, or may run, in ${notNow.clusters.join(
        ' and ',
      )}, which cannot be read now.`;
    case 'path-taken':
      return `${notNow.file} is where a file of it belongs, and says something else. Move that file first.`;
    default:
      return 'It could not be worked out. The log of the backend has the reason; report it.';
  }
}

/** Why nothing is deleted of an API although policies by hand can go. */
export function whyNoRemoval(
  refused: NonNullable<ApiRemoval['refused']>,
  names: Namer,
): string {
  switch (refused.reason) {
    case 'errors':
      return sayErrors(refused.findings, names);
    case 'not-read':
      return `Not everything of the cluster ${
        refused.cluster
      } was read (${refused.kinds.join(
        ', ',
      )}), and there may be callers among it that only these policies let in. ${
        FINDINGS['part-not-read'].fix
      }`;
    case 'regenerated':
      return `Without them something else would be generated: ${refused.files.join(
        ', ',
      )}. Delete them by hand, and have these files generated anew.`;
    default: {
      const never: never = refused;
      throw new Error(`unknown reason ${never}`);
    }
  }
}

/** Why a policy is not in the pull request that deletes the others, and what to do about it. */
export function leavingText({
  leaving,
  ...policy
}: LeftPolicy & { leaving: Leaving }): string {
  switch (leaving.reason) {
    case 'elsewhere':
      return `No file of the policy repository has it${
        leaving.live ? ': it was read from the cluster itself' : ''
      }. Delete it where it is written${commandFor(policy)}.`;
    case 'inseparable':
      return `It stays in ${placeOfFile(leaving)}: ${
        INSEPARABLE[leaving.why]
      } Delete it there by hand.`;
    case 'kustomization':
      return `It stays, because of ${placeOfFile(leaving.problem)}: ${
        KUSTOMIZATION[leaving.problem.why]
      } Delete it by hand, with what names it there.`;
    case 'linked':
      return `${leaving.file} is a link, or a link leads to it, so that another file would change as well. Delete it by hand.`;
    case 'odd-path':
      return 'The path of its file has characters that nobody sees, so that a review could not tell which file it is. Rename the file.';
    case 'given-twice':
      return 'Another manifest of the same object says something else, and would count without this one. Leave one of them first.';
    case 'not-without-others':
      return 'It can go together with others alone, and these are not in the pull request. Delete them by hand, together.';
    default: {
      const never: never = leaving;
      throw new Error(`unknown reason ${never}`);
    }
  }
}

function placeOfFile({ file, line }: { file: string; line?: number }): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** Names that a shell takes for nothing else: whoever writes an object writes its name. */
const PLAIN_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

const RESOURCES: Record<string, string> = {
  NetworkPolicy: 'networkpolicies.networking.k8s.io',
  AuthorizationPolicy: 'authorizationpolicies.security.istio.io',
  PeerAuthentication: 'peerauthentications.security.istio.io',
};

function commandFor({
  cluster,
  kind,
  namespace = 'default',
  name,
}: Pick<LeftPolicy, 'cluster' | 'kind' | 'namespace' | 'name'>): string {
  const resource = RESOURCES[kind];
  return resource && [namespace, name].every(each => PLAIN_NAME.test(each))
    ? `, and in ${cluster} where nothing deletes it from there: kubectl delete ${resource} ${name} --namespace ${namespace}`
    : '';
}

function leftOutText(leftOut: LeftOut, names: Namer): string {
  switch (leftOut.reason) {
    case 'no-provider':
      return 'No component provides it and counts. Add it to providesApis of the one that serves it, which an owner of the API has to own.';
    case 'not-bound':
      return {
        missing: `${names.entity(
          leftOut.entity,
        )}, which provides it, is bound to no workload. Set backstage.io/kubernetes-id on it.`,
        invalid: `An annotation that binds ${names.entity(
          leftOut.entity,
        )} cannot be read. Correct it.`,
        nothing: `No workload fits the binding of ${names.entity(
          leftOut.entity,
        )}. Correct it, or have its manifests read.`,
      }[leftOut.binding];
    case 'contested':
      return `Whose its workloads are is not settled: ${[
        ...new Set(
          leftOut.claims.flatMap(({ claimants }) =>
            claimants.map(({ entity }) => names.entity(entity)),
          ),
        ),
      ].join(' and ')} claim one. Settle it under Claims first.`;
    case 'several-entities':
      return `${leftOut.entities
        .map(ref => names.entity(ref))
        .join(' and ')} are all bound to ${leftOut.workload} in ${
        leftOut.cluster
      }. Leave one of them bound to it.`;
    case 'outside':
      return 'It is outside the clusters, where nothing says who else can call it. Ask for grants of callers whose egress is closed.';
    case 'declared':
      return 'Callgate generated objects for it, and its declaration is not there. Restore the declaration, or delete these objects.';
    case 'no-owner':
      return 'It has no owner, and a declaration needs one. Set spec.owner.';
    case 'not-known':
      return `Nobody can tell who can call it: that depends on ${
        [
          ...leftOut.policies.map(
            policy => `${nameOfPolicy(policy)}, which nobody judges`,
          ),
          ...leftOut.conditions.map(({ kind, object }) =>
            object === undefined ? kind : `${kind} of ${object}`,
          ),
        ].join(', ') || 'what the manifests do not say'
      }. Correct what is named, or state it in the platform profile.`;
    case 'errors':
      return sayErrors(leftOut.findings, names);
    case 'would-change':
      return 'Its declaration would change who can call what, as listed.';
    default: {
      const never: never = leftOut;
      throw new Error(`unknown reason ${never}`);
    }
  }
}

function sayErrors(findings: readonly Finding[], names: Namer): string {
  const texts = findings.map(found => {
    const { message, fix } = findingTexts(found, names);
    return `${message.replace(/\.?$/, '.')}${fix ? ` ${fix}` : ''}`;
  });
  return [...new Set(texts)].slice(0, 3).join(' ');
}

/** Why a caller stays with the objects that let it call, as the end of a sentence. */
export function keptText({ reason, caller }: KeptAccess, names: Namer): string {
  const all = caller.entities.map(ref => names.entity(ref)).join(' and ');
  switch (reason) {
    case 'addresses':
      return 'addresses outside what was read';
    case 'no-entity':
      return 'no entity is bound to it';
    case 'contested':
      return `claimed by ${all}, and not settled`;
    case 'several-entities':
      return `bound to ${all}`;
    case 'several-gateways':
      return 'several gateways run on it';
    case 'not-known':
      return 'a policy that nobody judges may refuse it';
    case 'not-all-workloads':
      return 'not all of its workloads can call all of the API alike';
    case 'not-expressible':
      return 'an AccessPolicy has no words for these requests';
    case 'not-grantable':
      return 'a grant of it has an error';
    default: {
      const never: never = reason;
      throw new Error(`unknown reason ${never}`);
    }
  }
}

/** What would change, a line each, and how many more lines there would be. */
export function changeTexts(changes: readonly AccessChange[]): string[] {
  const texts = [...new Set(changes.map(changeText))];
  const more = texts.length - MOST_CHANGES;
  return [
    ...texts.slice(0, MOST_CHANGES),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function changeText(change: AccessChange): string {
  const { layer, access, plumbing, undeclaredPorts } = change;
  const verb = change.change === 'gained' ? 'let through' : 'refused';
  const notes = [
    ...(plumbing ? ['the platform profile lets it in'] : []),
    ...(undeclaredPorts ? ['no manifest declares these ports'] : []),
  ];
  return `${endText(change.from)} → ${endText(change.to)} would be ${verb}${
    layer ? ` by the ${layer} layer` : ''
  }: ${rangesText(access)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

/** Whoever is deployed later is no workload with a name. */
function endText(end: AccessChange['from']): string {
  const namespace = newcomersNamespace(end);
  if (namespace !== undefined)
    return `whatever is deployed to ${namespace} later`;
  return typeof end === 'string' ? end : end.cidrs.slice(0, 3).join(' ');
}

/** Ports, and methods and paths where not everything on them is meant. */
export function rangesText(
  ranges: readonly Pick<Access, 'protocol' | 'ports' | 'http'>[],
): string {
  const texts = ranges.map(({ protocol, ports, http }) => {
    const entries = (http ?? []).map(
      entry =>
        `${entry.methods?.join(',') ?? 'some methods'} ${
          entry.paths?.join(' ') ?? 'of some paths'
        }`,
    );
    return entries.length > 0
      ? `${protocol} ${ports}: ${entries.join('; ')}`
      : `${protocol} ${ports}`;
  });
  return [...new Set(texts)].join(', ');
}

/** Where an object was read: its cluster, file and line. */
export function placeText({ cluster, at }: ObjectOrigin): string {
  if (!at) return cluster;
  return `${cluster}, ${at.file}${at.line === undefined ? '' : `:${at.line}`}`;
}

/** An object with where it was read. */
export function originText(origin: ObjectOrigin): string {
  return `${nameOfOrigin(origin)} (${placeText(origin)})`;
}

/** One operation of a grant, as its file says it. */
export function grantOperationText(operation: GrantOperation): string {
  if ('id' in operation) return operation.id;
  if ('http' in operation)
    return `${operation.http.methods.join(',')} ${operation.http.paths.join(
      ' ',
    )}`;
  if ('grpc' in operation)
    return [
      operation.grpc.service,
      ...(operation.grpc.methods?.length
        ? [operation.grpc.methods.join(', ')]
        : []),
    ].join(' ');
  if ('tcp' in operation) return `TCP ${operation.tcp.port}`;
  return 'udp' in operation
    ? `UDP ${operation.udp.port}`
    : `SCTP ${operation.sctp.port}`;
}
