import { Finding } from '../findings';

/**
 * One thing that an API's definition offers.
 *
 * @public
 */
export interface OfferedOperation {
  /** operationId, `METHOD /path` where there is none, `pkg.Service/Method` for gRPC, `port` for a plain port */
  id: string;
  kind: 'http' | 'grpc' | 'port';
  /** upper case; HTTP only */
  method?: string;
  /** as the definition writes it, without the base path; HTTP only */
  path?: string;
  /** full name with package; gRPC only */
  service?: string;
  /** gRPC only */
  rpc?: string;
  tag?: string;
  summary?: string;
  deprecated?: boolean;
  /** whether it may change something, as far as the definition tells; unknown counts as true */
  writes: boolean;
  /** nothing tells whether it does: `writes` is the careful answer */
  assumed?: boolean;
}

/**
 * Something wrong with a definition, and what it touches: grants of other operations do not need what is wrong.
 *
 * @public
 */
export interface ContractDefect {
  finding: Finding;
  /** the path whose operations are not known for sure, as the definition writes it */
  path?: string;
  /** the id that does not stand for one operation */
  operationId?: string;
}

/**
 * What an API offers, read from its definition.
 *
 * `readable` is false where the definition could not be parsed: then `operations` is empty and `findings` says why.
 * `kind` is `port` for definitions that only say that there is a port (databases, brokers, unknown types).
 *
 * @public
 */
export interface Contract {
  kind: 'http' | 'grpc' | 'port';
  readable: boolean;
  operations: OfferedOperation[];
  /** without a trailing slash; empty for none. Undefined where it cannot be decided: `findings` says why. */
  basePath: string | undefined;
  /** all that is wrong with it */
  findings: Finding[];
  /** those of the findings that concern single operations; every other one concerns them all */
  defects: readonly ContractDefect[];
}

/**
 * The part of an API entity's spec that a contract is read from.
 *
 * @public
 */
export interface ApiDefinition {
  /** `api:namespace/name`, for messages */
  ref: string;
  type: string;
  definition: string;
}
