import type { GeneratedObject } from '../emit/types';
import type { Finding } from '../findings';
import type {
  CompiledGuardrail,
  GuardrailStage,
  PretendedGrant,
} from '../guardrails';
import type { Plan, PlanInput } from '../plan/types';
import type { RenderedFile } from '../render/types';
import type { InForce } from './inForce';

/**
 * What {@link compile} needs: the declarations, the catalog, and the clusters
 * as they are *without* Callgate's own generated objects.
 *
 * @public
 */
export interface CompileInput extends PlanInput {
  /** Declarations that do not parse. Their APIs fail, and nobody else's. */
  unreadable?: readonly UnreadablePolicy[];
  /**
   * Folder of the policy repository that generated files go to, without a
   * trailing slash.
   *
   * @defaultValue 'clusters'
   */
  manifestsFolder?: string;
  /**
   * Rules of the platform team, asked about every planned edge. An API that
   * one of severity error refuses fails.
   */
  guardrails?: {
    rules: readonly CompiledGuardrail[];
    stage: GuardrailStage;
    /** what to take a grant for that nobody has approved yet */
    pretend?: PretendedGrant;
  };
  /**
   * The generated objects that the repository has now, as {@link readInForce}
   * or {@link inForceOf} finds them: what they open for grants with errors is
   * kept. Without them such grants keep nothing.
   */
  inForce?: readonly InForce[];
}

/**
 * A grant with an error of its own. It is not planned, and every other grant of
 * its API is as usual.
 *
 * @public
 */
export interface HeldGrant {
  api: string;
  grantId: string;
  /** the caller as the grant names it */
  caller: string;
  /** why it is held: errors */
  findings: readonly Finding[];
  /** whether generated objects name it: then what they open for it stays, as far as it names that itself */
  inForce: boolean;
  /** workloads that it lets call by what it has in force, sorted; `ended` in clusters that it does not name any more */
  callers: readonly { cluster: string; workload: string; ended?: true }[];
}

/**
 * An AccessPolicy file from which no policy could be read.
 *
 * @public
 */
export interface UnreadablePolicy {
  file: string;
  /** The API that it is about, as far as {@link declaredApiOf} can tell. */
  api?: string;
  findings: readonly Finding[];
}

/**
 * Why an API's generated files stay as they are.
 *
 * - `errors`: its own declaration, contract or binding has findings of severity
 *   error.
 * - `shares-workload`: its own part is fine, but another API that runs on one
 *   of the same workloads failed. Isolation and mTLS work per workload, so
 *   emitting this API alone would close the workload to the declared callers
 *   of the other one.
 *
 * @public
 */
export type FailureReason = 'errors' | 'shares-workload';

/**
 * An API for which nothing is generated. Its existing files, if any, must be
 * left as they are: removing them could open what they close.
 *
 * @public
 */
export interface FailedApi {
  /** Full entity ref of the API, `api:namespace/name`. */
  api: string;
  reason: FailureReason;
  /** The API whose failure holds this one back (`shares-workload` only). */
  because?: string;
  /** The error findings that belong to this API. */
  findings: readonly Finding[];
}

/**
 * A generated object together with the cluster it is for.
 *
 * @public
 */
export interface CompiledObject {
  cluster: string;
  object: GeneratedObject;
}

/**
 * The result of {@link compile}: plan, objects and files of one set of
 * declarations.
 *
 * @public
 */
export interface Compilation {
  /** The plan of the APIs that did not fail. */
  plan: Plan;
  objects: readonly CompiledObject[];
  /** Sorted by path; order of application is in each file's `order`. */
  files: readonly RenderedFile[];
  /** All findings, also those of failed APIs. */
  findings: readonly Finding[];
  /** Sorted by API. Empty when everything compiled. */
  failedApis: readonly FailedApi[];
  /** Sorted by API and grant, without those of failed APIs. */
  held: readonly HeldGrant[];
  /** Those of `objects` that keep open what held grants have in force, and grants on pods that their API has moved away from. */
  kept: readonly CompiledObject[];
}
