import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { LocalForge } from '@callgate/plugin-callgate-backend-module-local';
import type { CatalogEntity } from '@callgate/policy';
import { ConfigReader } from '@backstage/config';
import knexFactory, { type Knex } from 'knex';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AccessService } from '../../access/AccessService';
import { AuthorizedAccessService } from '../../access/AuthorizedAccessService';
import { ClaimSettlements } from '../../claims/ClaimSettlements';
import { ImportReports } from '../../imports/ImportReports';
import { ChangeNotifier } from '../../access/ChangeNotifier';
import { NoticeWords } from '../../access/NoticeWords';
import { DefaultAccessService } from '../../access/DefaultAccessService';
import { Cascade } from '../../access/Cascade';
import { CascadeFollowUp } from '../../access/CascadeFollowUp';
import { GlassFollowUp } from '../../access/GlassFollowUp';
import { GrantFollowUp } from '../../access/GrantFollowUp';
import { RepositoryPolicyDesk } from '../../access/RepositoryPolicyDesk';
import { Labels } from '../../access/views/Labels';
import {
  DatabaseAccessStore,
  DatabaseProposalStore,
  migrate,
} from '../../database';
import { DatabaseCascadeStore } from '../../database/CascadeStore';
import { DatabaseForgeComments } from '../../database/DatabaseForgeComments';
import { DatabaseGrantReviews } from '../../database/DatabaseGrantReviews';
import { DatabaseReminders } from '../../database/Reminders';
import { GrantReviews } from '../../reviews';
import { EstateReader } from '../../estate/EstateReader';
import type { PolicyRepositoryConfig } from '../../git/policyRepositoryConfig';
import { RepositoryConnection } from '../../git/RepositoryConnection';
import { Ownership } from '../../ownership';
import { Services } from '../../services';
import { PlatformListener } from '../../proposals/PlatformListener';
import { Receipts } from '../../receipts';
import { ProposalPlanner } from '../../proposals/ProposalPlanner';
import { ProposalReviews } from '../../proposals/ProposalReviews';
import { ProposalWorker } from '../../proposals/ProposalWorker';
import { RequesterListener } from '../../proposals/RequesterListener';
import { SnapshotReader } from '../../proposals/SnapshotReader';
import { tellAll } from '../../proposals/tellAll';
import { DEFAULT_LIMITS, Turns } from '../../turns';
import {
  APPROVALS,
  BOTS,
  type Company,
  groupOf,
  isBot,
  PROFILE,
  userOf,
} from './Company';

const CONFIG: PolicyRepositoryConfig = {
  forge: 'local',
  url: 'local://policies',
  branch: 'main',
  policiesFolder: 'policies',
  manifestsFolder: 'clusters',
  profilesFolder: 'profiles',
  guardrailsFile: 'guardrails.yaml',
  approvalsFile: 'approvals.yaml',
  reviewers: [],
};

/** Grants are looked at again so many days after the last decision. */
export const REVIEW_DAYS = 6;
/** What is gone counts after so many hours in which it was seen to be. */
export const GONE_HOURS = 2;

const TABLES = [
  ...['request_approvals', 'request_parties', 'request_transitions'],
  ...['request_comments', 'reminders', 'grant_reminder_days'],
  ...['grant_reviews', 'idempotency_keys', 'outbox'],
  ...['cascade_entities', 'cascade_flags', 'cascade_told', 'cascade_days'],
  ...['access_requests', 'proposals'],
];

/** In memory where that is known to be: Git writes many small files. */
const FOLDER = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

/** What outlives a sequence: a database with its tables. */
export async function openDatabase(): Promise<Knex> {
  const client = knexFactory({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
  });
  await migrate({ getClient: async () => client });
  return client;
}

/**
 * The service as the plugin wires it, without HTTP: real rules, database, Git and forge, on a catalog and an estate that change
 * while it runs, with a clock that only steps move.
 */
