import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { callgateApiRef } from '../../api';
import { useDraftInUrl } from '../../draft';
import { useLoaded, useReloadOnChange } from '../../hooks';
import { useText } from '../../translation';
import { Status } from '../marks';
import { RequestDialog, SentMessage } from '../RequestDialog';
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
  const [sent, setSent] = useState<AccessRequest>();
  return (
    <Status loaded={loaded} failed={t('access.failed')}>
      {access => (
        <>
          <ApiAccessView access={access} onAsk={open} onSent={loaded.reload} />
          {asked && (
            <RequestDialog
              api={access.api}
              mode={asked.mode}
              start={asked.draft}
              onClose={close}
              onSent={request => {
                close();
                setSent(request);
                loaded.reload();
              }}
            />
          )}
          {sent && (
            <SentMessage request={sent} onClose={() => setSent(undefined)} />
          )}
        </>
      )}
    </Status>
  );
}
