import {
  createTranslationRef,
  TranslationFunction,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { accessMessages } from './access.messages';
import { dialogMessages } from './dialog.messages';
import { marksMessages } from './marks.messages';
import { pagesMessages } from './pages.messages';

/**
 * Every word that the pages of Callgate say. Portals replace them with a translation resource for this ref.
 *
 * @public
 */
export const callgateTranslationRef = createTranslationRef({
  id: 'plugin.callgate',
  messages: {
    ...marksMessages,
    ...accessMessages,
    ...dialogMessages,
    ...pagesMessages,
  },
});

/** Says a message of {@link callgateTranslationRef}. */
export type Text = TranslationFunction<(typeof callgateTranslationRef)['T']>;

/** The words of the pages, in the reader's language. */
export function useText(): Text {
  return useTranslationRef(callgateTranslationRef).t;
}
