import { Protocol } from '../estate/types';

/**
 * One request as an enforcement point sees it: the path already normalised,
 * without query; the method and host as sent. Without `method` it is a
 * connection whose content is not known.
 *
 * @public
 */
export interface Request {
  protocol: Protocol;
  /** 1 to 65535. */
  port: number;
  method?: string;
  path?: string;
  host?: string;
}

/**
 * A pattern of text.
 * - `exact`: the text itself.
 * - `prefix`/`suffix`: *string* prefix or suffix (docs/semantics.md, H3).
 * - `present`: anything that is not empty.
 * - `template`: segments with `{*}` (one segment) and `{**}` as Istio writes
 *   them, with Envoy's alphabet (docs/semantics.md, H4).
 *
 * @public
 */
export type PathAtom =
  | { exact: string }
  | { prefix: string }
  | { suffix: string }
  | { present: true }
  | { template: string };

/** @public */
export interface PortRange {
  from: number;
  /** Inclusive. */
  to: number;
}

/**
 * A rectangle of requests. Absent fields mean everything; a list is a union.
 * `methods`, `paths` or `hosts` make it HTTP only.
 *
 * @public
 */
export interface RequestSetSpec {
  protocol: Protocol;
  /** Absent: 1 to 65535. */
  ports?: ReadonlyArray<number | PortRange>;
  methods?: ReadonlyArray<string | PathAtom>;
  paths?: ReadonlyArray<PathAtom>;
  /** Compared without case. */
  hosts?: ReadonlyArray<PathAtom>;
}

/**
 * One entry of `http` in the JSON of `reach` (docs/command-line.md).
 *
 * @public
 */
export interface HttpEntry {
  methods?: string[];
  notMethods?: string[];
  paths?: string[];
  notPaths?: string[];
  hosts?: string[];
  notHosts?: string[];
  /** False when `paths` or `hosts` is only a cover. */
  exact: boolean;
  /** Digest of the minimal automata of hosts and paths. */
  key: string;
}

/**
 * A part of a set: one protocol, ports that are treated alike, and what may be
 * sent on them.
 *
 * @public
 */
export interface AccessRange {
  protocol: Protocol;
  /** Comma-separated ascending ranges. */
  ports: string;
  /** Absent: everything on those ports. */
  http?: HttpEntry[];
}
