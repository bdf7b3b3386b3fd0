module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      // What agents send is tested with the plugin that takes it.
      files: ['src/**/*.test.ts', 'src/**/__testUtils__/**'],
      rules: {
        '@backstage/no-mixed-plugin-imports': [
          'warn',
          { excludedTargetPackages: ['@callgate/plugin-callgate-backend'] },
        ],
      },
    },
    {
      // Cases that all forges share assert by themselves.
      files: ['src/**/*.test.ts'],
      rules: {
        'jest/expect-expect': [
          'warn',
          { assertFunctionNames: ['expect', 'run'] },
        ],
      },
    },
  ],
});
