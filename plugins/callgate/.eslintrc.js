module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // What scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
    'jsx-a11y/no-noninteractive-tabindex': [
      'error',
      { roles: ['tabpanel', 'region', 'group'] },
    ],
    // A group moves the focus among its own rows (WAI-ARIA: roving tabindex).
    'jsx-a11y/no-noninteractive-element-interactions': [
      'error',
      { handlers: ['onClick'] },
    ],
  },
});
