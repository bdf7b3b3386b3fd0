export { reviewableGrants } from './reviewableGrants';
export type { ReviewableGrant, ReviewableInput } from './reviewableGrants';
export { reviewTermOf } from './reviewTerm';
export type { ReviewTerm } from './reviewTerm';
