import { z } from 'zod';
import { formatEntityRef, parseEntityRefText } from '../entityRef';
import type { DigestContent } from '../meaning/types';

const hex = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hex');
const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'is not sha256: with 64 digits');
const text = z.string().max(2000);
const time = z.iso.datetime();

/** A path inside a repository: it cannot lead out of it, and has one spelling. */
const path = z
  .string()
  .max(1000)
  .refine(isPlainPath, 'is not a path inside the repository');

const api = z.string().refine(value => {
  const parts = parseEntityRefText(value);
  return parts?.kind === 'api' && formatEntityRef(parts) === value;
}, 'is not the full reference of an API');

/** What it says is for people and auditors; what is compared is its digest. */
const content = z
  .record(z.string(), z.unknown())
  .transform(value => value as unknown as DigestContent);

const request = z.strictObject({
  id: text,
  number: z.number().int(),
  caller: text,
  requestedBy: text,
  requestedAt: time,
  reason: digest,
  meaning: z.strictObject({ digest, content }),
  breakGlass: z.strictObject({ expiresAt: time }).optional(),
  approvals: z.array(
    z.strictObject({ by: text, role: text, at: time, meaning: digest }),
  ),
});

/** The statement of a receipt; a field that it does not know is an error. */
export const statementSchema = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(
    z.strictObject({ name: path, digest: z.strictObject({ sha256: hex }) }),
  ),
  predicateType: z.literal('https://callgate.dev/receipt/v1'),
  predicate: z.strictObject({
    api,
    repository: text,
    engine: z.strictObject({ name: z.literal('callgate'), version: text }),
    declaration: path,
    meaning: digest,
    requests: z.array(request),
    found: z.array(path),
    removed: z.array(path),
    replaces: z.array(hex),
  }),
});

/** A DSSE envelope. */
export const envelopeSchema = z.strictObject({
  payload: z.string(),
  payloadType: z.literal('application/vnd.in-toto+json'),
  signatures: z.array(z.strictObject({ keyid: text, sig: text })).max(10),
});

function isPlainPath(value: string): boolean {
  return (
    !hasControls(value) &&
    !/[\\:]/.test(value) &&
    value.split('/').every(part => part !== '' && part !== '.' && part !== '..')
  );
}

function hasControls(value: string): boolean {
  return [...value].some(
    character => character < ' ' || character === '\u007f',
  );
}
