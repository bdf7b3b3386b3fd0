import {
  digestOf,
  digestOfFiles,
  FORM,
  LIMITS,
  OTHER_FORM,
  refusePath,
  refuseText,
} from '@callgate/cluster-reader';
import { InputError } from '@backstage/errors';
import type { EstatePush } from '@callgate/plugin-callgate-node';
import { setImmediate } from 'node:timers/promises';

/** An error with a code that clients can rely on. */
export function refusal(code: string, message: string): InputError {
  return Object.assign(new InputError(message), { code });
}

/** What agents send is refused with this code. */
const REFUSED = 'estate-refused';

/** A limit that is passed, in words for whoever runs the agent. */
export function tooLarge(what: string, instead: string): InputError {
  return refusal('estate-too-large', `${what}. ${instead}`);
}

const LESS = 'Leave namespaces out with --exclude.';

/** @throws InputError where an agent is of another version than this backend */
export function checkForm(form: number): void {
  if (form === FORM) return;
  throw refusal(
    OTHER_FORM,
    form > FORM
      ? `The agent is newer than the portal: it sends form ${form}, and the portal takes ${FORM}. Update the portal, or let the agent run with the image or package of the version that the portal has.`
      : `The agent is older than the portal: it sends form ${form}, and the portal takes ${FORM}. Let it run with the image or package of the version that the portal has.`,
  );
}

/**
 * Checks which files an agent names, and the texts that it brings of them, against what a reader of this version writes.
 *
 * @returns why texts are refused, by the path of their file, as the rest of a sentence: these files alone are not taken
 * @throws InputError for anything else, with the file and the reason
 */
export async function checkPush(
  cluster: string,
  push: EstatePush,
): Promise<ReadonlyMap<string, string>> {
  checkForm(push.form);
  const refused = new Map<string, string>();
  const { files, texts = [] } = push;
  if (!files) {
    if (texts.length > 0 || push.total)
      throw refusal(REFUSED, 'There are texts or a total, and no files.');
    return refused;
  }
  checkFiles(cluster, files, push.total);
  const pathOf = new Map(files.map(({ path, digest }) => [digest, path]));
  for (const { digest, text } of texts) {
    const path = pathOf.get(digest);
    if (path === undefined)
      throw refusal(REFUSED, `No file that is named has the text ${digest}.`);
    if (digestOf(text) !== digest)
      throw refusal(
        REFUSED,
        `The text of ${path} is not the one that its SHA-256 is of.`,
      );
    const why = refuseText(cluster, path, text);
    if (why !== undefined) refused.set(path, why);
    // One file may take a while, and others wait for this process.
    await setImmediate();
  }
  return refused;
}

/** @throws InputError that names the file and the reason */
export function checkText(cluster: string, path: string, text: string): void {
  const why = refuseText(cluster, path, text);
  if (why !== undefined) throw refusal(REFUSED, `${path} ${why}.`);
}

/** @throws InputError where all files are too much together */
export function checkTotal(bytes: number): void {
  if (bytes > LIMITS.total)
    throw tooLarge(
      `What the cluster has is more than ${mib(LIMITS.total)}`,
      LESS,
    );
}

function checkFiles(
  cluster: string,
  files: NonNullable<EstatePush['files']>,
  total: EstatePush['total'],
): void {
  if (files.length > LIMITS.files)
    throw tooLarge(`There are more than ${LIMITS.files} files`, LESS);
  // Half of a list is one as well.
  if (total?.files !== files.length || total.digest !== digestOfFiles(files))
    throw refusal(
      REFUSED,
      'The files are not those that the total is of: it is not all that the agent has sent.',
    );
  let before = '';
  const pathOf = new Map<string, string>();
  for (const { path, digest } of files) {
    const why = refusePath(cluster, path);
    if (why !== undefined)
      throw refusal(REFUSED, `${JSON.stringify(path.slice(0, 200))} ${why}.`);
    if (path <= before)
      throw refusal(
        REFUSED,
        `${path} is there twice, or the files are not sorted by their names.`,
      );
    before = path;
    // Its objects have their kind and namespace. What is sent once would be read by everybody as often as it is named.
    const other = pathOf.get(digest);
    if (other !== undefined)
      throw refusal(
        REFUSED,
        `${path} has the text of ${other}: no two files of a cluster have the same one.`,
      );
    pathOf.set(digest, path);
  }
}

function mib(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}
