/**
 * A path as a grant means it: literal segments, whole-segment parameters, and at most one last "one or more segments".
 *
 * @public
 */
export interface PathPattern {
  /** canonical text with the base path: `/orders/{id}`, `/files/{path+}` */
  text: string;
  segments: PathSegment[];
}

/**
 * @public
 */
export type PathSegment =
  | { kind: 'literal'; text: string }
  | { kind: 'any'; name: string }
  | { kind: 'rest'; name: string };
