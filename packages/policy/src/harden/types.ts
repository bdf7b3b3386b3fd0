/** @public */
export type LayerName = 'kernel' | 'identity' | 'method';

/**
 * Somebody who could defeat a layer, by the roles and bindings of the estate.
 *
 * @public
 */
export interface PowerHolder {
  cluster: string;
  /** a namespace, or `*` for all of them */
  namespace: string;
  /** `User/x`, `Group/x` or `ServiceAccount/namespace/x` */
  subject: string;
  /** id of the power, such as `run-pods` */
  power: string;
  /** for people, after "may" */
  text: string;
  defeats: readonly LayerName[];
  /** `ClusterRoleBinding/x gives ClusterRole/y` */
  through: string;
}

/**
 * A binding whose role the estate does not have: what it allows is not known.
 *
 * @public
 */
export interface UnknownRole {
  cluster: string;
  namespace: string;
  subject: string;
  through: string;
}

/** @public */
export interface RbacReport {
  holders: readonly PowerHolder[];
  unknown: readonly UnknownRole[];
}
