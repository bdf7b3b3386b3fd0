import type { RequestsLike } from '@callgate/plugin-callgate-common';
import type { Text } from '../../translation';

/** `GET on any path but /internal`: what is left of everything is said as everything but that. */
export function requestsLikeText(t: Text, requests: RequestsLike): string {
  const { methods, notMethods, paths, notPaths, hosts, notHosts, exact } =
    requests;
  const method =
    listed(methods) ??
    (notMethods
      ? t('marks.anyMethodBut', { methods: listed(notMethods)! })
      : t('marks.anyMethod'));
  const path =
    listed(paths?.map(pathText)) ??
    (notPaths
      ? t('marks.anyPathBut', { paths: listed(notPaths.map(pathText))! })
      : t('marks.anyPath'));
  const notAt = notHosts && t('marks.atHostsBut', { hosts: listed(notHosts)! });
  const host = hosts ? t('marks.atHosts', { hosts: listed(hosts)! }) : notAt;
  return [
    t('marks.requestsLike', { method, path }),
    host,
    !exact && t('marks.andMoreLikeIt'),
  ]
    .filter(Boolean)
    .join(' ');
}

/** A key of the only one of its kind in a list. */
export function requestsLikeKey(requests: RequestsLike): string {
  return JSON.stringify(requests);
}

function listed(texts: readonly string[] | undefined): string | undefined {
  return texts?.join(', ');
}

/** Segments that may be anything, as OpenAPI writes parameters. */
function pathText(path: string): string {
  return path.split('{**}').join('{rest+}').split('{*}').join('{…}');
}
