module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      // The actions are tested with the plugin that they are about.
      files: ['src/**/*.test.ts', 'src/**/__testUtils__/**'],
      rules: {
        '@backstage/no-mixed-plugin-imports': [
          'warn',
          { excludedTargetPackages: ['@callgate/plugin-callgate-backend'] },
        ],
      },
    },
  ],
});
