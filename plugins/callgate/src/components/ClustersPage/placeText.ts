import type { PlatformPlace } from '@callgate/plugin-callgate-common';

/** Where something stands, as editors take it. */
export function placeText({ file, line }: PlatformPlace): string {
  return line === undefined ? file : `${file}:${line}`;
}
