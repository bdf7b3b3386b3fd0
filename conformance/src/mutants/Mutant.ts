/** One deliberate fault: text of a source file of the policy package, and what stands there instead. */
export interface Mutant {
  id: string;
  /** Below `packages/policy/src`. */
  file: string;
  find: string;
  replace: string;
}

/** A fault by its parts, so that lists of them can be read. */
export function mutant(
  id: string,
  file: string,
  find: string,
  replace: string,
): Mutant {
  return { id, file, find, replace };
}
