import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { resolve } from 'node:path';
import { type JudgeSignature, keyIdOf } from '@callgate/policy';
import { UsageError } from '../UsageError';
import { readTextFile } from './readTextFile';

/**
 * Reads public keys, and judges signatures by them.
 *
 * @throws UsageError for what is not an ed25519 key in PEM, and for a private one: it has no place in CI
 */
export function readKeys(
  paths: readonly string[],
  cwd: string,
): JudgeSignature {
  const keys = new Map(
    paths.map(path => {
      const key = readKey(
        readTextFile(resolve(cwd, path), path, '--key'),
        path,
      );
      return [keyIdOf(key.export({ type: 'spki', format: 'der' })), key];
    }),
  );
  return (signed, { keyid, sig }) => {
    const key = keys.get(keyid);
    if (!key) return 'other-key';
    // eslint-disable-next-line no-restricted-syntax -- ed25519 has its hash inside: the signature of the call asks for null
    return verify(null, signed, key, Buffer.from(sig, 'base64'))
      ? 'valid'
      : 'invalid';
  };
}

function readKey(text: string, path: string): KeyObject {
  if (/PRIVATE KEY/.test(text))
    throw new UsageError(
      `${path} is a private key; --key wants the public one: openssl pkey -in ${path} -pubout`,
    );
  let key: KeyObject;
  try {
    key = createPublicKey(text);
  } catch {
    throw new UsageError(`${path} is not a public key in PEM; check --key`);
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new UsageError(
      `${path} is a key for ${key.asymmetricKeyType}; receipts are signed with ed25519`,
    );
  return key;
}
