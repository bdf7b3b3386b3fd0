import { readFileSync } from 'node:fs';
import { UsageError } from '../UsageError';
import { reasonOf } from './reasonOf';

/** What may stand in a header after `Bearer`. */
const TOKEN = /^[\x21-\x7e]+$/;

/** Where the token of a run comes from. */
export interface TokenSource {
  /** Absolute path of a file that is read anew each time: whoever mounts it renews it. */
  file?: string;
  /** `CALLGATE_TOKEN`. */
  env?: string;
}

/**
 * The token of one message. Nothing that is said of it has any of it.
 *
 * @throws UsageError where there is none
 */
export function readToken({ file, env }: TokenSource): string {
  let text = env;
  if (file !== undefined) {
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      throw new UsageError(
        `--token-file ${file} cannot be read: ${reasonOf(error)}`,
      );
    }
  }
  const where = file === undefined ? 'CALLGATE_TOKEN' : `--token-file ${file}`;
  const token = text?.trim() ?? '';
  if (token === '')
    throw new UsageError(
      file === undefined
        ? 'give the token of the agent in CALLGATE_TOKEN, or a file that has it with --token-file'
        : `${where} is empty: it has to have the token of the agent`,
    );
  if (!TOKEN.test(token))
    throw new UsageError(`${where} is no token: it has several lines or words`);
  return token;
}
