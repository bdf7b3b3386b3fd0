import { composeYaml } from './composeYaml';

const most = 1024 * 1024;

describe('composeYaml', () => {
  it.each([
    ['dashes', '- '.repeat(100_000)],
    ['brackets', '['.repeat(100_000)],
    ['braces', '{a: '.repeat(50_000)],
    ['question marks', '? '.repeat(100_000)],
    [
      'keys',
      Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}k:`).join('\n'),
    ],
    [
      'dashes after something that is wrong',
      `a: !x\n@\n${'- '.repeat(50_000)}`,
    ],
  ])('refuses %s deeper than 200 levels before it composes them', (_, text) => {
    const { document, problem } = composeYaml(text, { most });
    expect(problem?.message).toMatch(/200 levels/);
    expect(document.toJS()).toBeNull();
  });

  it('composes 200 levels', () => {
    const text = `${'['.repeat(200)}${']'.repeat(200)}`;
    expect(composeYaml(text, { most }).problem).toBeUndefined();
  });

  it('finds a key that is there twice among many', () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `k${i}: 1\n`);
    const text = `${keys.join('')}a:\n  b: 1\n  b: 2\n`;
    const { counter, problem } = composeYaml(text, { most });
    expect(problem?.message).toBe('Map keys must be unique');
    expect(counter.linePos(problem?.offset ?? 0)).toEqual({
      line: 50_003,
      col: 3,
    });
  });

  it('refuses a second document and what is too long', () => {
    expect(composeYaml('a: 1\n---\nb: 1\n', { most }).problem).toMatchObject({
      message: expect.stringContaining('second document'),
      offset: 9,
    });
    expect(composeYaml('a: 1\n', { most: 4 }).problem?.message).toMatch(
      'more than 4 characters',
    );
  });

  it('reads nothing as nothing', () => {
    expect(composeYaml('', { most }).document.toJS()).toBeNull();
    expect(composeYaml('', { most }).problem).toBeUndefined();
  });
});
