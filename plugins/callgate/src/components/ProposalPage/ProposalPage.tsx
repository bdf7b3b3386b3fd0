import { Progress } from '@backstage/core-components';

/** Filled in with the first screens that decide. */
export function ProposalPage() {
  return <Progress />;
}
