import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ClaimParty } from '@callgate/plugin-callgate-common';
import { Fragment } from 'react';
import { useText } from '../../translation';
import { Badge, EntityName, quietText } from '../marks';

const TONES = { holds: 'good', refused: 'bad', contested: 'warn' } as const;

const useStyles = makeStyles(theme => ({
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    '& > li + li': { borderTop: `1px solid ${theme.palette.divider}` },
  },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
    padding: theme.spacing(1, 0),
  },
  quiet: { color: quietText(theme), overflowWrap: 'anywhere' },
}));

/** Everybody who claims something: whose they are, and who registered them, since whoever writes there writes bindings. */
export function Claimants({ parties }: { parties: readonly ClaimParty[] }) {
  const classes = useStyles();
  const t = useText();
  return (
    <ul className={classes.list} aria-label={t('claims.claimants')}>
      {parties.map(({ entity, owners, state, registeredAt }) => (
        <Typography
          key={entity.ref}
          component="li"
          variant="body2"
          className={classes.row}
        >
          <EntityName entity={entity} icon />
          <span>
            {t('claims.claimedBy', {
              owners:
                owners.length === 0 ? (
                  t('claims.nobody')
                ) : (
                  <>
                    {owners.map((owner, index) => (
                      <Fragment key={owner.ref}>
                        {index > 0 && ', '}
                        <EntityName entity={owner} icon />
                      </Fragment>
                    ))}
                  </>
                ),
            })}
          </span>
          <Badge tone={TONES[state]}>{t(`claims.state.${state}`)}</Badge>
          <span className={classes.quiet}>
            {registeredAt
              ? t('claims.registeredAt', { place: registeredAt })
              : t('claims.registeredNowhere')}
          </span>
        </Typography>
      ))}
    </ul>
  );
}
