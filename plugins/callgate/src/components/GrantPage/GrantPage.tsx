import { useApi } from '@backstage/core-plugin-api';
import { callgateApiRef } from '../../api';
import { useLoaded, useReloadOnChange } from '../../hooks';
import { useParams, useSearchParams } from '../../routing';
import { useText } from '../../translation';
import { Status } from '../marks';
import { GrantView } from './GrantView';

/** One grant: what may be called by it now, and how it came to that. */
export function GrantPage() {
  const { id = '' } = useParams();
  const [search] = useSearchParams();
  const api = search.get('of') ?? undefined;
  const callgate = useApi(callgateApiRef);
  const t = useText();
  const loaded = useLoaded(`${api ?? ''} ${id}`, signal =>
    callgate.getGrant(id, { ...(api !== undefined && { api }), signal }),
  );
  useReloadOnChange(loaded.reload, { withEstate: true });
  return (
    <Status loaded={loaded} failed={t('grant.loadFailed')} page>
      {grant => <GrantView grant={grant} reload={loaded.reload} />}
    </Status>
  );
}
