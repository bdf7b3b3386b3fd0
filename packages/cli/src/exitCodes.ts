/** Exit codes of all commands, as design and README state them. */
export const EXIT = {
  ok: 0,
  /** Errors, a difference, a refused call: what the command looks for. */
  found: 1,
  /** Wrong usage or unreadable input. */
  usage: 2,
  /** `explain`: allowed only under a condition. */
  conditional: 3,
} as const;
