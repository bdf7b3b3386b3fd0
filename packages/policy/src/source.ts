/**
 * Where something was read: a file and, as far as it is known, the place in it.
 *
 * @public
 */
export interface SourcePosition {
  /** Path as the caller gave it. */
  file: string;
  /** 1-based line. */
  line?: number;
  /** 1-based column. */
  column?: number;
  /** Path of the field inside its document, such as `spec.ingress[0].ports[1].port`. */
  field?: string;
}

/**
 * A text file that somebody else has read: the core does no I/O.
 *
 * @public
 */
export interface SourceFile {
  path: string;
  text: string;
}

/**
 * Writes a position as `file:line:column`, leaving out what is not known.
 *
 * @public
 */
export function formatPosition(at: SourcePosition): string {
  const place = [at.file, at.line, at.column].filter(
    part => part !== undefined,
  );
  return place.join(':');
}
