import { defineConfig } from '@playwright/test';
import base from './playwright.config';

/** The main job in a Backstage that `npm run test:install` has made and started, at `E2E_URL`. */
export default defineConfig({
  ...base,
  testDir: './install',
  webServer: undefined,
});
