/** One deliberate fault: text of a source file of the policy package, and what stands there instead. */
export interface Mutant {
  id: string;
  /** Below `packages/policy/src`. */
  file: string;
  find: string;
  replace: string;
  /** The suite that is asked first; absent: the one that the file is about. */
  suite?: 'admission';
}

/** A fault by its parts, so that lists of them can be read. */
export function mutant(
  id: string,
  file: string,
  find: string,
  replace: string,
  suite?: Mutant['suite'],
): Mutant {
  return { id, file, find, replace, ...(suite && { suite }) };
}
