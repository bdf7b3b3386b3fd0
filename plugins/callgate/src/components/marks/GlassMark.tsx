import type { BreakGlass } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Badge } from './Badge';

const TONES = {
  undecided: 'warn',
  confirmed: 'info',
  rejected: 'bad',
  lapsed: 'bad',
} as const;

/** That a request went on before anybody approved it, and what came of that. */
export function GlassMark({ breakGlass }: { breakGlass: BreakGlass }) {
  const t = useText();
  const { afterwards } = breakGlass;
  return (
    <Badge tone={TONES[afterwards]}>{t(`glass.outcome.${afterwards}`)}</Badge>
  );
}
