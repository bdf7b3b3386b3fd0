import { Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import type { Finding } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { ProviderAskDialog } from './ProviderAskDialog';

/** What can be done about a component that nobody has confirmed as a provider, by whoever may ask for it. */
export function ProviderAskAction(props: {
  ask: NonNullable<Finding['ask']>;
  onSent: () => void;
}) {
  const { ask, onSent } = props;
  const t = useText();
  const requestRoute = useOptionalRouteRef(requestRouteRef);
  const [open, setOpen] = useState(false);
  if (ask.request !== undefined) {
    return requestRoute ? (
      <Link to={requestRoute({ id: ask.request })}>{t('confirm.asked')}</Link>
    ) : (
      <>{t('confirm.asked')}</>
    );
  }
  return (
    <>
      <Button size="small" color="primary" onClick={() => setOpen(true)}>
        {t('confirm.ask')}
      </Button>
      {open && (
        <ProviderAskDialog
          ask={ask}
          onClose={() => setOpen(false)}
          onSent={() => {
            setOpen(false);
            onSent();
          }}
        />
      )}
    </>
  );
}
