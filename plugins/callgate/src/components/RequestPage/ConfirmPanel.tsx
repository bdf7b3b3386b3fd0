import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { RequestConfirmation } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { EntityName, MONO, Panel, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(1.5) },
  list: { margin: 0, paddingLeft: theme.spacing(2.5) },
  end: { fontFamily: MONO, overflowWrap: 'anywhere' },
  quiet: { color: quietText(theme) },
}));

/** What was approved before, and what stands there besides now. */
export function ConfirmPanel({ confirms }: { confirms: RequestConfirmation }) {
  const classes = useStyles();
  const t = useText();
  const { grant, provider, approved, added } = confirms;
  return (
    <Panel title={t('confirm.title')}>
      <div className={classes.root}>
        {provider && (
          <Typography variant="body2" component="div">
            {t('confirm.provides', {
              provider: <EntityName entity={provider} icon />,
            })}
          </Typography>
        )}
        {added.length > 0 && (
          <section aria-label={t('confirm.new')}>
            <Typography variant="subtitle2" component="h3">
              {t('confirm.new')}
            </Typography>
            <ul className={classes.list}>
              {added.map(({ side, entity, cluster, end }, index) => (
                <Typography
                  key={`${side} ${cluster} ${end} ${index}`}
                  component="li"
                  variant="body2"
                >
                  {t(
                    side === 'caller'
                      ? 'confirm.standsFor'
                      : 'confirm.servedBy',
                    {
                      entity: <EntityName entity={entity} plain />,
                      end: <span className={classes.end}>{end}</span>,
                      cluster,
                    },
                  )}
                </Typography>
              ))}
            </ul>
          </section>
        )}
        {approved.length > 0 && (
          <section aria-label={t('confirm.approved')}>
            <Typography variant="subtitle2" component="h3">
              {t('confirm.approved')}
            </Typography>
            <ul className={classes.list}>
              {approved.map((end, index) => (
                <Typography
                  key={`${end} ${index}`}
                  component="li"
                  variant="body2"
                  className={classes.end}
                >
                  {end}
                </Typography>
              ))}
            </ul>
          </section>
        )}
        {grant && (
          <Typography variant="caption" className={classes.quiet}>
            {t('confirm.grant', { grant })}
          </Typography>
        )}
      </div>
    </Panel>
  );
}
