import { asArray, asJson, asText, type Json } from '../json';
import { ApiError } from './ApiError';
import type { KubeApi } from './KubeApi';

/**
 * A kind of objects as a cluster serves it.
 *
 * @public
 */
export interface ServedKind {
  /** Empty for the core group. */
  group: string;
  version: string;
  /** Its name in paths, such as `networkpolicies`. */
  plural: string;
  kind: string;
  namespaced: boolean;
}

/**
 * What a cluster serves, and groups whose kinds it cannot say at the moment.
 *
 * @public
 */
export interface Served {
  kinds: readonly ServedKind[];
  /** Groups that are there and whose server does not answer, such as one behind an APIService. */
  unanswered: readonly string[];
}

/** Both documents of aggregated discovery (Kubernetes, "API concepts"), then the plain one of older servers. */
const AGGREGATED = [
  ...['v2', 'v2beta1'].map(
    version =>
      `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
  ),
  'application/json',
].join(',');

/**
 * Asks a cluster which kinds it serves, in the version that it prefers for each.
 *
 * @param isWanted - groups that matter; of others nothing is asked where that would be one more request
 * @throws ApiError where the cluster as a whole does not answer
 */
export async function discover(
  api: KubeApi,
  isWanted: (group: string) => boolean,
  signal: AbortSignal,
): Promise<Served> {
  const found: ServedKind[] = [];
  const unanswered = new Set<string>();
  for (const path of ['/api', '/apis']) {
    const answer = await api.get(path, { signal, accept: AGGREGATED });
    const groups =
      answer.kind === 'APIGroupDiscoveryList'
        ? aggregated(answer)
        : await plain(api, path, answer, isWanted, signal);
    for (const group of groups) {
      if (!isWanted(group.name)) continue;
      if (group.isUnanswered) unanswered.add(group.name);
      found.push(...group.kinds);
    }
  }
  return { kinds: preferred(found), unanswered: [...unanswered].sort() };
}

interface Group {
  name: string;
  /** In the order of preference. */
  kinds: ServedKind[];
  isUnanswered: boolean;
}

/** Of several versions of a kind the first. */
function preferred(kinds: readonly ServedKind[]): ServedKind[] {
  const first = new Map<string, ServedKind>();
  for (const each of kinds) {
    const key = `${each.plural}.${each.group}`;
    if (!first.has(key)) first.set(key, each);
  }
  return [...first.values()];
}

/** Can it be listed and watched? What has a slash is a part of another resource. */
function isReadable(plural: string, verbs: unknown): boolean {
  const all = asArray(verbs);
  return (
    plural !== '' &&
    !plural.includes('/') &&
    all.includes('list') &&
    all.includes('watch')
  );
}

function aggregated({ items }: Json): Group[] {
  return asArray(items)
    .map(asJson)
    .map(item => {
      const name = asText(asJson(item.metadata).name) ?? '';
      const versions = asArray(item.versions).map(asJson);
      return {
        name,
        isUnanswered: versions.some(({ freshness }) => freshness === 'Stale'),
        kinds: versions.flatMap(({ version, resources }) =>
          asArray(resources)
            .map(asJson)
            .flatMap(each => {
              const plural = asText(each.resource) ?? '';
              const kind = asText(asJson(each.responseKind).kind);
              return kind && isReadable(plural, each.verbs)
                ? [
                    {
                      group: name,
                      version: String(version),
                      plural,
                      kind,
                      namespaced: each.scope === 'Namespaced',
                    },
                  ]
                : [];
            }),
        ),
      };
    });
}

async function plain(
  api: KubeApi,
  root: string,
  answer: Json,
  isWanted: (group: string) => boolean,
  signal: AbortSignal,
): Promise<Group[]> {
  const groups: { name: string; versions: string[] }[] =
    root === '/api'
      ? [{ name: '', versions: asArray(answer.versions).map(String) }]
      : asArray(answer.groups)
          .map(asJson)
          .map(group => {
            const first = asText(asJson(group.preferredVersion).version);
            const all = asArray(group.versions).map(each =>
              String(asJson(each).version),
            );
            return {
              name: asText(group.name) ?? '',
              versions: [
                ...(first ? [first] : []),
                ...all.filter(each => each !== first),
              ],
            };
          });
  const found: Group[] = [];
  for (const { name, versions } of groups.filter(each => isWanted(each.name))) {
    const group: Group = { name, kinds: [], isUnanswered: false };
    found.push(group);
    for (const version of versions) {
      const path = name === '' ? `/api/${version}` : `/apis/${name}/${version}`;
      try {
        const { resources } = await api.get(path, { signal });
        group.kinds.push(...plainKinds(name, version, resources));
      } catch (error) {
        // One that was taken away meanwhile is not there; anything else is not known.
        if (!(error instanceof ApiError) || error.status === undefined)
          throw error;
        if (error.status !== 404) group.isUnanswered = true;
      }
    }
  }
  return found;
}

function plainKinds(
  group: string,
  version: string,
  resources: unknown,
): ServedKind[] {
  return asArray(resources)
    .map(asJson)
    .flatMap(each => {
      const plural = asText(each.name) ?? '';
      const kind = asText(each.kind);
      return kind && isReadable(plural, each.verbs)
        ? [
            {
              group,
              version,
              plural,
              kind,
              namespaced: each.namespaced === true,
            },
          ]
        : [];
    });
}
