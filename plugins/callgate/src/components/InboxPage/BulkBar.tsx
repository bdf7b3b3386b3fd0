import type { AccessRequestSummary } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { BulkDialog } from './BulkDialog';
import { PickedBar } from './PickedBar';
import { MOST_PICKED } from './usePicking';

/** What is picked, and the way to decide on it together. Nothing while nothing is picked. */
export function BulkBar(props: {
  picked: readonly AccessRequestSummary[];
  onClear: () => void;
  /** Something was decided. */
  onDecided: () => void;
}) {
  const { picked, onClear, onDecided } = props;
  const t = useText();
  // What is decided leaves the list; the dialog shows what became of it until it is closed.
  const [deciding, setDeciding] = useState<readonly AccessRequestSummary[]>();
  const most =
    picked.length === MOST_PICKED
      ? ` ${t('inbox.bulk.most', { number: String(MOST_PICKED) })}`
      : '';
  return (
    <>
      {picked.length > 0 && (
        <PickedBar
          label={t('inbox.bulk.label')}
          text={`${t('inbox.bulk.picked', { count: picked.length })}${most}`}
          clear={t('inbox.bulk.clear')}
          open={t('inbox.bulk.open')}
          onClear={onClear}
          onOpen={() => setDeciding(picked)}
        />
      )}
      {deciding && (
        <BulkDialog
          requests={deciding}
          onDecided={onDecided}
          onClose={decided => {
            setDeciding(undefined);
            if (decided) onClear();
          }}
        />
      )}
    </>
  );
}
