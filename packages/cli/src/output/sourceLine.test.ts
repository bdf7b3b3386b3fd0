import type { Finding } from '@callgate/policy';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from '../__fixtures__/runCaptured';
import { SourceLines } from './sourceLine';

afterEach(removeFolders);

const at = (file: string, line?: number, column?: number): Finding => ({
  code: 'invalid-object',
  severity: 'error',
  message: 'm',
  fix: 'f',
  objects: [],
  at: { file, ...(line && { line }), ...(column && { column }) },
});

/** The shown text that the caret stands under. */
function pointedAt(shown: string): string {
  const [, line, caret] = shown.split('\n');
  return line.slice(caret.indexOf('^'));
}

describe('the line that a finding is about', () => {
  const lines = (text: string) =>
    new SourceLines(folderWith({ 'a.yaml': text }));

  it('has a caret under the column', () => {
    expect(
      lines('kind: X\nspec: { port: 99999 }\n').of(at('a.yaml', 2, 9)),
    ).toBe('\n  2 | spec: { port: 99999 }\n              ^');
  });

  it('has it under the first word where no column is known', () => {
    expect(pointedAt(lines('a:\n    port: 1\n').of(at('a.yaml', 2)))).toBe(
      'port: 1',
    );
  });

  it('shows the part that matters of a very long line', () => {
    const shown = lines(`a: ${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`).of(
      at('a.yaml', 1, 5004),
    );
    expect(pointedAt(shown)).toMatch(/^HEREy+$/);
    expect(shown.length).toBeLessThan(300);
  });

  it('moves neither caret nor cursor by tabs and control characters', () => {
    const shown = lines('\t\u001b[2Jx: 1').of(at('a.yaml', 1, 6));
    expect(shown).not.toMatch(/\t/);
    expect(shown).not.toContain('\u001b');
    expect(pointedAt(shown)).toBe('x: 1');
  });

  it.each([
    ['a file that is not there', at('b.yaml', 1)],
    ['a line that is not there', at('a.yaml', 9)],
    ['a file alone', at('a.yaml')],
  ])('is left out for %s', (_, finding) => {
    expect(lines('a: 1\n').of(finding)).toBe('');
  });

  it('is printed under errors', async () => {
    const cwd = folderWith({
      'world.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: a, namespace: shop }
spec:
  podSelector: {}
  ingress:
    - ports: [{ port: 99999 }]
`,
    });
    const { stderr } = await runCaptured(
      ['reach', '--world', 'world.yaml', '-o', 'table'],
      { cwd },
    );
    expect(stderr).toMatch(/^error: world\.yaml:7:\d+: /m);
    expect(stderr).toMatch(
      /\n {2}7 \| {5}- ports: \[\{ port: 99999 \}\]\n +\^\n/,
    );
  });
});
