import type { ReactNode } from 'react';
import Container from '@material-ui/core/Container';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import { GateIcon } from '../theme/GateIcon';

const useStyles = makeStyles(theme => ({
  page: {
    minHeight: '100vh',
    background: theme.palette.background.default,
    paddingTop: theme.spacing(8),
    paddingBottom: theme.spacing(8),
    overflowY: 'auto',
  },
  brand: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    color: theme.palette.primary.main,
    marginBottom: theme.spacing(4),
  },
}));

/** What stands around everything that happens before sign-in. */
export function SignInFrame(props: {
  title: string;
  lead: string;
  children: ReactNode;
}) {
  const classes = useStyles();
  const appTitle =
    useApi(configApiRef).getOptionalString('app.title') ?? 'Callgate';
  return (
    <main className={classes.page}>
      <Container maxWidth="lg">
        <div className={classes.brand}>
          <GateIcon fontSize="large" />
          <Typography variant="h5" component="span" color="textPrimary">
            {appTitle}
          </Typography>
        </div>
        <Typography variant="h3" component="h1" gutterBottom>
          {props.title}
        </Typography>
        <Typography variant="body1" color="textSecondary" paragraph>
          {props.lead}
        </Typography>
        {props.children}
      </Container>
    </main>
  );
}
