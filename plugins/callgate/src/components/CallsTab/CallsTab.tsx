import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { callgateApiRef } from '../../api';
import { useLoaded, useReloadOnChange } from '../../hooks';
import { useText } from '../../translation';
import { Status } from '../marks';
import { CallsView } from './CallsView';

/** The tab of what can call: what may it call, and what has been asked for? */
export function CallsTab() {
  const { entity } = useEntity();
  const ref = stringifyEntityRef(entity);
  const callgate = useApi(callgateApiRef);
  const t = useText();
  const loaded = useLoaded(ref, signal =>
    callgate.getCallerAccess(ref, { signal }),
  );
  useReloadOnChange(loaded.reload, { withEstate: true });
  return (
    <Status loaded={loaded} failed={t('calls.failed')}>
      {access => <CallsView access={access} onSent={loaded.reload} />}
    </Status>
  );
}
