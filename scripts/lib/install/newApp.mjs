import fs from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { edit, without } from './edit.mjs';
import { copyHostCode } from './hostCode.mjs';

/** The new frontend system, with the template's permission policy, on SQLite. */
export const newApp = {
  title: 'new frontend system, SQLite',
  createApp: { version: '0.9.2', options: [] },
  leftOut: [
    '@backstage/plugin-app-visualizer',
    '@backstage/plugin-auth',
    '@backstage/plugin-home',
  ],
  policy: false,
  database: 'better-sqlite3',

  leaveOut(host) {
    const app = path.join(host, 'packages/app/src');
    // The menu's search, and the home page with its module and its configuration.
    edit(path.join(app, 'modules/nav/Sidebar.tsx'), text =>
      without(
        text,
        `import SearchIcon [^\n]*\n`,
        `import { SidebarSearchModal } [^\n]*\n`,
        ` *<SidebarGroup label="Search"[^]*?</SidebarGroup>\n`,
      ),
    );
    fs.rmSync(path.join(app, 'modules/home'), { recursive: true });
    edit(path.join(app, 'App.tsx'), text =>
      without(text, `import { homeModule } [^\n]*\n`, `, homeModule`),
    );
    edit(path.join(host, 'app-config.yaml'), text => {
      const config = parseDocument(text);
      const extensions = config.getIn(['app', 'extensions']);
      extensions.items = extensions.items.filter(
        item => !/home/.test(JSON.stringify(item)),
      );
      return config.toString();
    });
  },

  // `app.packages: all` finds the package.
  addCallgate() {},

  addSignIn(host) {
    copyHostCode(host, 'app/peopleModule.ts');
    edit(path.join(host, 'packages/app/src/App.tsx'), text =>
      `import { peopleModule } from './peopleModule';\n${text}`.replace(
        'features: [',
        'features: [peopleModule, ',
      ),
    );
  },
};
