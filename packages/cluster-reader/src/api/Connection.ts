import type { Agent, OutgoingHttpHeaders } from 'node:http';

/**
 * What a request to a cluster needs: where to, and as whom.
 *
 * @public
 */
export interface Connection {
  /** Without a slash at its end. */
  server: string;
  agent?: Agent;
  headers: OutgoingHttpHeaders;
  /** `name:password`, for basic authentication. */
  auth?: string;
}

/**
 * Gives the present connection; credentials that change while the process runs are found.
 *
 * @public
 */
export type Connect = () => Promise<Connection>;
