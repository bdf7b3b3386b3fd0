import fs from 'node:fs';
import path from 'node:path';
import { documented } from './documented.mjs';
import { above, edit, without } from './edit.mjs';

/** An import statement of one package, on one line or several. */
const importOf = name => `import \\{[^}]*\\} from '${name}';\n`;

/** An element in a line of its own, with what is in it. */
const element = (tag, attributes) =>
  ` *<${tag} ${attributes}(?:[^]*?</${tag}>|[^\n]*/>)\n`;

/** The classic frontend system, with a permission policy of the company's own, on PostgreSQL. */
export const classicApp = {
  title: 'classic frontend system, PostgreSQL, a permission policy of its own',
  createApp: { version: '0.9.2', options: ['--legacy'] },
  leftOut: [],
  policy: true,
  database: 'pg',

  leaveOut(host) {
    const app = path.join(host, 'packages/app/src');
    fs.rmSync(path.join(app, 'components/search'), { recursive: true });
    edit(path.join(app, 'App.tsx'), withoutPluginsInApp);
    edit(
      path.join(app, 'components/catalog/EntityPage.tsx'),
      withoutPluginsOnEntities,
    );
    edit(path.join(app, 'components/Root/Root.tsx'), text =>
      without(
        text,
        `import LibraryBooks [^\n]*\n`,
        `import CreateComponentIcon [^\n]*\n`,
        `import SearchIcon [^\n]*\n`,
        importOf('@backstage/plugin-search'),
        element('SidebarGroup', 'label="Search"'),
        ` *<SidebarItem icon={LibraryBooks}[^\n]*\n`,
        ` *<SidebarItem icon={CreateComponentIcon}[^\n]*\n`,
      ),
    );
  },

  addCallgate(host) {
    const app = path.join(host, 'packages/app/src');
    edit(path.join(app, 'App.tsx'), text =>
      above(
        `${documented('classic-pages')}\n${text}`,
        '</FlatRoutes>',
        documented('classic-routes'),
      ),
    );
    edit(path.join(app, 'components/Root/Root.tsx'), text =>
      above(
        `${documented('classic-menu')}\n${text}`,
        '{/* End global nav */}',
        documented('classic-menu-entry'),
      ),
    );
    edit(path.join(app, 'components/catalog/EntityPage.tsx'), withTabs);
  },

  addSignIn(host) {
    edit(path.join(host, 'packages/app/src/App.tsx'), text =>
      without(
        `import { PeopleSignIn } from './PeopleSignIn';\n${text}`,
        `\n  SignInPage,`,
      ).replace(/SignInPage: props => [^\n]*/, 'SignInPage: PeopleSignIn,'),
    );
  },
};

function withoutPluginsInApp(text) {
  return without(
    text,
    importOf('@backstage/plugin-catalog-import'),
    importOf('@backstage/plugin-scaffolder'),
    importOf('@backstage/plugin-search'),
    importOf('@backstage/plugin-techdocs'),
    importOf('@backstage/plugin-techdocs-react'),
    importOf('@backstage/plugin-techdocs-module-addons-contrib'),
    importOf('./components/search/SearchPage'),
    // For the route of the catalog import alone, and for links to what is left out.
    importOf('@backstage/plugin-permission-react'),
    importOf('@backstage/plugin-catalog-common/alpha'),
    `apiDocsPlugin, `,
    ...['catalogPlugin', 'apiDocsPlugin', 'scaffolderPlugin'].map(
      plugin => ` *bind\\(${plugin}\\.externalRoutes, {[^]*?}\\);\n`,
    ),
    ` *<Route path="/docs" [^\n]*\n`,
    ` *<Route\\s+path="/docs/[^]*?</Route>\n`,
    ` *<Route path="/create" [^\n]*\n`,
    ` *<Route\\s+path="/catalog-import"[^]*?\n    />\n`,
    element('Route', 'path="/search"'),
  );
}

function withoutPluginsOnEntities(text) {
  const docs = element('EntityLayout.Route', 'path="/docs"');
  const kubernetes = ` *<EntityLayout\\.Route\\s+path="/kubernetes"[^]*?</EntityLayout\\.Route>\n`;
  return without(
    text,
    importOf('@backstage/plugin-techdocs'),
    importOf('@backstage/plugin-techdocs-react'),
    importOf('@backstage/plugin-techdocs-module-addons-contrib'),
    importOf('@backstage/plugin-kubernetes'),
    `const techdocsContent = [^]*?\n\\);\n`,
    // Of services, websites and all others; of services and websites.
    ...[docs, docs, docs],
    ...[kubernetes, kubernetes],
  );
}

/** Tabs as docs/install.md has them: of APIs, of components, and the page of an AccessPolicy. */
function withTabs(text) {
  let page = `${documented('classic-tabs')}\n${text}`;
  page = inLayout(page, 'apiPage', documented('classic-api-tab'));
  for (const layout of [
    'serviceEntityPage',
    'websiteEntityPage',
    'defaultEntityPage',
  ]) {
    page = inLayout(page, layout, documented('classic-calls-tab'));
  }
  page = above(
    page,
    'export const entityPage = (',
    documented('classic-policy-page'),
  );
  return above(
    page,
    `<EntitySwitch.Case if={isKind('api')} children={apiPage} />`,
    documented('classic-policy-case'),
  );
}

/** Puts something at the end of a layout, which is a constant of the template. */
function inLayout(text, name, inserted) {
  const [before, after] = text.split(`const ${name} = (\n`);
  return `${before}const ${name} = (\n${above(
    after,
    '</EntityLayout>',
    inserted,
  )}`;
}
