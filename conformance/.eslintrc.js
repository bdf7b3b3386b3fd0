const { createConfigForRole } = require('@backstage/cli/config/eslint-factory');

module.exports = createConfigForRole(__dirname, 'cli', {
  rules: {
    // It runs from its sources, where the engines' own sources lie beside it.
    'no-restricted-syntax': 'off',
  },
});
