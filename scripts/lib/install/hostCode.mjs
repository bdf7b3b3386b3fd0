import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../paths.mjs';

/**
 * Copies code of the company that the app belongs to into it.
 *
 * @param file - below `host`, such as `app/PeopleSignIn.tsx`
 */
export function copyHostCode(host, file) {
  const [part, ...rest] = file.split('/');
  fs.copyFileSync(
    inRoot('scripts/lib/install/host', file),
    path.join(host, 'packages', part, 'src', ...rest),
  );
}
