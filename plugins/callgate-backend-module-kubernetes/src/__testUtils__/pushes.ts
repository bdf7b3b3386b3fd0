import { digestOf, digestOfFiles, FORM } from '@callgate/cluster-reader';
import type { EstatePush } from '@callgate/plugin-callgate-node';
import { randomUUID } from 'node:crypto';

/** Of one run of an agent. */
export const SESSION = randomUUID();

/** One object as a line of a file, and what is around it. */
export function fileOf(...objects: object[]): string {
  const lines = objects.map(object => JSON.stringify(object)).join(',\n');
  return `{"apiVersion":"v1","kind":"List","items":[\n${lines}\n]}\n`;
}

/** A Service with its keys in order. */
export const service = (name: string, namespace = 'shop') => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { ports: [{ port: 80 }] },
});

/** Everything that an agent sends of these files. */
export function pushOf(
  files: Readonly<Record<string, string>>,
  more: Partial<EstatePush> = {},
): EstatePush {
  const named = Object.entries(files).map(([path, text]) => ({
    path,
    digest: digestOf(text),
  }));
  return {
    session: SESSION,
    form: FORM,
    problems: [],
    ageMs: 0,
    files: named,
    total: { files: named.length, digest: digestOfFiles(named) },
    texts: Object.values(files).map(text => ({ digest: digestOf(text), text })),
    ...more,
  };
}
