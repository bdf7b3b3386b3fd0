module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      // The collator is tested with the plugin that it reads.
      files: ['src/**/*.test.ts'],
      rules: {
        '@backstage/no-mixed-plugin-imports': [
          'warn',
          { excludedTargetPackages: ['@callgate/plugin-callgate-backend'] },
        ],
      },
    },
  ],
});
