import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  accessInputFields,
  type CallgateRest,
  toDraft,
} from '@callgate/plugin-callgate-node';
import { previewExamples } from './examples';
import { previewOutputFields, putOut, toPreviewOutput } from './previewOutput';

/** `callgate:access:preview`: says what access would mean. Nothing is sent, and what cannot be sent fails nothing. */
export function createPreviewAction(options: {
  callgate: Pick<CallgateRest, 'preview'>;
}) {
  const { callgate } = options;
  return createTemplateAction({
    id: 'callgate:access:preview',
    description:
      'Says what access to an API would mean, whether it can be asked for, and who decides. Nothing is sent.',
    examples: previewExamples,
    supportsDryRun: true,
    schema: {
      input: zod => zod.object(accessInputFields(zod)),
      output: zod => zod.object(previewOutputFields(zod)),
    },
    async handler(ctx) {
      const preview = await callgate.preview(
        toDraft(ctx.input),
        await ctx.getInitiatorCredentials(),
      );
      const output = toPreviewOutput(preview);
      putOut(output, ctx);
      if (output.whyNot) {
        ctx.logger.warn(`It cannot be sent: ${output.whyNot}`);
      }
    },
  });
}
