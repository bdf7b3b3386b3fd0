import { createHash } from 'node:crypto';
import { accessRequestCreatePermission } from '@callgate/plugin-callgate-common';
import { accessInputFields, toDraft } from '@callgate/plugin-callgate-node';
import type { ActionParts } from './ActionParts';

/** `request-access`: asks for what was previewed. */
export function registerRequestAccess(parts: ActionParts): void {
  const { registry, callgate, portal } = parts;
  registry.register({
    name: 'request-access',
    title: 'Ask for access to an API',
    description: `Sends a request for access, in the name of the person who asks, to the people who decide. Only when the person has read the preview and said that it is to be sent.
It needs the digest of preview-access with the same input; if the meaning has changed since, nothing is sent and the preview has to be read again.
It gives no access: others have to approve, and somebody has to merge. No action approves, rejects or merges; people do that in the portal. The person can withdraw the request there.
The same input again sends nothing anew and answers with the first request, whatever became of that: to ask again for what was rejected or withdrawn, give another reason.`,
    attributes: { readOnly: false, idempotent: true, destructive: false },
    visibilityPermission: accessRequestCreatePermission,
    schema: {
      input: zod =>
        zod.object({
          ...accessInputFields(zod),
          reason: zod
            .string()
            .min(1)
            .describe(
              'What the access is for, in the words of the person, for those who decide',
            ),
          digest: zod.string().describe('Of the preview that the person read'),
        }),
      output: zod =>
        zod.object({
          id: zod.string(),
          number: zod.number(),
          state: zod.string().describe('Where it stands, such as submitted'),
          waitsFor: zod.string(),
          url: zod.string().describe('Page of the request'),
        }),
    },
    action: async ({ input, credentials }) => {
      const { digest, ...asked } = input;
      const request = { ...toDraft(asked), digest };
      const key = createHash('sha256')
        .update(JSON.stringify(request))
        .digest('hex');
      const { id, number, state, waitsFor } = await callgate.createRequest(
        request,
        `action-${key}`,
        credentials,
      );
      const url = `${portal}/access/requests/${id}`;
      return { output: { id, number, state, waitsFor, url } };
    },
  });
}
