import {
  parsePathPattern,
  PathPattern,
  pathPatternCovers,
  pathPatternKey,
  withBasePath,
} from './pathPattern';

function pattern(text: string): PathPattern {
  const parsed = parsePathPattern(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.pattern;
}

describe('parsePathPattern', () => {
  it('reads literals, parameters and a last rest', () => {
    expect(pattern('/a/{id}/{path+}').segments).toEqual([
      { kind: 'literal', text: 'a' },
      { kind: 'any', name: 'id' },
      { kind: 'rest', name: 'path' },
    ]);
  });

  it('takes a trailing slash as part of the path', () => {
    expect(pathPatternKey(pattern('/a/'))).not.toBe(
      pathPatternKey(pattern('/a')),
    );
  });

  it.each([
    ['/v1/orders:search', 'orders:search'],
    ['/v1/{order.id}', 'order.id'],
    ['/v1/{order.id+}', 'order.id'],
  ])(
    'reads custom verbs of literals and dotted parameters: %s',
    (path, last) => {
      const segment = pattern(path).segments[1];
      expect('text' in segment ? segment.text : segment.name).toBe(last);
    },
  );

  it('refuses a custom verb behind a parameter, and says why', () => {
    expect(parsePathPattern('/v1/{name}:cancel')).toEqual({
      problem:
        'ends in the verb ":cancel" behind a parameter ("{name}:cancel"): templates stand for whole segments at every layer, so that nothing tells it from the other verbs there',
    });
  });

  it('refuses what is too long', () => {
    expect(parsePathPattern(`/${'a'.repeat(2000)}`)).toHaveProperty('problem');
  });
});

describe('pathPatternKey', () => {
  it('does not depend on the names of parameters', () => {
    expect(pathPatternKey(pattern('/a/{id}'))).toBe(
      pathPatternKey(pattern('/a/{name}')),
    );
    expect(pathPatternKey(pattern('/a/{id}'))).not.toBe(
      pathPatternKey(pattern('/a/{id+}')),
    );
  });
});

describe('withBasePath', () => {
  it('puts literal segments in front', () => {
    expect(withBasePath('/api/v1', pattern('/a/{id}'))).toEqual(
      pattern('/api/v1/a/{id}'),
    );
    expect(withBasePath('', pattern('/a'))).toEqual(pattern('/a'));
  });
});

describe('pathPatternCovers', () => {
  it.each([
    ['/a', '/a', true],
    ['/a', '/b', false],
    ['/a', '/a/b', false],
    ['/a', '/a/', false],
    ['/{x}', '/a', true],
    ['/{x}', '/{y}', true],
    ['/{x}', '/', false],
    ['/a', '/{x}', false],
    ['/{x}', '/{y+}', false],
    ['/{x+}', '/a/b/c', true],
    ['/{x+}', '/{y+}', true],
    ['/a/{x+}', '/a', false],
    ['/a/{x+}', '/b/c', false],
    ['/a/b', '/a/{x+}', false],
  ])('%s covers %s: %s', (outer, inner, covers) => {
    expect(pathPatternCovers(pattern(outer), pattern(inner))).toBe(covers);
  });
});
