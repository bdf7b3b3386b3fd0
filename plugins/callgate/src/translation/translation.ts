import {
  createTranslationRef,
  TranslationFunction,
  TranslationRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { accessMessages } from './access.messages';
import { claimsMessages } from './claims.messages';
import { clustersMessages } from './clusters.messages';
import { dialogMessages } from './dialog.messages';
import { flagsMessages } from './flags.messages';
import { glassMessages } from './glass.messages';
import { grantsMessages } from './grants.messages';
import { importsMessages } from './imports.messages';
import { marksMessages } from './marks.messages';
import { pagesMessages } from './pages.messages';
import { reviewsMessages } from './reviews.messages';
import { rulesMessages } from './rules.messages';
import { severalMessages } from './several.messages';
import { sittingMessages } from './sitting.messages';
import { statesMessages } from './states.messages';

const messages = createTranslationRef({
  id: 'plugin.callgate',
  messages: {
    ...marksMessages,
    ...accessMessages,
    ...dialogMessages,
    ...grantsMessages,
    ...flagsMessages,
    ...glassMessages,
    ...pagesMessages,
    ...claimsMessages,
    ...clustersMessages,
    ...importsMessages,
    ...rulesMessages,
    ...severalMessages,
    ...sittingMessages,
    ...reviewsMessages,
    ...statesMessages,
  },
});

/**
 * Every word that the pages of Callgate say. Portals replace them with a translation resource for this ref; the keys are
 * those of the files `*.messages.ts`, joined by dots.
 *
 * @public
 */
export const callgateTranslationRef: TranslationRef<
  'plugin.callgate',
  Record<string, string>
> = messages;

/** Says a message of {@link callgateTranslationRef}. */
export type Text = TranslationFunction<(typeof messages)['T']>;

/** The words of the pages, in the reader's language. */
export function useText(): Text {
  return useTranslationRef(messages).t;
}
