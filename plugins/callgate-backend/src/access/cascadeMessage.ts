import type { CascadeNotice } from './CascadeFollowUp';

/** A message names no more than these. */
const MOST_LINES = 20;

/**
 * One message about everything that went or changed. It stays in the inbox of somebody who may not see every caller, so it names
 * APIs and never who calls: the page behind it tells each reader what they may know.
 */
export function cascadeMessage(
  notices: readonly CascadeNotice[],
  titleOf: (ref: string) => string,
): { title: string; description: string; link: string } {
  const lines = [...new Set(notices.map(each => lineOf(each, titleOf)))];
  const more = lines.length - MOST_LINES;
  const [first] = notices;
  const title =
    lines.length === 1
      ? lines[0]
      : `${lines.length} things that grants of yours name went or changed`;
  return {
    title,
    description: [
      ...(lines.length === 1
        ? ['What is open stays open until somebody merges a change.']
        : lines.slice(0, MOST_LINES)),
      ...(more > 0 ? [`and ${more} more`] : []),
    ].join('\n'),
    link: notices.length === 1 ? linkOf(first) : '/access',
  };
}

function lineOf(
  notice: CascadeNotice,
  titleOf: (ref: string) => string,
): string {
  if (notice.kind === 'many-gone')
    return `${notice.callers} callers with ${notice.grants} grants went from the catalog together: the end of none of them is proposed by itself`;
  const api = titleOf(notice.api);
  switch (notice.kind) {
    case 'caller-gone':
      return notice.renamedTo === undefined
        ? `${api}: a caller is not in the catalog any more, and the end of its grant is proposed`
        : `${api}: a caller seems to have another name in the catalog now, and its grant has to be asked for anew`;
    case 'caller-moved':
      return `${api}: a caller belongs to another owner now, and keeps its access`;
    case 'operations-gone':
      return notice.renamed
        ? `${api}: an operation that a grant names has another id in the definition now`
        : `${api}: the definition does not have an operation any more that a grant names`;
    case 'provider-gone':
      return `${api}: no component of its owners provides it any more; what is open stays as it is`;
    case 'api-moved':
      return `${api}: it belongs to another owner now; what is open stays as it is`;
    default:
      return `${api}: it is deprecated; your access stays`;
  }
}

function linkOf(notice: CascadeNotice): string {
  return 'grantId' in notice
    ? `/access/grants/${encodeURIComponent(
        notice.grantId,
      )}?of=${encodeURIComponent(notice.api)}`
    : '/access';
}
