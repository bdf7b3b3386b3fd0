import fs from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  accessInputFields,
  type CallgateRest,
} from '@callgate/plugin-callgate-node';
import { parse } from 'yaml';
import { z } from 'zod/v3';
import { createPreviewAction } from './createPreviewAction';
import { createRequestAction } from './createRequestAction';

const callgate = {} as CallgateRest;
const actions = [
  createPreviewAction({ callgate }),
  createRequestAction({ callgate }),
];
const README = fs.readFileSync(
  resolvePackagePath(
    '@callgate/plugin-scaffolder-backend-module-callgate',
    'README.md',
  ),
  'utf8',
);
const [, inReadme] = /```yaml\n([^]*?)```/.exec(README)!;

it.each([
  ...actions.flatMap(({ id, examples }) =>
    examples!.map(({ example }) => [`the example of ${id}`, example]),
  ),
  ['the README', inReadme],
])('%s is what the action takes', (_, text) => {
  const [{ action, input }] = parse(text).steps;
  const asks = action === 'callgate:access:request';
  const { error } = z
    .object({
      ...accessInputFields(z),
      ...(asks && { reason: z.string().min(1) }),
    })
    .strict()
    .safeParse(input);
  expect(error).toBeUndefined();
  expect(actions.map(({ id }) => id)).toContain(action);
});

it.each(actions)('the README tells what $id takes and puts out', action => {
  const { input, output } = action.schema! as Record<
    'input' | 'output',
    { properties: object }
  >;
  for (const name of [
    ...Object.keys(input.properties),
    ...Object.keys(output.properties),
  ]) {
    expect(README).toContain(`\`${name}\``);
  }
});
