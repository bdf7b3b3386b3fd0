import type { Requests } from './Requests';
import { type Stage, Violation } from './Stage';
import type { Step } from './Step';
import { userOf } from './Company';

const personOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1);

/** Giving requests back, changing them, and talking about them. */
export class Revisions {
  constructor(
    private readonly stage: Stage,
    private readonly requests: Requests,
  ) {}

  async askChange({
    who,
    request: at,
  }: Extract<Step, { do: 'ask-change' }>): Promise<undefined> {
    const id = this.requests.idOf(at);
    if (!id) return undefined;
    const { bench, company } = this.stage;
    const before = await this.requests.stored(id);
    const teams = this.requests.decidersOf(before);
    const person = this.stage.person(who, teams);
    const answer = await this.stage.tried(() =>
      bench.service.askChange(id, { note: 'Less of it' }, bench.as(person)),
    );
    if (!answer) return undefined;
    this.stage.count('given back');
    if (
      company.isAsker(person, before.requestedBy) ||
      !teams.some(team => company.isMember(person, team))
    )
      throw new Violation(`${person} gave back ${before.apiRef}.`);
    const { state } = await this.requests.stored(id);
    if (before.state !== 'submitted' || state !== 'returned')
      throw new Violation(`${id} was given back: ${before.state} to ${state}.`);
    return undefined;
  }

  /** Anybody may try to change what somebody asked. */
  async revise({
    who,
    request: at,
    operations,
    days,
    reason,
  }: Extract<Step, { do: 'revise' }>): Promise<undefined> {
    const id = this.requests.idOf(at);
    if (!id) return undefined;
    const { bench, company } = this.stage;
    const before = await this.requests.stored(id);
    const { apiRef, callerRef, draft, requestedBy } = before;
    const person =
      who.as === 'right' && requestedBy.startsWith('user:')
        ? personOf(requestedBy)
        : this.stage.person(who, [
            company.ownerOfEntity(callerRef),
            company.ownerOfEntity(apiRef),
          ]);
    const by = bench.as(person);
    const instead = {
      reason,
      ...(operations.length > 0 && {
        operations: operations.map(each =>
          each === 'port' ? { tcp: { port: 80 } } : { id: each },
        ),
      }),
      ...(days !== undefined && { until: bench.dayIn(days) }),
    };
    const { change } = draft;
    const preview = await this.stage.tried(() =>
      bench.service.preview(
        {
          kind: change?.kind ?? 'new',
          ...(change && { grant: change.grant }),
          api: apiRef,
          caller: callerRef,
          operations: draft.operations,
          in: draft.in,
          acknowledges: draft.acknowledges,
          ...(draft.until !== undefined && { until: draft.until }),
          ...(change?.whenLast && { whenLast: change.whenLast }),
          ...instead,
          revises: id,
        } as Parameters<typeof bench.service.preview>[0],
        by,
      ),
    );
    if (!preview) return undefined;
    const answer = await this.stage.tried(() =>
      bench.service.reviseRequest(
        id,
        { ...instead, digest: preview.digest } as Parameters<
          typeof bench.service.reviseRequest
        >[1],
        by,
      ),
    );
    if (!answer) return undefined;
    this.stage.count(`revised from ${before.state}`);
    if (userOf(person) !== requestedBy)
      throw new Violation(`${person} changed the request of ${requestedBy}.`);
    if (!['submitted', 'returned'].includes(before.state))
      throw new Violation(`${id} was changed when it was ${before.state}.`);
    await this.requests.revised(id, preview.digest);
    return undefined;
  }

  /** What is said changes nothing. */
  async comment({
    who,
    request: at,
    mentions,
  }: Extract<Step, { do: 'comment' }>): Promise<undefined> {
    const id = this.requests.idOf(at);
    if (!id) return undefined;
    const { bench } = this.stage;
    const before = await this.requests.stored(id);
    const person = this.stage.person(who, []);
    const answer = await this.stage.tried(() =>
      bench.service.commentOnRequest(
        id,
        { text: 'approved: true', mentions: mentions ? [userOf('mal')] : [] },
        bench.as(person),
      ),
    );
    if (!answer) return undefined;
    this.stage.count('comments');
    const after = await this.requests.stored(id);
    if (JSON.stringify(after) !== JSON.stringify(before))
      throw new Violation(`A comment of ${person} changed ${id}.`);
    return undefined;
  }
}
