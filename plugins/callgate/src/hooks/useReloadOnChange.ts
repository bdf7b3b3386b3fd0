import { useSignal } from '@backstage/plugin-signals-react';
import {
  CALLGATE_SIGNAL_CHANNEL,
  type CallgateChange,
} from '@callgate/plugin-callgate-common';
import { useEffect, useRef } from 'react';

type Signal = { [name in keyof CallgateChange]: string };

/**
 * Reads again when somebody else changed something; without signals in the portal a page shows what it read once.
 *
 * @param options.withEstate - the page also says what runs in the clusters. That changes without anybody having done something
 * here, so that a page nobody looks at waits until it is looked at.
 */
export function useReloadOnChange(
  reload: () => void,
  { withEstate = false } = {},
) {
  const { lastSignal } = useSignal<Signal>(CALLGATE_SIGNAL_CHANNEL);
  const seen = useRef(lastSignal);
  const waiting = useRef(false);
  useEffect(() => {
    if (!lastSignal || lastSignal === seen.current) return;
    seen.current = lastSignal;
    if (lastSignal.subject !== 'estate') reload();
    else if (withEstate && document.hidden) waiting.current = true;
    else if (withEstate) reload();
  }, [lastSignal, reload, withEstate]);
  useEffect(() => {
    const look = () => {
      if (document.hidden || !waiting.current) return;
      waiting.current = false;
      reload();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [reload]);
}
