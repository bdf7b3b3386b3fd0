import { createApp } from '@backstage/frontend-defaults';
import { features } from './features';

/** The development portal. */
export const App = createApp({ features });
