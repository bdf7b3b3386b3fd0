import type {
  AccessRequest,
  AccessRow,
  GrantInfo,
  GrantPage,
} from '@callgate/plugin-callgate-common';
import { type ReactNode, useState } from 'react';
import { type GrantKind, useGrantAskInUrl } from '../../draft';
import { useText } from '../../translation';
import { nameOf } from '../marks';
import { SentMessage } from '../RequestDialog';
import { GrantDialog } from './GrantDialog';
import { GrantMenu } from './GrantMenu';

/** Menus of grants in rows, and the dialog that they open. */
export function useGrantAsks(options: {
  /** Something was asked: what is shown is not all that is under way any more. */
  onSent: () => void;
}): {
  /** The menu of one grant; nothing where the reader may not know it. */
  menuOf: (grant: GrantInfo, row: AccessRow) => ReactNode;
  /** Opens the dialog for one grant. */
  ask: (kind: GrantKind, grant: GrantPage) => void;
  /** What the menus open. */
  dialog: ReactNode;
} {
  const t = useText();
  const { asked, open, close } = useGrantAskInUrl();
  const [known, setKnown] = useState<GrantPage>();
  const [sent, setSent] = useState<AccessRequest>();
  const ask = (kind: GrantKind, page: GrantPage) => {
    setKnown(page);
    open({ kind, api: page.api.ref, grant: page.id });
  };
  return {
    menuOf: (grant, { caller }) =>
      grant.id !== '' &&
      caller.state !== 'hidden' && (
        <GrantMenu grant={grant} caller={nameOf(t, caller)} onAsk={ask} />
      ),
    ask,
    dialog: (
      <>
        {asked && (
          <GrantDialog
            ask={asked}
            known={known}
            onClose={close}
            onSent={request => {
              close();
              setSent(request);
              options.onSent();
            }}
          />
        )}
        {sent && (
          <SentMessage requests={[sent]} onClose={() => setSent(undefined)} />
        )}
      </>
    ),
  };
}
