import type { Edge, Meaning } from '@callgate/plugin-callgate-common';

/** One line of what changes: who may do what from now on, again, or no more. */
export interface EdgeChange {
  edge: Edge;
  sign: '+' | '−';
  word: 'meaning.gained' | 'meaning.restored' | 'meaning.lost';
}

/** All of a meaning's access, in the order in which it is read. */
export function changesOf({
  gained,
  restored,
  lost,
}: Pick<Meaning, 'gained' | 'lost' | 'restored'>): EdgeChange[] {
  return [
    ...gained.map(edge => ({
      edge,
      sign: '+' as const,
      word: 'meaning.gained' as const,
    })),
    ...restored.map(edge => ({
      edge,
      sign: '+' as const,
      word: 'meaning.restored' as const,
    })),
    ...lost.map(edge => ({
      edge,
      sign: '−' as const,
      word: 'meaning.lost' as const,
    })),
  ];
}
