import type { Edge } from '@callgate/plugin-callgate-common';
import type { Discretion } from './Discretion';
import { muteEdge } from './unseen';

/** Rows as a reader may see them: those of callers whom they may not see stay and count, "a caller you may not see". */
export function hideUnseen<T extends { callers?: Edge[]; calls?: Edge[] }>(
  view: T,
  discretion: Discretion,
): T {
  const mute = (edge: Edge) => muteEdge(edge, discretion);
  return {
    ...view,
    ...(view.callers && { callers: view.callers.map(mute) }),
    ...(view.calls && { calls: view.calls.map(mute) }),
  };
}
