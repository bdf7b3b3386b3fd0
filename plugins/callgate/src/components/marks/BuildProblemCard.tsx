import type { ProblemMender } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { FindingCard } from './FindingCard';

/** Why a pull request does not get on, and who has to do something about it. */
export function BuildProblemCard(props: {
  title: string;
  text: string;
  mender?: ProblemMender;
}) {
  const { title, text, mender } = props;
  const t = useText();
  return (
    <FindingCard
      finding={{
        code: 'problem',
        severity: mender === 'nobody' ? 'warning' : 'error',
        title,
        message: text,
        ...(mender && { fix: t(`mender.${mender}`) }),
        objects: [],
      }}
    />
  );
}
