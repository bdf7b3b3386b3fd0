import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import IconButton from '@material-ui/core/IconButton';
import ListItemText from '@material-ui/core/ListItemText';
import Menu from '@material-ui/core/Menu';
import MenuItem from '@material-ui/core/MenuItem';
import type { PopoverActions } from '@material-ui/core/Popover';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import MoreVertIcon from '@material-ui/icons/MoreVert';
import type { GrantInfo, GrantPage } from '@callgate/plugin-callgate-common';
import { forwardRef, useEffect, useId, useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { GRANT_KINDS, type GrantKind } from '../../draft';
import { useLoaded } from '../../hooks';
import { useGrantPath } from '../../routing';
import { useText } from '../../translation';
import { operationText, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  button: {
    marginTop: theme.spacing(-0.375),
    '&:focus-visible': { outline: '2px solid currentColor' },
  },
  paper: { maxWidth: 320 },
  item: { whiteSpace: 'normal' },
  disabled: {
    whiteSpace: 'normal',
    cursor: 'default',
    color: quietText(theme),
  },
  said: { padding: theme.spacing(1, 2), color: quietText(theme) },
}));

/** What may be done is asked when the menu is opened: a list of grants does not say it. */
const Items = forwardRef<
  HTMLDivElement,
  {
    grant: Pick<GrantInfo, 'id' | 'api'>;
    onAsk: (kind: GrantKind, grant: GrantPage) => void;
    /** It has another size now. */
    onSize: () => void;
  }
>(({ grant: { id, api }, onAsk, onSize }, ref) => {
  const classes = useStyles();
  const t = useText();
  const callgate = useApi(callgateApiRef);
  const { value, error } = useLoaded(`${api} ${id}`, signal =>
    callgate.getGrant(id, { api, signal }),
  );
  useEffect(() => {
    if (value) onSize();
    // Where it stands is told once its items are there.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [value]);
  if (!value) {
    return (
      <Typography
        variant="body2"
        component="li"
        role="menuitem"
        aria-disabled
        tabIndex={-1}
        className={classes.said}
      >
        {error ? `${t('grants.failed')} ${error.message}` : t('status.loading')}
      </Typography>
    );
  }
  return (
    <div ref={ref} role="presentation">
      {GRANT_KINDS.map(kind => {
        const { allowed, reason } = value[kind];
        return (
          <MenuItem
            key={kind}
            dense
            // Not `disabled`, so that its reason can be reached and heard.
            aria-disabled={!allowed}
            className={allowed ? classes.item : classes.disabled}
            onClick={allowed ? () => onAsk(kind, value) : undefined}
          >
            <ListItemText
              primary={t(`grants.${kind}`)}
              secondary={allowed ? undefined : reason}
            />
          </MenuItem>
        );
      })}
    </div>
  );
});

/** What can be done about one grant: read its history, change, renew, end it. What the reader may not do stands there with its reason. */
export function GrantMenu(props: {
  grant: Pick<GrantInfo, 'id' | 'api' | 'operations'>;
  /** Whose grant it is, by name. */
  caller: string;
  onAsk: (kind: GrantKind, grant: GrantPage) => void;
}) {
  const { grant, caller, onAsk } = props;
  const classes = useStyles();
  const t = useText();
  const menuId = useId();
  const position = useRef<PopoverActions>(null);
  const path = useGrantPath()(grant.id, grant.api);
  const [anchor, setAnchor] = useState<HTMLElement>();
  const label = t('grants.menuOf', {
    caller,
    operations: grant.operations.map(operationText).join(', '),
  });
  const close = () => setAnchor(undefined);
  return (
    <>
      <IconButton
        size="small"
        className={classes.button}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        aria-controls={anchor && menuId}
        onClick={event => setAnchor(event.currentTarget)}
      >
        <MoreVertIcon fontSize="small" />
      </IconButton>
      {anchor && (
        <Menu
          id={menuId}
          open
          action={position}
          anchorEl={anchor}
          getContentAnchorEl={null}
          anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
          onClose={close}
          PaperProps={{ className: classes.paper }}
          MenuListProps={{ 'aria-label': label }}
        >
          {path && (
            <MenuItem dense component={Link} to={path} onClick={close}>
              <ListItemText primary={t('grants.page')} />
            </MenuItem>
          )}
          <Items
            grant={grant}
            onSize={() => position.current?.updatePosition()}
            onAsk={(kind, page) => {
              close();
              onAsk(kind, page);
            }}
          />
        </Menu>
      )}
    </>
  );
}
