import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import { useEffect, useState } from 'react';
import useDebounce from 'react-use/esm/useDebounce';
import { useText } from '../../translation';

const WAIT = 300;

/** Asks a moment after the last letter; what the URL says from elsewhere replaces what was typed. */
export function SearchField(props: {
  label: string;
  placeholder: string;
  value: string;
  onSearch: (text: string) => void;
}) {
  const { label, placeholder, value, onSearch } = props;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useDebounce(() => text !== value && onSearch(text), WAIT, [text]);
  return (
    <TextField
      id="callgate-inbox-search"
      variant="outlined"
      size="small"
      fullWidth
      label={label}
      placeholder={placeholder}
      InputLabelProps={{ shrink: true }}
      inputProps={{ type: 'search', maxLength: 200 }}
      value={text}
      onChange={event => setText(event.target.value)}
    />
  );
}

/** One of some values, or any. */
export function Choice(props: {
  label: string;
  value: string;
  options: readonly { value: string; text: string }[];
  /** Whether one of them always holds. */
  needed?: boolean;
  onChange: (value: string) => void;
}) {
  const { label, value, options, needed, onChange } = props;
  const t = useText();
  // A link may name what is not offered: it narrows all the same.
  const known =
    value === '' || options.some(option => option.value === value)
      ? options
      : [...options, { value, text: value }];
  const id = `callgate-inbox-${label.toLocaleLowerCase().replace(/\W+/g, '-')}`;
  return (
    <TextField
      select
      id={id}
      variant="outlined"
      size="small"
      fullWidth
      label={label}
      InputLabelProps={{ shrink: true, id: `${id}-label` }}
      SelectProps={{ displayEmpty: true, labelId: `${id}-label` }}
      value={value}
      onChange={event => onChange(event.target.value)}
    >
      {!needed && <MenuItem value="">{t('inbox.any')}</MenuItem>}
      {known.map(option => (
        <MenuItem key={option.value} value={option.value} dense>
          {option.text}
        </MenuItem>
      ))}
    </TextField>
  );
}
