/**
 * What somebody is to an access request.
 *
 * @public
 */
export type PartyRole = 'requester' | 'api-owner' | 'caller-owner';

/**
 * Who is a party to an access request: what rules look at.
 *
 * @public
 */
export interface RequestParties {
  id: string;
  /** Entity refs, as they were when the request was sent. */
  parties: { role: PartyRole; ref: string }[];
}

/**
 * What a permission decision leaves visible: requests with one of these parties, combined.
 *
 * @public
 */
export type RequestVisibility =
  | { role: PartyRole; refs: string[] }
  | { anyOf: RequestVisibility[] }
  | { allOf: RequestVisibility[] }
  | { not: RequestVisibility };
