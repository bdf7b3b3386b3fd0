import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  FileChange,
  RequestState,
} from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { FileList, Panel, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  quiet: { color: quietText(theme) },
  files: { marginTop: theme.spacing(2) },
}));

/** What is proved of a request; of one that ended without a pull request there is nothing to say. */
const PROVED: {
  [state in RequestState]?: 'willBeProved' | 'proved';
} = {
  submitted: 'willBeProved',
  approved: 'willBeProved',
  proposed: 'proved',
  merged: 'proved',
};

/** How much changes in files, and the files themselves for who wants to see them. */
export function FilesPanel(props: {
  files: readonly FileChange[];
  /** Of the request that changes them. */
  state: RequestState;
  /** It went on before anybody approved it, so that there is no approval to hold it against. */
  isBreakGlass: boolean;
}) {
  const { files, state, isBreakGlass } = props;
  const classes = useStyles();
  const t = useText();
  const [open, setOpen] = useState(false);
  const proved = PROVED[state];
  const added = files.reduce((sum, { additions }) => sum + additions, 0);
  const removed = files.reduce((sum, { deletions }) => sum + deletions, 0);
  return (
    <Panel
      title={t('request.files')}
      // While the pull request is being built, none are known: that is no "0 files".
      count={
        files.length > 0
          ? `${files.length} · +${added} −${removed}`
          : undefined
      }
      actions={
        files.length > 0 && (
          <Button
            size="small"
            color="primary"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {t(open ? 'request.hideDiff' : 'request.showDiff')}
          </Button>
        )
      }
    >
      {proved && (
        <Typography variant="caption" component="p" className={classes.quiet}>
          {t(isBreakGlass ? `glass.${proved}` : `request.${proved}`)}
        </Typography>
      )}
      {open && (
        <div className={classes.files}>
          <FileList files={files} open={files.length <= 2} />
        </div>
      )}
    </Panel>
  );
}
