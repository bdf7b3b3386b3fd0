import { accessRequestCreatePermission } from '@callgate/plugin-callgate-common';
import {
  accessInputFields,
  describePreview,
  toDraft,
} from '@callgate/plugin-callgate-node';
import { type ActionParts, READS } from './ActionParts';

/** `preview-access`: what access would mean. */
export function registerPreviewAccess(parts: ActionParts): void {
  const { registry, callgate } = parts;
  registry.register({
    name: 'preview-access',
    title: 'Preview what access to an API would mean',
    description: `Works out what would change if a caller were given access to an API: what opens, what becomes closed and who is cut by that, what is not enforced, who would decide, and whether the person who asks could send it.
Show "means", "findings" and "decidedBy" to the person before you ask for anything. The digest stands for exactly this meaning; request-access needs it.
It stores nothing and sends nothing.`,
    attributes: READS,
    visibilityPermission: accessRequestCreatePermission,
    schema: {
      input: zod => zod.object(accessInputFields(zod)),
      output: zod =>
        zod.object({
          means: zod
            .array(zod.string())
            .describe('What it means, as sentences, the first one in short'),
          findings: zod
            .array(zod.string())
            .describe('What has to be known or mended, with what to do'),
          digest: zod.string().describe('Stands for exactly this meaning'),
          canBeSent: zod.boolean(),
          whyNot: zod
            .string()
            .optional()
            .describe('Why it cannot be sent; absent where it can'),
          decidedBy: zod.string().describe('Who has to approve'),
          acknowledgeable: zod
            .array(zod.string())
            .describe(
              'Gaps of the enforcement that the person may accept in acknowledges. Ask them; do not accept any for them',
            ),
        }),
    },
    action: async ({ input, credentials }) => {
      const preview = await callgate.preview(toDraft(input), credentials);
      return {
        output: {
          ...describePreview(preview),
          digest: preview.digest,
          acknowledgeable: preview.acknowledgeable,
        },
      };
    },
  });
}
