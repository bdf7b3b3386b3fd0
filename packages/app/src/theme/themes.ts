import { createUnifiedTheme, genPageTheme, palettes } from '@backstage/theme';

const NAVIGATION = {
  background: '#13242c',
  indicator: '#7ee0c3',
  color: '#b9c9cf',
  selectedColor: '#ffffff',
  navItem: { hoverBackground: '#21363f' },
  submenu: { background: '#1b2f38' },
};

/** One quiet header for every kind of page: colour is for state here, not for kinds. */
const HEADER = genPageTheme({ colors: ['#13323f', '#1f5a5e'], shape: 'none' });

/** portal.css says the same to Backstage UI, so that a page built from both looks like one. */
const FONT = '"Helvetica Neue", Helvetica, Arial, system-ui, sans-serif';

/** Buttons say sentences, they do not shout. Naming a component here replaces all that Backstage says of it. */
const COMPONENTS = {
  MuiButton: {
    styleOverrides: {
      root: { textTransform: 'none' as const },
      text: { padding: undefined },
    },
  },
};

/** The portal by day. */
export const lightTheme = createUnifiedTheme({
  palette: {
    ...palettes.light,
    background: { default: '#f6f8f8', paper: '#ffffff' },
    primary: { main: '#0f6b62' },
    error: { main: '#b3261e' },
    link: '#0b6a8a',
    linkHover: '#084c63',
    navigation: NAVIGATION,
  },
  fontFamily: FONT,
  defaultPageTheme: 'home',
  pageTheme: pageThemes(),
  components: COMPONENTS,
});

/** The portal by night. */
export const darkTheme = createUnifiedTheme({
  palette: {
    ...palettes.dark,
    background: { default: '#0f181c', paper: '#18242a' },
    primary: { main: '#7ee0c3' },
    error: { main: '#ff8a80' },
    link: '#8cc8ff',
    linkHover: '#b5dcff',
    navigation: NAVIGATION,
  },
  fontFamily: FONT,
  defaultPageTheme: 'home',
  pageTheme: pageThemes(),
  components: COMPONENTS,
});

function pageThemes() {
  const kinds = [
    'home',
    'documentation',
    'tool',
    'service',
    'website',
    'library',
    'other',
    'app',
    'apis',
    'card',
  ];
  return Object.fromEntries(kinds.map(kind => [kind, HEADER]));
}
