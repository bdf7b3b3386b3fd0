import Avatar from '@material-ui/core/Avatar';
import Card from '@material-ui/core/Card';
import CardActionArea from '@material-ui/core/CardActionArea';
import Grid from '@material-ui/core/Grid';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { DemoPerson } from './demoPeople';
import { SignInFrame } from './SignInFrame';

const useStyles = makeStyles(theme => ({
  // For those who hear the page instead of seeing it.
  unseen: {
    position: 'absolute',
    width: 1,
    height: 1,
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  },
  card: { height: '100%' },
  action: {
    height: '100%',
    padding: theme.spacing(2),
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'flex-start',
    gap: theme.spacing(2),
  },
  avatar: {
    backgroundColor: theme.palette.primary.main,
    color: theme.palette.getContrastText(theme.palette.primary.main),
  },
}));

/** One card a person: name and what they do. */
export function PeopleCards(props: {
  people: DemoPerson[];
  onChoose: (person: DemoPerson) => void;
}) {
  const classes = useStyles();
  return (
    <SignInFrame
      title="Who are you today?"
      lead="This is a demo: choose a person, and sign out to become another one."
    >
      <Grid container spacing={2} component="ul" style={{ padding: 0 }}>
        {props.people.map(person => (
          <Grid
            item
            key={person.entityRef}
            xs={12}
            sm={6}
            md={4}
            component="li"
            style={{ listStyle: 'none' }}
          >
            <Card className={classes.card} variant="outlined">
              <CardActionArea
                className={classes.action}
                onClick={() => props.onChoose(person)}
              >
                <Avatar className={classes.avatar} aria-hidden>
                  {initials(person.title)}
                </Avatar>
                <div>
                  <span className={classes.unseen}>Sign in as </span>
                  <Typography variant="h6" component="div">
                    {person.title}
                  </Typography>
                  <Typography variant="body2" color="textSecondary">
                    {person.role}
                  </Typography>
                </div>
              </CardActionArea>
            </Card>
          </Grid>
        ))}
      </Grid>
    </SignInFrame>
  );
}

function initials(title: string): string {
  const words = title.split(/\s+/).filter(word => word.length > 0);
  return words
    .slice(0, 2)
    .map(word => word[0].toLocaleUpperCase())
    .join('');
}
