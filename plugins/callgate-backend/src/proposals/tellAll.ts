import type { ProposalListener } from './types';

/** One listener for several; each is told whatever becomes of the others. */
export function tellAll(
  ...listeners: readonly ProposalListener[]
): ProposalListener {
  return {
    changed: async change => {
      await Promise.all(listeners.map(listener => listener.changed(change)));
    },
  };
}
