import { DraftMode, draftToSearch } from '../../draft';
import { useEntityPath } from '../../routing';
import { useText } from '../../translation';
import { CopyLinkButton, operationInput } from '../marks';
import type { RequestForm } from './useRequestForm';

/** A link that opens this request filled in, for those who may send it. */
export function CopyLink(props: {
  api: string;
  mode: DraftMode;
  form: RequestForm;
}) {
  const { api, mode, form } = props;
  const t = useText();
  const entityPath = useEntityPath();
  const { caller, operations, clusters, reason } = form;
  const path = entityPath(api, 'access');
  if (!caller || !path) {
    return null;
  }
  const search = draftToSearch(mode, {
    caller: caller.ref,
    operations: operations.map(operationInput),
    in: clusters,
    reason,
  });
  return (
    <div>
      <CopyLinkButton
        size="small"
        to={`${path}?${search}`}
        label={t('dialog.copyLink', { caller: caller.name })}
        copied={t('dialog.copied')}
        failed={t('dialog.copyFailed')}
      />
    </div>
  );
}
