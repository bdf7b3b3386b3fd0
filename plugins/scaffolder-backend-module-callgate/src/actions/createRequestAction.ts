import { createHash } from 'node:crypto';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { AccessRequestDraft } from '@callgate/plugin-callgate-common';
import {
  accessInputFields,
  type CallgateRest,
  toDraft,
} from '@callgate/plugin-callgate-node';
import { requestExamples } from './examples';
import { previewOutputFields, putOut, toPreviewOutput } from './previewOutput';

/** `callgate:access:request`: previews, and asks for exactly what was previewed. */
export function createRequestAction(options: {
  callgate: Pick<CallgateRest, 'preview' | 'createRequest'>;
  /** Where people open the portal. */
  portal?: string;
}) {
  const { callgate, portal = '' } = options;
  return createTemplateAction({
    id: 'callgate:access:request',
    description:
      'Asks for access to an API, as whoever runs the template. The owners of the API decide; the step does not wait for them. In a dry run nothing is sent.',
    examples: requestExamples,
    supportsDryRun: true,
    schema: {
      input: zod =>
        zod.object({
          ...accessInputFields(zod),
          reason: zod
            .string()
            .min(1)
            .describe('What it is needed for, for those who decide'),
        }),
      output: zod =>
        zod.object({
          ...previewOutputFields(zod),
          requestId: zod.string().optional().describe('Id of the request'),
          requestNumber: zod
            .number()
            .optional()
            .describe('Number of the request, as people say it'),
          state: zod
            .string()
            .optional()
            .describe('Where it stands, such as submitted'),
          url: zod.string().optional().describe('Page of the request'),
        }),
    },
    async handler(ctx) {
      const credentials = await ctx.getInitiatorCredentials();
      const draft = toDraft(ctx.input);
      const key = keyOf(ctx, draft);
      const look = async () => {
        const preview = toPreviewOutput(
          await callgate.preview(draft, credentials),
        );
        if (!preview.canBeSent) {
          putOut(preview, ctx);
          throw new InputError(`Access cannot be asked for: ${preview.whyNot}`);
        }
        return preview;
      };
      if (ctx.isDryRun) {
        putOut(await look(), ctx);
        ctx.logger.info('Dry run: nothing was sent.');
        return;
      }
      // A task that goes on after a restart finds here what it has sent; if it stopped before that was kept, by the key.
      const sent = await ctx.checkpoint({
        key,
        fn: async () => {
          const preview = await look();
          const { id, number, state } = await callgate.createRequest(
            { ...draft, digest: preview.digest },
            key,
            credentials,
          );
          return { preview: { ...preview }, id, number, state };
        },
      });
      const url = `${portal}/access/requests/${sent.id}`;
      putOut(sent.preview, ctx);
      ctx.output('requestId', sent.id);
      ctx.output('requestNumber', sent.number);
      ctx.output('state', sent.state);
      ctx.output('url', url);
      ctx.logger.info(`Request #${sent.number} is ${sent.state}: ${url}`);
    },
  });
}

/** The same for every attempt of a step. With `each` one step asks for several things, so what is asked is part of it. */
function keyOf(
  { task, step }: { task: { id: string }; step?: { id?: string } },
  draft: AccessRequestDraft,
): string {
  const about = createHash('sha256')
    .update(JSON.stringify([task.id, step?.id, draft]))
    .digest('hex');
  return `scaffolder-${about}`;
}
