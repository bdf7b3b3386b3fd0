import type {
  PullRequest,
  PullRequestReview,
} from '@callgate/plugin-callgate-node';
import type { RestEndpointMethodTypes } from '@octokit/rest';

/** A pull request as GitHub writes it. */
export type GithubPull =
  RestEndpointMethodTypes['pulls']['get']['response']['data'];
/** A review as GitHub writes it. */
export type GithubReview =
  RestEndpointMethodTypes['pulls']['listReviews']['response']['data'][number];

/** A pull request in our words, without its reviews. */
export function toPullRequest(pull: GithubPull): PullRequest {
  const closed = pull.state === 'closed';
  const mergedBy = pull.merged_by?.login;
  return {
    number: pull.number,
    state: pull.merged ? 'merged' : pull.state,
    title: pull.title,
    // What people edit on its pages comes back with line ends of forms.
    body: (pull.body ?? '').replace(/\r\n/g, '\n'),
    branch: pull.head.ref,
    base: pull.base.ref,
    head: pull.head.sha,
    url: pull.html_url,
    // While it is open, this field is the commit of a merge that GitHub only tried.
    ...(pull.merged &&
      pull.merge_commit_sha && { mergeCommit: pull.merge_commit_sha }),
    ...(pull.merged && mergedBy && { closedBy: mergedBy }),
    ...(pull.merged &&
      mergedBy &&
      mergedBy === pull.user?.login && { closedByOpener: true as const }),
    reviews: [],
    // GitHub works it out in the background and says null until then; it does not name the files.
    ...(!closed &&
      typeof pull.mergeable === 'boolean' && {
        mergeable: { ok: pull.mergeable, conflicts: [] },
      }),
    ...(!closed && rulesOf(pull)),
  };
}

/** Of `mergeable_state`; what is not known to let a merge through does not, and `unknown` is not worked out yet. */
function rulesOf({
  draft,
  mergeable_state: state,
}: GithubPull): Pick<PullRequest, 'rules'> {
  if (state === undefined || state === 'unknown') return {};
  if (draft) return { rules: 'unmet' };
  if (state === 'clean' || state === 'has_hooks') return { rules: 'met' };
  return { rules: state === 'unstable' ? 'checks' : 'unmet' };
}

const DECISIONS: Record<string, PullRequestReview['decision'] | undefined> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
};

/** A review in our words; `undefined` for one that is not sent yet or was dismissed. */
export function toReview(review: GithubReview): PullRequestReview | undefined {
  const decision = DECISIONS[review.state];
  if (!decision || !review.submitted_at) return undefined;
  return {
    by: review.user?.login ?? 'ghost',
    decision,
    ...(review.body && { comment: review.body }),
    at: review.submitted_at,
    ...(review.commit_id && { head: review.commit_id }),
  };
}