export class AdversaryBench {
  static async create(client: Knex, company: Company): Promise<AdversaryBench> {
    for (const table of TABLES) await client(table).del();
    const root = fs.mkdtempSync(path.join(FOLDER, 'callgate-adversary-'));
    fs.mkdirSync(path.join(root, 'seed/profiles'), { recursive: true });
    fs.writeFileSync(path.join(root, 'seed/profiles/prod.yaml'), PROFILE);
    fs.writeFileSync(path.join(root, 'seed/approvals.yaml'), APPROVALS);
    return new AdversaryBench(client, root, company);
  }

  now = Date.parse('2026-11-02T10:00:00Z');
  readonly logger = mockServices.logger.mock();
  readonly planner = new ProposalPlanner(CONFIG);
  readonly requests: DatabaseAccessStore;
  readonly proposals: DatabaseProposalStore;
  readonly connection: RepositoryConnection;
  readonly snapshots: SnapshotReader;
  readonly worker: ProposalWorker;
  readonly service: AccessService;
  /** What the configuration says at this moment. */
  readonly lifecycle = {
    remindDays: [3],
    reviewEvery: REVIEW_DAYS,
    notice: 0,
    goneAfterHours: GONE_HOURS,
  };
  readonly breakGlass = { hours: 48 };
  /** The task of one process that looks at what grants name. */
  readonly followCatalog: () => CascadeFollowUp;
  /** The task of one process that looks at grants that end. */
  readonly followUp: () => GrantFollowUp;
  readonly #estate: EstateReader;
  #catalog: ReadonlyMap<string, Entity>;

  private constructor(
    readonly client: Knex,
    readonly root: string,
    private readonly company: Company,
  ) {
    const now = () => this.now;
    const { logger, planner } = this;
    const auth = mockServices.auth();
    this.#catalog = this.#readCatalog();
    const catalog = {
      getEntitiesByRefs: async ({ entityRefs }: { entityRefs: string[] }) => ({
        items: entityRefs.map(ref => this.#catalog.get(ref)),
      }),
    } as Partial<CatalogService> as CatalogService;
    this.requests = DatabaseAccessStore.create({ client, now });
    this.proposals = DatabaseProposalStore.create({ client, now });
    this.connection = RepositoryConnection.create({
      forges: [
        new LocalForge({
          directory: path.join(root, 'data'),
          seed: path.join(root, 'seed'),
          now,
        }),
      ],
      config: CONFIG,
    });
    this.#estate = new EstateReader({
      sources: [
        {
          id: 'company',
          read: async () => ({
            clusters: [
              {
                name: 'prod',
                files: [{ path: 'prod/all.yaml', text: company.estate() }],
              },
            ],
            problems: [],
          }),
        },
      ],
      logger,
      now,
    });
    this.snapshots = new SnapshotReader({
      connection: this.connection,
      estate: this.#estate,
      catalog: {
        entities: async () => [...this.#catalog.values()] as CatalogEntity[],
      },
      logger,
      now,
    });
    const notifications = { send: async () => {} };
    const platformTeam = groupOf('platform');
    const notifier = ChangeNotifier.create({
      notifications,
      signals: { publish: async () => {} },
      events: mockServices.events.mock(),
      logger,
      ownership: Ownership.create({ catalog, auth }),
      words: new NoticeWords(this.snapshots),
      platformTeam,
    });
    const listener = tellAll(
      new RequesterListener({ requests: this.requests, notifier }),
      new PlatformListener({
        platformTeam,
        requests: this.requests,
        snapshots: this.snapshots,
        notifications,
        logger,
      }),
    );
    this.worker = new ProposalWorker({
      store: this.proposals,
      snapshots: this.snapshots,
      connection: this.connection,
      planner,
      receipts: new Receipts(CONFIG),
      listener,
      logger,
      now,
    });
    const desk = RepositoryPolicyDesk.create({
      snapshots: this.snapshots,
      planner,
      turns: new Turns(DEFAULT_LIMITS),
      connection: this.connection,
      // Building is a step of its own.
      work: {
        runOnce: async () => {},
        problemOf: api => this.worker.problemOf(api),
      },
      reviews: new ProposalReviews({
        connection: this.connection,
        worker: this.worker,
        store: this.proposals,
        listener,
      }),
      onProblem: error =>
        logger.error('The desk has a problem', error as Error),
    });
    const ownership = Ownership.create({
      catalog,
      auth,
      services: Services.fromConfig(
        new ConfigReader({ callgate: { services: BOTS } }),
      ),
    });
    const { lifecycle, breakGlass } = this;
    const reviews = new GrantReviews({
      store: DatabaseGrantReviews.create({ client, now }),
      requests: this.requests,
      reviewEvery: REVIEW_DAYS,
      now,
    });
    const auditor = mockServices.auditor.mock();
    auditor.createEvent.mockResolvedValue({
      success: async () => {},
      fail: async () => {},
    });
    const glass = new GlassFollowUp({
      requests: this.requests,
      ownership,
      notifier,
      now,
      snapshots: this.snapshots,
      planner,
      auditor,
      auth,
      logger,
    });
    const store = DatabaseCascadeStore.create({ client });
    const cascade = new Cascade(store);
    this.followCatalog = () =>
      new CascadeFollowUp({
        requests: this.requests,
        ownership,
        notifier,
        lifecycle,
        platformTeam,
        now,
        snapshots: this.snapshots,
        planner,
        cascade,
        store,
        auditor,
        auth,
        logger,
      });
    this.followUp = () =>
      new GrantFollowUp({
        requests: this.requests,
        proposals: this.proposals,
        ownership,
        notifier,
        lifecycle,
        now,
        snapshots: this.snapshots,
        planner,
        reviews,
        glass,
        reminders: DatabaseReminders.create({ client }),
        auditor,
        auth,
        logger,
      });
    this.service = AuthorizedAccessService.create({
      requests: this.requests,
      permissions: mockServices.permissions(),
      permissionsRegistry: mockServices.permissionsRegistry.mock({
        getPermissionRuleset: () =>
          ({ getRuleByName: () => undefined } as never),
      }),
      service: DefaultAccessService.create({
        requests: this.requests,
        proposals: this.proposals,
        desk,
        settlements: new ClaimSettlements({
          connection: this.connection,
          snapshots: this.snapshots,
          logger,
        }),
        imports: new ImportReports({
          connection: this.connection,
          logger,
          now,
        }),
        ownership,
        labels: Labels.create({ catalog, auth }),
        notifier,
        talk: DatabaseForgeComments.create({ client: this.client }),
        platformTeam,
        reviews,
        lifecycle,
        breakGlass,
        glass,
        cascade,
        now,
      }),
    });
  }

