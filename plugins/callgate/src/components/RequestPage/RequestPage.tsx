import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import type { RequestState } from '@callgate/plugin-callgate-common';
import { callgateApiRef } from '../../api';
import { useLoaded, usePollWhile, useReloadOnChange } from '../../hooks';
import { useParams } from '../../routing';
import { useText } from '../../translation';
import { Status } from '../marks';
import { RequestView } from './RequestView';

const UNDER_WAY: readonly RequestState[] = ['approved', 'proposed'];

/** One request: may I say yes? */
export function RequestPage() {
  const { id = '' } = useParams();
  const callgate = useApi(callgateApiRef);
  const t = useText();
  const loaded = useLoaded(id, signal => callgate.getRequest(id, { signal }));
  const identity = useApi(identityApiRef);
  const me = useLoaded('me', () => identity.getBackstageIdentity());
  useReloadOnChange(loaded.reload, { withEstate: true });
  usePollWhile(
    loaded.value !== undefined && UNDER_WAY.includes(loaded.value.state),
    loaded.reload,
  );
  return (
    <Status loaded={loaded} failed={t('request.failed')} page>
      {request =>
        // What the reader has looked at before is known by who they are.
        (me.value || me.error) && (
          <RequestView
            key={request.id}
            request={request}
            loaded={loaded}
            reader={me.value?.userEntityRef}
          />
        )
      }
    </Status>
  );
}
