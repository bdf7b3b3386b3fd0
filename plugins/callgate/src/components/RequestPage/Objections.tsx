import type { RequestObjection } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Badge, nameOf } from '../marks';

/** Who has asked for changes of the pull request that carries a request. */
export function Objections(props: { objections: readonly RequestObjection[] }) {
  const { objections } = props;
  const t = useText();
  const people = [...new Set(objections.map(({ by }) => nameOf(t, by)))];
  return people.length > 0 ? (
    <Badge tone="warn">
      {t('request.objected', { who: people.join(', ') })}
    </Badge>
  ) : null;
}
