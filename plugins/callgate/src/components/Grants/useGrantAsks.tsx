import type {
  AccessRequest,
  AccessRow,
  GrantInfo,
  GrantPage,
} from '@callgate/plugin-callgate-common';
import { type ReactNode, useState } from 'react';
import { useText } from '../../translation';
import { nameOf } from '../marks';
import { RequestDialog, SentMessage } from '../RequestDialog';
import { type GrantKind, GrantMenu } from './GrantMenu';
import { grantStart } from './grantStart';

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
  const [asked, setAsked] = useState<{ kind: GrantKind; grant: GrantPage }>();
  const [sent, setSent] = useState<AccessRequest>();
  return {
    menuOf: (grant, { caller }) =>
      grant.id !== '' &&
      caller.state !== 'hidden' && (
        <GrantMenu
          grant={grant}
          caller={nameOf(t, caller)}
          onAsk={(kind, page) => setAsked({ kind, grant: page })}
        />
      ),
    ask: (kind, page) => setAsked({ kind, grant: page }),
    dialog: (
      <>
        {asked && (
          <RequestDialog
            api={asked.grant.api}
            mode="request"
            start={grantStart(asked.kind, asked.grant)}
            grant={asked.grant}
            onClose={() => setAsked(undefined)}
            onSent={request => {
              setAsked(undefined);
              setSent(request);
              options.onSent();
            }}
          />
        )}
        {sent && (
          <SentMessage request={sent} onClose={() => setSent(undefined)} />
        )}
      </>
    ),
  };
}
