import type { BackstageServicePrincipal } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { InputError, NotAllowedError } from '@backstage/errors';
import { formatServiceRef, parseServiceRef } from '@callgate/policy';
import type { CallerCredentials } from './credentials';

/** A program that may ask for a team: CI, a script, a platform's own controller. */
export interface Service {
  /** What stands where a person would: `service:deploy-bot@default/checkout-team`. */
  ref: string;
  /** Full ref of the group for which it asks. */
  group: string;
  /** Whether it reads the names of everything, or only of what its group owns. */
  seesEverything: boolean;
}

/** Backstage puts it before what a JWKS says; of other tokens the subject is what the configuration has. */
const OF_JWKS = /^external:/;

/**
 * Programs that whoever runs the portal lets ask. A token that the backend accepts says who comes, and for whom that one may
 * ask is said in `callgate.services`, which is reviewed as the rest of the configuration is: nothing that a team writes into
 * a catalog makes a program theirs.
 */
export class Services {
  static readonly none = new Services(new Map());

  /**
   * Reads `callgate.services`.
   *
   * @throws InputError for a name that is none, one that is there twice, and what is not the ref of a group
   */
  static fromConfig(root: Config): Services {
    const found = new Map<string, Service>();
    const entries = root.getOptionalConfigArray('callgate.services') ?? [];
    entries.forEach((entry, index) => {
      const at = `callgate.services[${index}]`;
      const subject = entry.getString('subject');
      const group = groupOf(entry.getString('actsFor'), `${at}.actsFor`);
      const name = subject.replace(OF_JWKS, '');
      const ref = formatServiceRef({ service: name, group });
      if (!parseServiceRef(ref)) {
        throw new InputError(
          `${at}.subject must be the subject of a token in backend.auth.externalAccess, of at most 63 letters, digits, "-", "_" and ".", after external: where it is of a JWKS, not ${subject}`,
        );
      }
      if ([...found.values()].some(each => nameOf(each) === name)) {
        throw new InputError(
          `${at}.subject: ${name} is there already. A service asks for one team; give each its own token.`,
        );
      }
      const sees = entry.getOptionalString('sees') ?? 'own';
      if (sees !== 'own' && sees !== 'everything') {
        throw new InputError(
          `${at}.sees must be own or everything, not ${sees}`,
        );
      }
      found.set(subject, { ref, group, seesEverything: sees === 'everything' });
    });
    return new Services(found);
  }

  private constructor(
    private readonly services: ReadonlyMap<string, Service>,
  ) {}

  /** @throws NotAllowedError for a program that the configuration does not name */
  require({ principal }: CallerCredentials): void {
    if (principal.type === 'service' && !this.of(principal)) {
      throw new NotAllowedError(
        'Only people who are signed in can do this, and services that callgate.services names.',
      );
    }
  }

  /** Who comes with a token; `undefined` for everybody that the configuration does not name, and for plugins. */
  of({ subject }: BackstageServicePrincipal): Service | undefined {
    // Word for word: who a JWKS lets in under some name must not be taken for a token of that name.
    return this.services.get(subject);
  }
}

function nameOf({ ref }: Service): string | undefined {
  return parseServiceRef(ref)?.service;
}

function groupOf(text: string, at: string): string {
  const ref = parseEntityRef(text, {
    defaultKind: 'group',
    defaultNamespace: 'default',
  });
  if (ref.kind.toLowerCase() !== 'group') {
    throw new InputError(
      `${at} must be a group such as group:default/checkout-team, not ${text}`,
    );
  }
  return stringifyEntityRef(ref);
}
