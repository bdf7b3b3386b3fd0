/**
 * Pods that an operator makes for an object, where the object has no template of them.
 *
 * @public
 */
export interface StatedPods {
  /** `{name}` in a value stands for the name of the object. */
  labels: Record<string, string>;
  /** Dotted path of further labels in the object; they count where both say something. */
  labelsPath?: string;
  /** Service account of the pods; `{name}` stands for the name of the object. */
  serviceAccount: string;
  ports?: { name?: string; port: number; protocol: 'TCP' | 'UDP' | 'SCTP' }[];
}

/**
 * A kind whose objects have pods: by a template in them, or as its operator makes them.
 *
 * @public
 */
export type WorkloadKind = { group: string; kind: string } & (
  | { templatePath: string }
  | { pods: StatedPods }
);
