import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { FileChange } from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { FileList, Panel, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  quiet: { color: quietText(theme) },
  files: { marginTop: theme.spacing(2) },
}));

/** How much changes in files, and the files themselves for who wants to see them. */
export function FilesPanel({ files }: { files: readonly FileChange[] }) {
  const classes = useStyles();
  const t = useText();
  const [open, setOpen] = useState(false);
  const added = files.reduce((sum, { additions }) => sum + additions, 0);
  const removed = files.reduce((sum, { deletions }) => sum + deletions, 0);
  return (
    <Panel
      title={t('request.files')}
      count={`${files.length} · +${added} −${removed}`}
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
      <Typography variant="caption" component="p" className={classes.quiet}>
        {t('request.proved')}
      </Typography>
      {open && (
        <div className={classes.files}>
          <FileList files={files} open={files.length <= 2} />
        </div>
      )}
    </Panel>
  );
}
