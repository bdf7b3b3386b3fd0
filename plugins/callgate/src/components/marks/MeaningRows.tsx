import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Meaning } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { EntityName } from './EntityName';
import { isPortOnly, LayerChips } from './LayerChips';
import { OperationList } from './OperationList';
import { changesOf, type EdgeChange } from './edgeChanges';
import { Sign } from './Sign';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  row: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    columnGap: theme.spacing(1),
  },
  body: { display: 'grid', gap: theme.spacing(0.75) },
  sentence: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0.5),
  },
}));

const SENTENCES = {
  'meaning.gained': 'meaning.may',
  'meaning.restored': 'meaning.mayAgain',
  'meaning.lost': 'meaning.mayNoMore',
} as const;

/** Gained, restored and lost access in lines, for narrow places. */
export function MeaningRows(props: {
  meaning: Pick<Meaning, 'gained' | 'lost' | 'restored'>;
}) {
  const classes = useStyles();
  return (
    <ul className={classes.root}>
      {changesOf(props.meaning).map((change, index) => (
        <MeaningRow key={index} {...change} />
      ))}
    </ul>
  );
}

function MeaningRow({ edge, sign, word }: EdgeChange) {
  const classes = useStyles();
  const t = useText();
  const gains = sign === '+';
  return (
    <Typography component="li" variant="body2" className={classes.row}>
      <Sign sign={sign} word={t(word)} />
      <div className={classes.body}>
        <div className={classes.sentence}>
          <span>
            {t(SENTENCES[word], {
              caller: <EntityName entity={edge.caller} />,
            })}
          </span>
          <OperationList
            operations={edge.operations}
            everythingOn={edge.everythingOn}
          />
        </div>
        {gains && (
          <LayerChips
            clusters={edge.clusters}
            portOnly={isPortOnly(edge)}
            named
          />
        )}
      </div>
    </Typography>
  );
}
