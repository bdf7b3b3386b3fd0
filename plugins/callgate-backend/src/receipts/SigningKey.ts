import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { keyIdOf, type Receipt, type ReceiptSignature } from '@callgate/policy';
import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The ed25519 key with which receipts are signed. It says nothing of itself but its id. */
export class SigningKey {
  /**
   * Reads `callgate.signing`; without it receipts are not signed.
   *
   * @throws InputError for two keys, a file that cannot be read, and what is not an ed25519 key: whoever wants signatures must
   * not go without them unnoticed. No message repeats what was read
   */
  static fromConfig(root: Config): SigningKey | undefined {
    const config = root.getOptionalConfig('callgate.signing');
    if (!config) return undefined;
    const pem = config.getOptionalString('key');
    const file = config.getOptionalString('keyFile');
    if ((pem === undefined) === (file === undefined))
      throw new InputError(
        'callgate.signing wants either key or keyFile: an ed25519 private key in PEM',
      );
    if (pem !== undefined) return SigningKey.ofPem(pem, 'callgate.signing.key');
    return SigningKey.ofPem(readKeyFile(file!), 'callgate.signing.keyFile');
  }

  /** @param key - where it is configured, for messages */
  static ofPem(pem: string, key: string): SigningKey {
    let privateKey: KeyObject;
    try {
      privateKey = createPrivateKey(pem);
    } catch {
      throw new InputError(
        `${key} is not a private key in PEM without a passphrase`,
      );
    }
    if (privateKey.asymmetricKeyType !== 'ed25519')
      throw new InputError(
        `${key} is a key for ${privateKey.asymmetricKeyType}; receipts are signed with ed25519`,
      );
    return new SigningKey(privateKey, createPublicKey(privateKey));
  }

  /** `sha256:<hex>` of the public key. */
  readonly id: string;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  private constructor(privateKey: KeyObject, publicKey: KeyObject) {
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
    this.id = keyIdOf(publicKey.export({ type: 'spki', format: 'der' }));
  }

  /** The same bytes give the same signature, so that the same proposal stays the same commit. */
  sign(signed: Uint8Array): ReceiptSignature {
    // eslint-disable-next-line no-restricted-syntax -- ed25519 has its hash inside: the signature of the call asks for null
    const sig = sign(null, signed, this.#privateKey);
    return { keyid: this.id, sig: sig.toString('base64') };
  }

  /** Whether a receipt was signed with this key. */
  signed({ signatures, signed }: Receipt): boolean {
    return signatures.some(
      ({ keyid, sig }) =>
        keyid === this.id &&
        // eslint-disable-next-line no-restricted-syntax -- as above
        verify(null, signed, this.#publicKey, Buffer.from(sig, 'base64')),
    );
  }
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(
      `callgate.signing.keyFile cannot be read: ${
        (error as NodeJS.ErrnoException).code ?? 'unknown error'
      }`,
    );
  }
}