  /** Somebody who is signed in, or a program with its token. */
  as(person: string) {
    return {
      credentials: isBot(person)
        ? mockCredentials.service(`external:${person}`)
        : mockCredentials.user(userOf(person)),
    };
  }

  /** The day that is so many days from now, in UTC. */
  dayIn(days: number): string {
    return new Date(this.now + days * 24 * 3_600_000)
      .toISOString()
      .slice(0, 10);
  }

  /** What was logged as a warning. */
  warnings(): string {
    return this.logger.warn.mock.calls.map(([text]) => text).join('; ');
  }

  /** The catalog has read what teams wrote. */
  catalogChanged(): void {
    this.#catalog = this.#readCatalog();
  }

  /** The estate was read again. */
  async estateChanged(): Promise<void> {
    await this.#estate.refresh();
  }

  #readCatalog() {
    return new Map(
      this.company
        .catalog()
        .map(entity => [stringifyEntityRef(entity), entity] as const),
    );
  }

  /** Every text file of the target branch. */
  async mainFiles(): Promise<ReadonlyMap<string, string>> {
    const repository = await this.connection.repository();
    const tip = await repository.fetch('main');
    return repository.store.readFiles(tip!);
  }

  /** Commits to the target branch what somebody with the right to write there pushes. */
  async pushToMain(files: Record<string, string | undefined>): Promise<void> {
    const repository = await this.connection.repository();
    const tip = await repository.fetch('main');
    const commit = await repository.store.commit({
      parents: [tip!],
      changes: new Map(Object.entries(files)),
      message: 'By hand',
      timestamp: Math.floor(this.now / 1000),
    });
    await repository.push('main', commit, tip);
  }

  close(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
