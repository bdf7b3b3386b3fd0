import { setTimeout } from 'node:timers/promises';
import { connectTo } from '../api/connectTo';
import type { Credentials } from '../api/Credentials';
import { KubeApi } from '../api/KubeApi';
import { ClusterReader } from '../reader/ClusterReader';
import { Gate } from '../reader/Gate';
import { AGENT_TIMINGS, EstateAgent, type AgentTimings } from './EstateAgent';
import { PortalClient } from './PortalClient';

/** Lists at a time. */
const LISTS_AT_ONCE = 4;

const HOUR = 3_600_000;

/**
 * Reads a cluster and sends what it has to a portal that cannot reach it, until the signal is aborted. Never throws: what
 * is wrong is said, and tried again.
 *
 * @param options - `cluster`: its name in the portal; `credentials`: how its API server is reached; `to`: where the portal's backend
 * answers, see `checkPortal`; `token`: the token of a message, asked for each, and may throw; `exclude`: namespaces of which only
 * their labels are read; `say`: told what goes on, in sentences without tokens
 * @public
 */
export async function runAgent(
  options: {
    cluster: string;
    credentials: Credentials;
    to: string;
    token: () => string;
    exclude: readonly string[];
    say: (text: string) => void;
    /** How long it waits for what, in milliseconds; for tests. */
    timings?: Partial<AgentTimings>;
  },
  signal: AbortSignal,
): Promise<void> {
  const { cluster, credentials, to, token, exclude, say, timings } = options;
  const parts = {
    now: Date.now,
    random: Math.random,
    wait: (ms: number, until: AbortSignal) =>
      setTimeout(ms, undefined, { signal: until }),
  };
  const agent = new EstateAgent(
    {
      portal: new PortalClient({ to, cluster, token }),
      newReader: onChange =>
        new ClusterReader(
          { name: cluster, exclude, resyncMs: HOUR, onChange },
          {
            ...parts,
            api: new KubeApi(connectTo(credentials)),
            lists: new Gate(LISTS_AT_ONCE),
          },
        ),
      timings: { ...AGENT_TIMINGS, ...timings },
      say,
    },
    parts,
  );
  await agent.run(signal);
}
