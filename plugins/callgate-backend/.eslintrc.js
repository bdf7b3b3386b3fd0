const TEXTS = 'Facts of access are fields of the core: read them, not texts.';

/** Views that say who can call what. The others of their folder still read names and labels. */
const ROWS = ['apiAccess', 'apiPorts', 'callerAccess', 'edgeClusters', 'edges'];
const ROW_PARTS = ['grantInfo', 'reached', 'standings'];

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      files: [...ROWS, ...ROW_PARTS].map(name => `src/access/views/${name}.ts`),
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
