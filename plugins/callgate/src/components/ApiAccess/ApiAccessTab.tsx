import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { callgateApiRef } from '../../api';
import { useDraftInUrl } from '../../draft';
import { useLoaded, useReloadOnChange } from '../../hooks';
import { useText } from '../../translation';
import { Status } from '../marks';
import { RequestDialog } from '../RequestDialog';
import { ApiAccessView } from './ApiAccessView';

/** The tab of an API: who can call this, and is that what we decided? */
export function ApiAccessTab() {
  const { entity } = useEntity();
  const ref = stringifyEntityRef(entity);
  const callgate = useApi(callgateApiRef);
  const t = useText();
  const loaded = useLoaded(ref, signal =>
    callgate.getApiAccess(ref, { signal }),
  );
  useReloadOnChange(loaded.reload);
  const { asked, open, close } = useDraftInUrl();
  return (
    <Status loaded={loaded} failed={t('access.failed')}>
      {access => (
        <>
          <ApiAccessView access={access} onAsk={open} onSent={loaded.reload} />
          {asked && (
            <RequestDialog
              api={access.api}
              owners={access.owners}
              mode={asked.mode}
              start={asked.draft}
              onClose={close}
              onSent={() => {
                close();
                loaded.reload();
              }}
            />
          )}
        </>
      )}
    </Status>
  );
}
