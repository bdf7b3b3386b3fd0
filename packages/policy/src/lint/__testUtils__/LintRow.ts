import { MeshMode } from '../../estate/types';
import { FindingCode } from '../../findings';
import { PlatformProfile } from '../../profile/types';

/** One case of a check: manifests with the mistake, and the same ones written as they should be. */
export interface LintRow {
  code: FindingCode;
  /** What the mistake is; part of the name of the test. */
  about: string;
  /** Row of the table of traps, and the upstream source that says so. */
  why: string;
  /** Manifests with the mistake. */
  wrong: string;
  /** The negative twin: nothing of this code is found. */
  right: string;
  /** Field that the finding points at; absent: the object as a whole. */
  field?: string;
  /** What the message has to say, objects above all. */
  says: readonly string[];
  /** The finding has a ready change. */
  ready?: true;
  /** Default: sidecar. */
  mesh?: MeshMode;
  profile?: PlatformProfile;
}

/** A Service of the pods labelled `app: <name>`. */
export function service(
  id: string,
  ports: string,
  more = '',
  app = id.split('/')[1],
): string {
  const [space, name] = id.split('/');
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${space} }
spec: { selector: { app: ${app} }, ports: [${ports}] ${more} }
---
`;
}

/** Any other object. */
export function object(
  apiVersion: string,
  kind: string,
  id: string,
  spec: string,
  metadata = '',
): string {
  const [space, name] = id.split('/');
  return `apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: ${name}${
    space === '' ? '' : `, namespace: ${space}`
  } ${metadata} }
spec: ${spec}
---
`;
}

/** A namespace with labels. */
export function namespace(name: string, labels: string): string {
  return `apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
---
`;
}
