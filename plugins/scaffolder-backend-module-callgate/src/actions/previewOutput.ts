import type { Preview } from '@callgate/plugin-callgate-common';
import {
  describePreview,
  type PreviewWords,
} from '@callgate/plugin-callgate-node';
import type { z } from 'zod/v3';

/** What a preview puts out for later steps. */
export interface PreviewOutput extends PreviewWords {
  digest: string;
}

export function previewOutputFields(zod: typeof z) {
  return {
    means: zod
      .array(zod.string())
      .describe('What it means, as sentences, the first one in short'),
    findings: zod
      .array(zod.string())
      .describe('What has to be known or mended, each with what to do'),
    digest: zod.string().describe('What identifies this meaning'),
    canBeSent: zod.boolean().describe('Whether it can be sent as it is'),
    whyNot: zod
      .string()
      .optional()
      .describe('Why it cannot be sent; absent where it can'),
    decidedBy: zod.string().describe('Who has to approve'),
  };
}

export function toPreviewOutput(preview: Preview): PreviewOutput {
  return { ...describePreview(preview), digest: preview.digest };
}

/** Puts out what there is, and tells it in the log of the step. */
export function putOut(
  output: PreviewOutput,
  ctx: {
    output(name: keyof PreviewOutput, value: string | boolean | string[]): void;
    logger: { info(text: string): void };
  },
): void {
  for (const [name, value] of Object.entries(output)) {
    ctx.output(name as keyof PreviewOutput, value);
  }
  for (const text of [...output.means, ...output.findings]) {
    ctx.logger.info(text);
  }
  ctx.logger.info(`Who decides: ${output.decidedBy}`);
}
