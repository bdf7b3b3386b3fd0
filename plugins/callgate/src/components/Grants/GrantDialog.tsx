import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import type {
  AccessRequest,
  GrantPage,
} from '@callgate/plugin-callgate-common';
import { useMemo } from 'react';
import { callgateApiRef } from '../../api';
import type { GrantAsk } from '../../draft';
import { useLoaded } from '../../hooks';
import { useText } from '../../translation';
import { Problem } from '../marks';
import { RequestDialog } from '../RequestDialog';
import { grantStart } from './grantStart';

interface Props {
  ask: GrantAsk;
  /** The grant, where the page has read it already. */
  known?: GrantPage;
  onClose: () => void;
  onSent: (request: AccessRequest) => void;
}

/** What is asked of a grant; it is read first where only the URL knows of it. */
export function GrantDialog(props: Props) {
  const { ask, known, ...then } = props;
  return known?.id === ask.grant && known.api.ref === ask.api ? (
    <Asked ask={ask} grant={known} {...then} />
  ) : (
    <LoadedGrant ask={ask} {...then} />
  );
}

function LoadedGrant({ ask, onClose, onSent }: Omit<Props, 'known'>) {
  const { api, grant } = ask;
  const t = useText();
  const callgate = useApi(callgateApiRef);
  const { value, error, reload } = useLoaded(`${api} ${grant}`, signal =>
    callgate.getGrant(grant, { api, signal }),
  );
  if (value) {
    return <Asked ask={ask} grant={value} onClose={onClose} onSent={onSent} />;
  }
  // Nothing moves on the page until it is there.
  if (!error) return null;
  return (
    <Dialog open onClose={onClose} aria-label={t('grants.notRead')}>
      <DialogContent>
        <Problem title={t('grants.notRead')} error={error} retry={reload} />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t('dialog.close')}</Button>
      </DialogActions>
    </Dialog>
  );
}

function Asked(props: {
  ask: GrantAsk;
  grant: GrantPage;
  onClose: () => void;
  onSent: (request: AccessRequest) => void;
}) {
  const { ask, grant, onClose, onSent } = props;
  const start = useMemo(
    () => grantStart(ask.kind, grant, ask.operations),
    [ask, grant],
  );
  return (
    <RequestDialog
      api={grant.api}
      mode="request"
      start={start}
      grant={grant}
      onClose={onClose}
      onSent={([request]) => onSent(request)}
    />
  );
}
