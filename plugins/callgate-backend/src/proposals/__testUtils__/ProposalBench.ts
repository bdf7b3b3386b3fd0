import type {
  AuditorService,
  AuthService,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { LocalForge } from '@callgate/plugin-callgate-backend-module-local';
import type { Forge, ForgeRepository } from '@callgate/plugin-callgate-node';
import type { CatalogEntity } from '@callgate/policy';
import type { Knex } from 'knex';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { needKey } from '../../approval/needs';
import { DatabaseAccessStore } from '../../database/DatabaseAccessStore';
import { DatabaseProposalStore } from '../../database/DatabaseProposalStore';
import { migrate } from '../../database/migrate';
import { EstateReader } from '../../estate/EstateReader';
import { ManifestsEstateSource } from '../../estate/ManifestsEstateSource';
import type { PolicyRepositoryConfig } from '../../git/policyRepositoryConfig';
import { RepositoryConnection } from '../../git/RepositoryConnection';
import { Receipts, type SigningKey } from '../../receipts';
import { ExpiryMerge } from '../ExpiryMerge';
import { ProposalPlanner } from '../ProposalPlanner';
import { ProposalReviews } from '../ProposalReviews';
import { ProposalWorker } from '../ProposalWorker';
import { SnapshotReader } from '../SnapshotReader';
import type { ProposalDraft, ProposalListener, ProposalStore } from '../types';
import { SMALL_PROFILE, smallCatalog, smallEstate } from './smallCompany';

export const ORDERS = 'api:default/orders';
export const BRANCH = 'callgate/default/orders';
export const POLICY = 'policies/default/orders.yaml';

/** A backend without HTTP: real database, real Git, the local forge, and a clock that only tests move. */
export class ProposalBench {
  /** @param more - clusters beside `prod`, in which the same runs; their manifests are in folders beside `estate` */
  static async create(
    client: Knex,
    more: readonly string[] = [],
  ): Promise<ProposalBench> {
    await migrate({ getClient: async () => client });
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-bench-'));
    fs.mkdirSync(path.join(root, 'seed/profiles'), { recursive: true });
    fs.mkdirSync(path.join(root, 'estate'));
    fs.writeFileSync(path.join(root, 'seed/profiles/prod.yaml'), SMALL_PROFILE);
    fs.writeFileSync(path.join(root, 'estate/all.yaml'), smallEstate());
    for (const name of more) {
      fs.mkdirSync(path.join(root, `estate-${name}`));
      fs.writeFileSync(
        path.join(root, `estate-${name}`, 'all.yaml'),
        smallEstate(),
      );
      fs.writeFileSync(
        path.join(root, `seed/profiles/${name}.yaml`),
        SMALL_PROFILE.replace('name: prod', `name: ${name}`).replace(
          'environments: [production]',
          `environments: [${name}-like]`,
        ),
      );
    }
    return new ProposalBench(client, root, more);
  }

  readonly config: PolicyRepositoryConfig = {
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
  readonly logger = mockServices.logger.mock();
  readonly planner = new ProposalPlanner(this.config);
  /** What receipts are signed with. */
  key: SigningKey | undefined;
  readonly changes: { event: string; requestIds: readonly string[] }[] = [];
  readonly requests: DatabaseAccessStore;
  readonly store: DatabaseProposalStore;
  estate: EstateReader;
  catalog: CatalogEntity[] = smallCatalog();
  now = Date.parse('2026-11-02T10:00:00Z');

  private constructor(
    readonly client: Knex,
    readonly root: string,
    private readonly more: readonly string[],
  ) {
    const now = () => this.now;
    this.requests = DatabaseAccessStore.create({ client, now });
    this.store = DatabaseProposalStore.create({ client, now });
    this.estate = this.estateReader();
  }

  /** A reader of the estate as a process begins with it: it has read nothing yet. */
  estateReader(): EstateReader {
    const locations = [
      { cluster: 'prod', path: path.join(this.root, 'estate') },
      ...this.more.map(cluster => ({
        cluster,
        path: path.join(this.root, `estate-${cluster}`),
      })),
    ];
    return new EstateReader({
      sources: [new ManifestsEstateSource({ locations })],
      logger: this.logger,
      now: () => this.now,
    });
  }

  async close(): Promise<void> {
    await this.client.destroy();
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  forge(): Forge {
    return new LocalForge({
      directory: path.join(this.root, 'data'),
      seed: path.join(this.root, 'seed'),
      now: () => this.now,
    });
  }

  /** A process of the backend; what it keeps in memory begins empty. */
  backend(
    options: {
      forge?: Forge;
      store?: ProposalStore;
      listener?: ProposalListener;
      /** Ends of what is over are merged by themselves, and recorded there. */
      expiry?: {
        auditor: AuditorService;
        auth: Pick<AuthService, 'getOwnServiceCredentials'>;
      };
    } = {},
  ) {
    const connection = RepositoryConnection.create({
      forges: [options.forge ?? this.forge()],
      config: { ...this.config, forge: options.forge?.id ?? 'local' },
    });
    const snapshots = new SnapshotReader({
      connection,
      estate: this.estate,
      catalog: { entities: async () => this.catalog },
      logger: this.logger,
      now: () => this.now,
    });
    const store = options.store ?? this.store;
    const listener: ProposalListener = options.listener ?? {
      changed: async ({ event, requestIds }) => {
        this.changes.push({ event, requestIds });
      },
    };
    const { planner, requests, logger } = this;
    const now = () => this.now;
    const worker = new ProposalWorker({
      ...(options.expiry && {
        expiry: new ExpiryMerge({
          ...{ store, requests, snapshots, connection, planner, logger, now },
          ...options.expiry,
        }),
      }),
      store,
      snapshots,
      connection,
      planner: this.planner,
      receipts: new Receipts(this.config, this.key),
      listener,
      logger: this.logger,
      now: () => this.now,
    });
    const reviews = new ProposalReviews({
      connection,
      worker,
      store,
      listener,
    });
    return { connection, snapshots, worker, reviews };
  }

  draft(over: Partial<ProposalDraft> = {}): ProposalDraft {
    return {
      api: ORDERS,
      caller: 'component:default/checkout',
      operations: [{ id: 'listOrders' }],
      in: [],
      reason: 'order status',
      acknowledges: [],
      ...over,
    };
  }

  /** A request that was sent with the preview that its sender saw. */
  async submitted(
    over: Partial<ProposalDraft> = {},
    by = 'user:default/priya',
  ): Promise<string> {
    const draft = this.draft(over);
    const { snapshots } = this.backend();
    const preview = await this.planner.preview(
      await snapshots.read({ fresh: true }),
      draft,
    );
    if (!preview.sendable)
      throw new Error(`cannot be sent: ${preview.problem}`);
    const request = await this.requests.createRequest({
      apiRef: draft.api,
      callerRef: draft.caller,
      draft: {
        ...(draft.change && { change: draft.change }),
        ...(draft.until !== undefined && { until: draft.until }),
        operations: [...draft.operations],
        in: [...draft.in],
        reason: draft.reason ?? '',
        acknowledges: [...draft.acknowledges],
      },
      requestedBy: by,
      ...(draft.change && { needs: preview.needs }),
      ...(draft.breakGlass && {
        breakGlass: draft.breakGlass,
        needs: preview.needs,
      }),
      shown: preview.meaning,
      risk: 0,
      parties: [{ role: 'requester', ref: by }],
    });
    return request.id;
  }

  async approve(
    id: string,
    by = 'user:default/omar',
    note?: string,
  ): Promise<void> {
    const { shown, needs } = (await this.requests.getRequest(id))!;
    await this.requests.approve({
      id,
      actor: by,
      ...(note && { note }),
      shown,
      needs,
      counted: [],
      places: new Map([[by, needKey(needs[0])]]),
      complete: true,
    });
  }

  async approved(over: Partial<ProposalDraft> = {}): Promise<string> {
    const id = await this.submitted(over);
    await this.approve(id);
    return id;
  }

  async withdraw(id: string): Promise<void> {
    await this.requests.change({
      id,
      event: 'withdraw',
      actor: 'user:default/priya',
      rebuild: true,
    });
  }

  async stateOf(id: string): Promise<string | undefined> {
    return (await this.requests.getRequest(id))?.state;
  }

  async repository(): Promise<ForgeRepository> {
    return this.backend().connection.repository();
  }

  /** Commits to the target branch what a person would push. */
  async pushToMain(files: Record<string, string | undefined>): Promise<string> {
    const repository = await this.repository();
    const tip = await repository.fetch('main');
    const commit = await repository.store.commit({
      parents: [tip!],
      changes: new Map(Object.entries(files)),
      message: 'By hand',
      timestamp: Math.floor(this.now / 1000),
    });
    await repository.push('main', commit, tip);
    return commit;
  }

  /** The same with a file that is no text. */
  async pushBytesToMain(file: string): Promise<void> {
    await this.#pushBlob(file, Buffer.from([0x61, 0xff, 0xfe]), '100644');
  }

  /** The same with a symbolic link. */
  async pushLinkToMain(file: string, target: string): Promise<void> {
    await this.#pushBlob(file, Buffer.from(target), '120000');
  }

  async #pushBlob(file: string, bytes: Buffer, mode: string): Promise<void> {
    const tip = await (await this.repository()).fetch('main');
    const who = { NAME: 'Somebody', EMAIL: 'somebody@example.test' };
    const env = {
      ...process.env,
      GIT_INDEX_FILE: path.join(this.root, 'index'),
      ...Object.fromEntries(
        Object.entries(who).flatMap(([key, value]) => [
          [`GIT_AUTHOR_${key}`, value],
          [`GIT_COMMITTER_${key}`, value],
        ]),
      ),
    };
    const directory = path.join(this.root, 'data/policies.git');
    const git = (args: string[], input = Buffer.alloc(0)) =>
      execFileSync('git', ['--git-dir', directory, ...args], { input, env })
        .toString()
        .trim();
    git(['read-tree', tip!]);
    const blob = git(['hash-object', '-w', '--stdin'], bytes);
    git(['update-index', '--add', '--cacheinfo', `${mode},${blob},${file}`]);
    const tree = git(['write-tree']);
    const commit = git(['commit-tree', tree, '-p', tip!, '-m', 'Bytes']);
    git(['update-ref', 'refs/heads/main', commit]);
  }

  /** Merges on the forge, without the rules of the portal. */
  async mergedElsewhere(number: number): Promise<void> {
    const repository = await this.repository();
    const { head } = await repository.readPullRequest(number);
    const by = 'user:default/petra';
    await repository.portalReviews!.merge(number, { by, head });
  }

  git(...args: string[]): string {
    const directory = path.join(this.root, 'data/policies.git');
    return execFileSync('git', ['--git-dir', directory, ...args], {
      encoding: 'utf8',
    });
  }

  async outbox(): Promise<{ api_ref: string; problem: string | null }[]> {
    return this.client('outbox').select();
  }
}
