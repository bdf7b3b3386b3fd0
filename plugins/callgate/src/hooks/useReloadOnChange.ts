import { useSignal } from '@backstage/plugin-signals-react';
import {
  CALLGATE_SIGNAL_CHANNEL,
  type CallgateChange,
} from '@callgate/plugin-callgate-common';
import { useEffect, useRef } from 'react';

type Signal = { [name in keyof CallgateChange]: string };

/** Reads again when somebody else changed something; without signals in the portal a page shows what it read once. */
export function useReloadOnChange(reload: () => void) {
  const { lastSignal } = useSignal<Signal>(CALLGATE_SIGNAL_CHANNEL);
  const seen = useRef(lastSignal);
  useEffect(() => {
    if (lastSignal && lastSignal !== seen.current) {
      seen.current = lastSignal;
      reload();
    }
  }, [lastSignal, reload]);
}
