import {
  Link,
  sidebarConfig,
  useSidebarOpenState,
} from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { GateIcon } from '../theme/GateIcon';

const useStyles = makeStyles(theme => ({
  root: {
    height: 2.4 * sidebarConfig.logoHeight,
    display: 'flex',
    alignItems: 'center',
  },
  link: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    marginLeft: theme.spacing(2.5),
    color: theme.palette.navigation.selectedColor,
  },
  name: { fontWeight: 700, letterSpacing: 0.3 },
}));

/** Home, drawn as the gate; with the name when the sidebar is open. */
export function SidebarLogo() {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  return (
    <div className={classes.root}>
      <Link
        to="/"
        underline="none"
        className={classes.link}
        aria-label="Callgate: Home"
      >
        <GateIcon />
        {isOpen && (
          <Typography component="span" variant="h5" className={classes.name}>
            Callgate
          </Typography>
        )}
      </Link>
    </div>
  );
}
