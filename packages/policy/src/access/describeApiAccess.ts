import { describeWhatOthersMay } from '../others/describe';
import type { ApiAccessAnswer } from './answerTypes';

/**
 * Why nobody can tell who can call an API in a cluster.
 *
 * @public
 */
export const NOT_ENOUGH =
  'the manifests do not say enough to know who can call it';

/**
 * Who can call an API, in one sentence without its full stop: never more than is known, and closed or open only as far as
 * policies are judged. It names clusters, and nothing that could be hidden from somebody.
 *
 * @param options - `reasons`: whether the reader may be told why a grant cannot be enforced, which may name others
 * @public
 */
export function describeApiAccess(
  answer: ApiAccessAnswer,
  options: { reasons: boolean } = { reasons: true },
): string {
  const { clusters } = answer;
  if (clusters.length === 0) return elsewhereText(answer, options.reasons);
  const unknown = clusters.filter(({ state }) => state === 'unknown');
  if (unknown.length > 0)
    return `Not known in ${namesOf(unknown).join(', ')}: ${NOT_ENOUGH}`;
  const others = describeWhatOthersMay(
    clusters.flatMap(({ policies }) => policies),
  );
  const open = clusters.filter(({ everyone }) => everyone === 'can');
  const told = others ? [others] : [];
  if (open.length === clusters.length)
    return others
      ? ['Open to everyone as far as Callgate judges', ...told].join('; ')
      : openText(answer);
  const closed = namesOf(clusters.filter(({ everyone }) => everyone !== 'can'));
  return [
    ...closedTexts(answer, closed, others !== undefined),
    ...(open.length > 0
      ? [`open to everyone in ${namesOf(open).join(', ')}`]
      : []),
    ...told,
  ].join('; ');
}

function namesOf(clusters: ApiAccessAnswer['clusters']): string[] {
  return clusters.map(({ cluster }) => cluster);
}

/** Of an API that no cluster has. */
function elsewhereText(
  { outside, grants }: ApiAccessAnswer,
  reasons: boolean,
): string {
  const reason = grants.flatMap(({ unsupported }) => unsupported).at(0)?.reason;
  if (reason !== undefined)
    return reasons
      ? `Not known. Cannot be enforced: ${reason}`
      : 'Not known. Cannot be enforced';
  return outside
    ? 'Not known: this API runs outside the clusters, where Callgate can only limit what callers send. Others than those listed may be able to call it'
    : 'Not known: no workload that provides this API was found';
}

/** Of one that is open wherever it runs. What a grant does is no news where there is one already. */
function openText(answer: ApiAccessAnswer): string {
  const { clusters, firstGrantCloses, grants } = answer;
  const doors = clusters.flatMap(({ providers }) =>
    providers.map(each => each.doors),
  );
  const isWhole = doors.every(({ entirely }) => entirely);
  const isUnrestricted =
    isWhole && doors.every(({ openedBy }) => openedBy.length === 0);
  const what = isWhole ? 'this' : 'some of this';
  if (firstGrantCloses)
    return 'Everyone can call this. The first grant closes it to everyone else.';
  if (grants.length === 0)
    return isWhole && !isUnrestricted
      ? 'Everyone can call this: a policy that was not written by Callgate lets everyone in'
      : `Everyone can call ${what}`;
  const total = grants.length;
  const broken = grants.filter(
    ({ standing }) => standing === 'error' || standing === 'held',
  ).length;
  const open = isWhole ? 'Open to everyone' : 'Partly open to everyone';
  if (broken === 0)
    return `${open}, although there ${
      total === 1 ? 'is a grant' : `are ${total} grants`
    }`;
  const errors =
    total === 1
      ? 'its only grant has an error'
      : `${broken} of ${total} grants ${
          broken === 1 ? 'has an error' : 'have errors'
        }`;
  // A sound grant may be enforced in some other way, such as where its caller sends.
  const nothing =
    isUnrestricted && grants.every(each => each.pairs.length === 0);
  return `${open}: ${errors}${nothing ? ', so nothing is enforced' : ''}`;
}

function closedTexts(
  { clusters, grants, inside }: ApiAccessAnswer,
  closed: readonly string[],
  isJudgedOnly: boolean,
): string[] {
  const { callers, withoutGrant, perhaps } = inside;
  const by = grants.some(({ pairs }) => pairs.length > 0)
    ? ' by grants'
    : ' by policies';
  const isAll = closed.length === clusters.length;
  const where =
    clusters.length > 1 ? ` in ${closed.join(isAll ? ' and ' : ', ')}` : '';
  const start = `Closed${isJudgedOnly ? by : ''}${where} to everyone`;
  const who = `${callers} ${callers === 1 ? 'caller' : 'callers'}`;
  const without =
    withoutGrant > 0 ? `, ${withoutGrant} of them without a grant` : '';
  const able = callers === 0 ? start : `${start} but ${who}${without}`;
  if (perhaps === 0) return [able];
  const more =
    callers === 0
      ? `${perhaps} ${perhaps === 1 ? 'caller' : 'callers'}`
      : `${perhaps} more`;
  return [able, `${more} may be able to call`];
}
