/**
 * A service that asked, with the team for which it did.
 *
 * @public
 */
export interface ServiceRefParts {
  /** name of the service, as whoever runs the portal calls it */
  service: string;
  /** full reference of the group */
  group: string;
}

/** Entity names of the catalog: at most 63 characters, at the ends letters or digits. */
const NAME = '[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?';
const SERVICE_REF = new RegExp(`^service:(${NAME})@(${NAME}/${NAME})$`);

/**
 * What stands in the place of a person where a service asked for a grant: `service:deploy-bot@default/checkout-team`. It can be
 * no entity's reference, and says for whom it asked also when nobody knows the service any more.
 *
 * @public
 */
export function formatServiceRef({ service, group }: ServiceRefParts): string {
  return `service:${service}@${group.replace(/^group:/, '')}`;
}

/**
 * Reads what {@link formatServiceRef} writes; `undefined` for anything else.
 *
 * @public
 */
export function parseServiceRef(text: string): ServiceRefParts | undefined {
  const match = SERVICE_REF.exec(text);
  return match ? { service: match[1], group: `group:${match[2]}` } : undefined;
}
