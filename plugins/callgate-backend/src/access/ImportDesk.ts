import { ConflictError, NotFoundError } from '@backstage/errors';
import type {
  ApiImport,
  ImportBody,
  ImportReport,
  ImportResult,
  ImportResults,
} from '@callgate/plugin-callgate-common';
import { noEstateOf, unknownEstate } from '../proposals/unknownEstate';
import type { Snapshot } from '../proposals/types';
import { namedBy } from '../imports/importOf';
import type { ImportRecord } from '../imports/types';
import type { Person } from '../ownership';
import type { CallerOptions, WriteOptions } from './AccessService';
import type { AccessViews } from './AccessViews';
import { domainError } from './domainError';
import type { ServiceParts } from './ServiceParts';
import type { AccessFacts } from './views/AccessFacts';
import { toApiImport, toImportSummary } from './views/imports';
import { toSource } from './views/source';

const MAY_NOT_SEE =
  'An import names every caller of an API, and you may not see all of them. Ask somebody of the platform team who may see every entity.';

/** What import would make of each API, and the pull requests for it: for the platform team. */
export class ImportDesk {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
  ) {}

  /** @throws NotFoundError for whoever is no member of the platform team */
  async report(options: CallerOptions): Promise<ImportReport> {
    await this.#member(options);
    const { imports, proposals, labels } = this.parts;
    const facts = await this.access.facts();
    const { snapshot } = facts;
    const discretion = await this.access.discretion(facts, options.credentials);
    const problem = discretion.everythingSeen
      ? whyNothing(snapshot)
      : MAY_NOT_SEE;
    const source = toSource(snapshot, discretion);
    if (problem !== undefined)
      return { items: [], workedOut: 0, total: 0, problem, source };
    const shown = imports.progress(snapshot);
    const { apis, imports: found } = shown;
    const current = await proposals.currentProposals();
    return labels.label(options.credentials, labelOf => ({
      items: [...found.values()]
        .sort((a, b) => (a.api < b.api ? -1 : 1))
        .map(each =>
          toImportSummary(each, facts, labelOf, current.get(each.api)),
        ),
      workedOut: found.size,
      total: apis.length,
      source: toSource(shown.snapshot, discretion),
    }));
  }

  /** @throws NotFoundError for whoever is no member of the platform team, and for what is no API of the catalog */
  async one(api: string, options: CallerOptions): Promise<ApiImport> {
    await this.#member(options);
    await this.#requireSight(options);
    await this.access.requireVisible([api], options.credentials);
    const facts = await this.access.facts();
    requireEstate(facts);
    const { imports, proposals, labels } = this.parts;
    const { snapshot } = facts;
    const found = await imports.of(snapshot, api);
    const details = await imports.details(snapshot, api);
    const current = await proposals.currentProposal(api);
    return labels.label(options.credentials, labelOf =>
      toApiImport(found, facts, labelOf, { current, ...details }),
    );
  }

  /**
   * Asks for a pull request for each of some APIs. What cannot be opened is refused by itself, and stops no other.
   *
   * @throws NotFoundError for whoever is no member of the platform team
   */
  async open(body: ImportBody, options: WriteOptions): Promise<ImportResults> {
    const person = await this.#member(options);
    await this.#requireSight(options);
    const facts = await this.access.facts();
    requireEstate(facts);
    const { snapshot } = facts;
    const results: ImportResult[] = [];
    const done = new Set<string>();
    for (const { api, digest } of body.apis) {
      if (done.has(api)) continue;
      done.add(api);
      results.push(await this.#openOne(snapshot, { api, digest }, person));
    }
    this.parts.desk.wake();
    return { results };
  }

  async #openOne(
    snapshot: Snapshot,
    { api, digest }: { api: string; digest: string },
    person: Person,
  ): Promise<ImportResult> {
    const { imports } = this.parts;
    const refused = (reason: string) => ({ api, opened: false, reason });
    if (!imports.has(snapshot, api))
      return refused('There is no such API in the catalog.');
    const found = await imports.of(snapshot, api);
    const { written, notNow } = found;
    if (notNow?.reason === 'declared') {
      const { removal } = await imports.details(snapshot, api);
      return this.#start(
        { api, digest },
        removal?.written && {
          by: person.ref,
          terms: removal.written.terms,
          removes: true,
          named: [],
        },
        removal?.written?.digest,
      );
    }
    if (!written)
      return refused(
        'It cannot be imported by what is in force now. Load the page again: it says why.',
      );
    return this.#start(
      { api, digest },
      { by: person.ref, terms: written.terms, named: namedBy(found) },
      written.digest,
    );
  }

  /** @param imported - absent where nothing can be opened by what is so now */
  async #start(
    { api, digest }: { api: string; digest: string },
    imported: ImportRecord | undefined,
    current: string | undefined,
  ): Promise<ImportResult> {
    const { imports, proposals } = this.parts;
    const refused = (reason: string) => ({ api, opened: false, reason });
    if (!imported)
      return refused(
        'No policy of it can be deleted by what is in force now. Load the page again: it says why.',
      );
    if (current !== digest)
      return refused(
        imported.removes
          ? 'What would be deleted has changed since you read it. Read it again, then choose it.'
          : 'What would be written has changed since you read it. Read it again, then choose it.',
      );
    const started = await proposals.startImport(
      imports.newRecord(api, imported),
    );
    return started
      ? { api, opened: true, proposal: started.id }
      : refused(
          'It has an open pull request, or an approved request that waits for one. Choose it when that is merged or closed.',
        );
  }

  async #member({ credentials }: CallerOptions): Promise<Person> {
    const { ownership, platformTeam } = this.parts;
    const person = await ownership.person(credentials);
    if (platformTeam === undefined || !person.claims.has(platformTeam))
      throw new NotFoundError('There is nothing here');
    return person;
  }

  async #requireSight({ credentials }: CallerOptions): Promise<void> {
    const facts = await this.access.facts();
    const discretion = await this.access.discretion(facts, credentials);
    if (!discretion.everythingSeen)
      throw domainError('caller-hidden', MAY_NOT_SEE);
  }
}

/** Why nothing is known of any API. */
function whyNothing({ source }: Snapshot): string | undefined {
  const unknown = noEstateOf(source);
  if (unknown) return unknownEstate(unknown, '').message;
  return source.estateMissing
    ? 'Not everything that is in force could be read, so nobody knows what an import would say. Nothing is imported until that is mended.'
    : undefined;
}

function requireEstate({ snapshot }: AccessFacts): void {
  const problem = whyNothing(snapshot);
  if (problem !== undefined)
    throw Object.assign(new ConflictError(problem), { code: 'estate-unknown' });
}
