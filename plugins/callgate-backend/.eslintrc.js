const TEXTS = 'Facts of access are fields of the core: read them, not texts.';

/**
 * Views that look for what is hidden in identifiers, paths and manifests, which whoever wrote them made up: they leave
 * out, and say nothing of what they find.
 */
const HIDING = ['Discretion', 'secretWords'];

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      files: ['src/access/views/*.ts'],
      excludedFiles: [
        '*.test.ts',
        ...HIDING.map(name => `src/access/views/${name}.ts`),
      ],
      rules: {
        'no-restricted-syntax': [
          'error',
          { selector: 'Literal[regex]', message: TEXTS },
          { selector: "NewExpression[callee.name='RegExp']", message: TEXTS },
          {
            selector:
              'CallExpression[callee.property.name=/^(startsWith|endsWith|match|matchAll|search)$/]',
            message: TEXTS,
          },
        ],
      },
    },
  ],
});
