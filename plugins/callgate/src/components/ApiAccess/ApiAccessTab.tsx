import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { callgateApiRef } from '../../api';
import { useDraftInUrl, useSittingInUrl } from '../../draft';
import { useLoaded, useReloadOnChange } from '../../hooks';
import { useText } from '../../translation';
import { Status } from '../marks';
import { RequestDialog, SentMessage } from '../RequestDialog';
import { SittingDialog } from '../Sitting';
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
  useReloadOnChange(loaded.reload, { withEstate: true });
  const { asked, open, close } = useDraftInUrl();
  const several = useSittingInUrl();
  const [sent, setSent] = useState<readonly AccessRequest[]>();
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
              onSeveral={several.open}
              onSent={requests => {
                close();
                setSent(requests);
                loaded.reload();
              }}
            />
          )}
          {several.caller !== undefined && (
            <SittingDialog
              key={several.caller}
              caller={several.caller}
              onClose={several.close}
              onSent={() => {
                several.close();
                loaded.reload();
              }}
            />
          )}
          {sent && (
            <SentMessage requests={sent} onClose={() => setSent(undefined)} />
          )}
        </>
      )}
    </Status>
  );
}
