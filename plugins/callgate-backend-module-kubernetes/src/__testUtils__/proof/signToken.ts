import { asJson } from '@callgate/cluster-reader';
import { sign } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { ApiServer } from '../ApiServer';

/**
 * A token of the account for so many seconds: the server gives none for less than ten minutes, so that one is signed here with
 * the key in its folder, with the claims that it looks for (Kubernetes, "Bound service account tokens").
 */
export async function signToken(
  server: ApiServer,
  folder: string,
  seconds: number,
): Promise<string> {
  const account = await server.ask(
    'GET',
    '/api/v1/namespaces/callgate/serviceaccounts/callgate',
  );
  const now = Math.floor(Date.now() / 1000);
  const issuer = 'https://kubernetes.default.svc';
  const parts = [
    { alg: 'ES256', typ: 'JWT' },
    {
      aud: [issuer],
      iss: issuer,
      iat: now,
      nbf: now,
      exp: now + seconds,
      sub: 'system:serviceaccount:callgate:callgate',
      'kubernetes.io': {
        namespace: 'callgate',
        serviceaccount: {
          name: 'callgate',
          uid: asJson(account.metadata).uid,
        },
      },
    },
  ].map(part => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = sign('sha256', Buffer.from(parts.join('.')), {
    key: fs.readFileSync(path.join(folder, 'service-accounts.key')),
    dsaEncoding: 'ieee-p1363',
  });
  return `${parts.join('.')}.${signature.toString('base64url')}`;
}
