const TEXTS = 'Facts of access are fields of the core: read them, not texts.';

/**
 * Views that look for what is hidden in identifiers, paths and manifests, which whoever wrote them made up: they leave
 * out, and say nothing of what they find.
 */
const HIDING = ['Discretion', 'secretWords'];

/**
 * Receivers of a call that are texts for certain or by their name. A text in a variable of another name is not seen, nor is one
 * that is compared letter by letter.
 */
const TEXT_NAMES =
  '/^(text|message|because|reason|title|name|ref|id|gap|note|example|from|to|end|path|file|yaml|words?|sentence|summary)$/';
const TEXT_RECEIVERS = [
  '[callee.object.type=/^(Literal|TemplateLiteral)$/]',
  '[callee.object.callee.property.name=/^(join|trim|toLowerCase|toUpperCase|toString|concat|padStart|padEnd)$/]',
  `[callee.object.name=${TEXT_NAMES}]`,
  `[callee.object.property.name=${TEXT_NAMES}]`,
];

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
              'CallExpression[callee.property.name=/^(startsWith|endsWith|match|matchAll|search|split|replace|replaceAll)$/]',
            message: TEXTS,
          },
          // Lists have these as well, and only types tell them apart: what is a text by how it is written or named is one.
          ...TEXT_RECEIVERS.map(receiver => ({
            selector: `CallExpression[callee.property.name=/^(includes|indexOf|lastIndexOf)$/]${receiver}`,
            message: TEXTS,
          })),
        ],
      },
    },
  ],
});
