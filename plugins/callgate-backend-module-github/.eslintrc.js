module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      // The main job is tested with the plugin that the module is for.
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
