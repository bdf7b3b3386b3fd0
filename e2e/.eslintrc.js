const { createConfigForRole } = require('@backstage/cli/config/eslint-factory');

module.exports = createConfigForRole(__dirname, 'node-library', {
  rules: {
    // All of this package is tests, so all of its dependencies are for tests.
    'import/no-extraneous-dependencies': [
      'error',
      { devDependencies: true, packageDir: [__dirname] },
    ],
    // Playwright names its fixtures; nothing here is React or Jest.
    'jest/expect-expect': 'off',
  },
});
