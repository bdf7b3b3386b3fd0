import type { AccessRow } from '@callgate/plugin-callgate-common';
import type { Discretion } from './Discretion';
import { muteRow } from './unseen';

/** Lists of rows that a page of an API or a caller has. */
interface RowLists {
  callers?: AccessRow[];
  calls?: AccessRow[];
  openToEveryone?: AccessRow[];
}

/** Rows as a reader may see them: those of callers whom they may not see stay and count, "a caller you may not see". */
export function hideUnseen<T extends RowLists>(
  view: T,
  discretion: Discretion,
): T {
  const mute = (row: AccessRow) => muteRow(row, discretion);
  const { callers, calls, openToEveryone } = view;
  return {
    ...view,
    ...(callers && { callers: callers.map(mute) }),
    ...(calls && { calls: calls.map(mute) }),
    ...(openToEveryone && { openToEveryone: openToEveryone.map(mute) }),
  };
}
