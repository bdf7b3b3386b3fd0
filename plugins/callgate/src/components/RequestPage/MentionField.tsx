import { useApiHolder } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import Autocomplete from '@material-ui/lab/Autocomplete';
import type {
  AccessRequest,
  EntityLabel,
} from '@callgate/plugin-callgate-common';
import { useId, useState } from 'react';
import useDebounce from 'react-use/esm/useDebounce';
import { useLoaded } from '../../hooks';
import { type Text, useText } from '../../translation';
import { nameOf, ownsList, quietText } from '../marks';
import { searchCallers } from '../RequestDialog';

const WAIT = 250;
const MOST = 10;
const KINDS = ['user', 'group'];

/** Somebody who can be told of a comment. */
export interface MentionOption {
  ref: string;
  kind: string;
  name: string;
}

const useStyles = makeStyles(theme => ({
  label: {
    display: 'block',
    marginBottom: theme.spacing(0.5),
    color: quietText(theme),
  },
  quiet: { color: quietText(theme) },
  option: { display: 'block', overflowWrap: 'anywhere' },
}));

/** People and groups of the catalog to tell; who has to do with the request is offered at once. */
export function MentionField(props: {
  request: AccessRequest;
  value: MentionOption[];
  onChange: (value: MentionOption[]) => void;
}) {
  const { request, value, onChange } = props;
  const classes = useStyles();
  const t = useText();
  const id = useId();
  const catalog = useApiHolder().get(catalogApiRef);
  const [text, setText] = useState('');
  const [term, setTerm] = useState('');
  useDebounce(() => setTerm(text.trim()), WAIT, [text]);
  const found = useLoaded(
    `mention ${term}`,
    async (): Promise<MentionOption[]> =>
      catalog && term ? searchCallers(catalog, [], KINDS, term) : [],
  );
  const wanted = term.toLocaleLowerCase();
  const near = involvedIn(t, request).filter(({ name }) =>
    name.toLocaleLowerCase().includes(wanted),
  );
  const options = unique([...near, ...(found.value ?? [])]);
  return (
    <div>
      <Typography
        variant="caption"
        component="label"
        htmlFor={id}
        className={classes.label}
      >
        {t('request.comments.mention')}
      </Typography>
      <Autocomplete
        id={id}
        {...ownsList(id)}
        multiple
        size="small"
        filterSelectedOptions
        options={unique([...options, ...value])}
        value={value}
        loading={found.loading}
        loadingText={t('status.loading')}
        noOptionsText={t('request.comments.mentionNone')}
        filterOptions={() =>
          options.filter(({ ref }) => !value.some(each => each.ref === ref))
        }
        getOptionLabel={option => option.name}
        getOptionSelected={(option, picked) => option.ref === picked.ref}
        onInputChange={(_, typed, reason) =>
          reason !== 'reset' && setText(typed)
        }
        onChange={(_, picked) => {
          onChange(picked.slice(0, MOST));
          setText('');
        }}
        renderOption={option => (
          <span className={classes.option}>
            <bdi>{option.name}</bdi>{' '}
            <Typography
              variant="caption"
              component="span"
              className={classes.quiet}
            >
              {option.kind}
            </Typography>
          </span>
        )}
        renderInput={params => (
          <TextField
            {...params}
            variant="outlined"
            placeholder={
              value.length === 0
                ? t('request.comments.mentionPlaceholder')
                : undefined
            }
            error={found.error !== undefined}
            helperText={found.error && t('request.comments.mentionFailed')}
          />
        )}
      />
    </div>
  );
}

/** Who asked, who decides and who has said something. */
function involvedIn(t: Text, request: AccessRequest): MentionOption[] {
  const { requestedBy, needs, deciders, comments } = request;
  const labels: EntityLabel[] = [
    requestedBy,
    ...needs.flatMap(({ of, names = [] }) => [...of, ...names]),
    ...deciders.labels,
    ...(deciders.names ?? []),
    ...comments.map(({ by }) => by),
  ];
  return unique(
    labels
      .filter(({ kind, state }) => state === 'visible' && KINDS.includes(kind))
      .map(label => ({
        ref: label.ref,
        kind: label.kind,
        name: nameOf(t, label),
      })),
  );
}

function unique(options: MentionOption[]): MentionOption[] {
  return [...new Map(options.map(each => [each.ref, each])).values()];
}
