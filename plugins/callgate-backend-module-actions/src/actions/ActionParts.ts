import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { CallgateRest } from '@callgate/plugin-callgate-node';

/** What the actions are made of. */
export interface ActionParts {
  registry: ActionsRegistryService;
  callgate: CallgateRest;
  /** Where people open the portal; empty where that is not known. */
  portal: string;
}

/** Neither changes anything, nor means anything else the second time. */
export const READS = { readOnly: true, idempotent: true, destructive: false };
