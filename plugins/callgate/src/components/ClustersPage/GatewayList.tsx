import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { PlatformPlace } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { quietText, toneText } from '../marks';
import { Fold } from './Fold';
import { placeText } from './placeText';

/** So many are there at once; all others fold. */
const FEW = 5;

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(1),
    margin: theme.spacing(0.5, 0),
    padding: 0,
    listStyle: 'none',
    minWidth: 0,
  },
  place: { display: 'block', color: quietText(theme) },
  warn: { color: toneText(theme, 'warn') },
}));

/** From where calls come to each gateway, what says so, and whether it takes any for now. */
export function GatewayList(props: { gateways: readonly PlatformPlace[] }) {
  const { gateways } = props;
  const t = useText();
  const folded = gateways.slice(FEW);
  return (
    <>
      <Rows gateways={gateways.slice(0, FEW)} />
      {folded.length > 0 && (
        <Fold summary={t('clusters.moreGateways', { count: folded.length })}>
          <Rows gateways={folded} />
        </Fold>
      )}
    </>
  );
}

function Rows(props: { gateways: readonly PlatformPlace[] }) {
  const classes = useStyles();
  const t = useText();
  return (
    <ul className={classes.list} aria-label={t('clusters.gatewayList')}>
      {props.gateways.map(gateway => {
        const { object = '', takesFrom, addresses = [], programmed } = gateway;
        const place = placeText(gateway);
        return (
          <li key={`${object} ${place}`}>
            <Typography variant="body2">
              {takesFrom
                ? t(`clusters.gateway.${takesFrom}`, { gateway: object })
                : object}
              {addresses.length > 0 &&
                ` ${t('clusters.gatewayAddresses', {
                  count: addresses.length,
                  addresses: addresses.join(', '),
                })}`}
              {programmed === false && (
                <span className={classes.warn}>
                  {' '}
                  {t('clusters.notProgrammed')}
                </span>
              )}
            </Typography>
            <Typography variant="caption" className={classes.place}>
              {t('clusters.at', { place })}
            </Typography>
          </li>
        );
      })}
    </ul>
  );
}
