import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import { Fragment } from 'react';
import { useAllApisPath } from '../../routing';
import { useText } from '../../translation';
import { accentText, EntityName, nameOf, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(0.5),
    marginBottom: theme.spacing(1.5),
  },
  quiet: { color: quietText(theme) },
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** A caller without a grant: where to ask for one. */
export function NoCalls(props: {
  caller: EntityLabel;
  /** The APIs that the catalog says it consumes. */
  consumed: readonly EntityLabel[];
  /** How many APIs everyone can call. */
  open: number;
}) {
  const { caller, open } = props;
  const classes = useStyles();
  const t = useText();
  const allApis = useAllApisPath();
  const consumed = props.consumed.filter(({ state }) => state === 'visible');
  return (
    <div className={classes.root}>
      <Typography variant="body2">
        {t(open > 0 ? 'calls.noneButOpen' : 'calls.none', {
          caller: nameOf(t, caller),
          count: open,
        })}
      </Typography>
      <Typography variant="body2" className={classes.quiet}>
        {t('calls.next')}{' '}
        {allApis && (
          <Link to={allApis} className={classes.link}>
            {t('calls.allApis')}
          </Link>
        )}
      </Typography>
      {consumed.length > 0 && (
        <Typography variant="body2" className={classes.quiet}>
          {t('calls.consumes')}{' '}
          {consumed.map((target, index) => (
            <Fragment key={target.ref}>
              {index > 0 && ', '}
              <EntityName entity={target} tab="access" />
            </Fragment>
          ))}
        </Typography>
      )}
    </div>
  );
}
