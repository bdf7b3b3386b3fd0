import type { ForgeComment } from '@callgate/plugin-callgate-common';
import type { SaidOnForge } from '../../database/DatabaseForgeComments';
import { MOST_SAID } from '../../talk/ForgeTalk';
import type { Discretion } from './Discretion';
import type { LabelOf } from './Labels';
import { anyHidden } from './unseen';

/**
 * What was said on pull requests. Those carry requests of others as well, and people name whom they like: so it is without words for
 * who may not see every caller there.
 */
export function toForgeComments(
  { comments, callers }: SaidOnForge,
  how: {
    api: string;
    labelOf: LabelOf;
    discretion: Discretion;
    /** Whether people are known by their entity refs on a forge. */
    inPortal: (forge: string) => boolean;
  },
): ForgeComment[] {
  const { api, labelOf, discretion, inPortal } = how;
  const secret = anyHidden(callers, labelOf) || discretion.hidesCallersOf(api);
  return comments.map((comment, index) => {
    const { key, at, by, text, cut, decision, file, link } = comment;
    const { forge, number } = comment;
    const ofPull = comments.filter(each => each.number === number);
    const isLast = !comments
      .slice(index + 1)
      .some(each => each.number === number);
    const untold =
      secret ||
      discretion.hidesName(text) ||
      (file !== undefined && discretion.hidesName(file));
    return {
      id: key,
      at: new Date(at).toISOString(),
      ...{ by, forge, number },
      // Elsewhere somebody may call themselves as they like.
      ...(inPortal(forge) && { person: labelOf(by) }),
      ...(decision && { decision }),
      ...(!untold && {
        text,
        ...(cut && { cut }),
        ...(file !== undefined && { file }),
        ...(link !== undefined && { link }),
      }),
      ...(ofPull.length >= MOST_SAID && isLast && { more: true }),
    };
  });
}
