import callgate from '@callgate/plugin-callgate-backend';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EMPLOYEES } from './__testUtils__/company';
import { Office } from './__testUtils__/Office';
import { Outcome } from './__testUtils__/Outcome';
import { People } from './__testUtils__/People';
import { pause, PlatformTeam } from './__testUtils__/PlatformTeam';
import { Dice } from './__testUtils__/random';
import { Tally } from './__testUtils__/Tally';

const {
  BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING: POSTGRES,
  /** How many requests are asked for; 1,000 by `npm run load`. */
  CALLGATE_LOAD_REQUESTS = '20',
  CALLGATE_LOAD_SEED = '1',
  /** Says in the end what happened how often, and how long answers took. */
  CALLGATE_LOAD_FIGURES,
} = process.env;

/** Of calls to the forge; every other one of those that fail was carried out, and only its answer is lost. */
const FAILING = 0.2;

jest.setTimeout(6 * 3_600_000);

if (!POSTGRES)
  // eslint-disable-next-line no-console
  console.warn('No PostgreSQL: two backends under load are not tested.');

(POSTGRES ? describe : describe.skip)('two backends under load', () => {
  const seed = Number(CALLGATE_LOAD_SEED);
  const tally = new Tally();
  let root: string;
  let office: Office;
  let team: PlatformTeam;
  let outcome: Outcome;

  beforeAll(async () => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-load-'));
    office = await Office.open({
      ...{ root, callgate, replicas: 2 },
      postgres: POSTGRES!,
    });
    const chance = new Dice(seed + 1);
    team = new PlatformTeam(office, new Dice(seed + 2), tally);
    const people = new People(
      office,
      new Dice(seed),
      tally,
      Number(CALLGATE_LOAD_REQUESTS),
    );
    office.forge.chaos = () => {
      if (!chance.chance(FAILING)) return undefined;
      return chance.chance(0.5) ? 'refuse' : 'lose';
    };
    const from = performance.now();
    const merging = team.work();
    await people.work();
    const asked = performance.now() - from;

    // Everybody comes to an end; the forge fails no more, so that what is left can be told from what is stuck.
    office.forge.chaos = () => undefined;
    const end = performance.now() + 30 * 60_000;
    let still = 0;
    while (still < 5 && performance.now() < end) {
      const moved = (await people.decideRest()) + team.mergeAll();
      await pause(1000);
      still = moved > 0 ? 0 : still + 1;
    }
    team.stop();
    await merging;
    for (const task of ['build-proposals', 'sync-proposals'])
      for (const { run } of office.replicas) await run(task);
    outcome = await Outcome.read(office, team);
    const figures = {
      people: EMPLOYEES.length,
      requests: people.sent,
      seconds: Math.round(asked / 1000),
      secondsInAll: Math.round((performance.now() - from) / 1000),
      states: outcome.states(),
      counts: tally.counts,
      milliseconds: tally.times(),
    };
    if (CALLGATE_LOAD_FIGURES)
      process.stderr.write(`${JSON.stringify(figures, null, 1)}\n`);
  });
  afterAll(async () => {
    await office?.close();
    fs.rmSync(root, { recursive: true, force: true });
  });

  it('asks for everything that was planned, of every kind', () => {
    expect(outcome.requests.length).toBeGreaterThanOrEqual(
      Number(CALLGATE_LOAD_REQUESTS),
    );
    expect(team.merged.length).toBeGreaterThan(0);
  });

  it('has one open pull request of an API at most', () => {
    expect(team.twice).toEqual([]);
  });

  it('merges nothing that nobody of the API’s team approved who had not asked', () => {
    expect(outcome.notDecided()).toEqual([]);
  });

  it('has in Git what merged requests asked for, and nothing else', async () => {
    expect(await outcome.notAsApproved()).toEqual([]);
  });

  it('has manifests that allow what is declared, and nothing else', () => {
    expect(outcome.notAsDeclared()).toEqual([]);
  });

  it('leaves nothing lying about', async () => {
    expect(await outcome.stuck()).toEqual([]);
  });
});
