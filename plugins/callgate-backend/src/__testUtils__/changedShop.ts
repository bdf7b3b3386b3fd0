import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  coreServices,
  createServiceFactory,
  type BackendFeature,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { readShopCatalog, SHOP } from './shopCatalog';
import { startShop, type RunningShop } from './startShop';

/** What is different from the demo company. */
export interface ShopChanges {
  /** New text by file below `examples/shop`; the old text is empty for a new file. */
  files?: Record<string, (text: string) => string>;
  /** Files below `examples/shop` that are not there. */
  removed?: string[];
  /** Changes of catalog entities by ref without namespace, such as `component:checkout`. */
  entities?: Record<string, (entity: Entity) => Entity>;
  /** Further settings below `callgate`; `undefined` takes one away. */
  config?: object;
  hides?: (person: string, entityRef: string) => boolean;
  features?: BackendFeature[];
  onCatalogCall?: (method: string, args: unknown[]) => void;
}

/** A demo company in a folder of its own that tests may change while it runs. */
export interface ChangedShop extends RunningShop {
  /** Copies of `estate` and `repository`. */
  folder: string;
  /** Runs what would run by itself after a while. */
  run(
    task:
      | 'build-proposals'
      | 'sync-proposals'
      | 'refresh-estate'
      | 'ask-to-confirm'
      | 'follow-grants'
      | 'follow-catalog'
      | 'blank-texts'
      | 'remind-deciders'
      | 'tell-platform-team',
  ): Promise<void>;
}

/** Starts the plugin on a copy of the demo company with some files and entities changed. */
export async function startChangedShop(
  changes: ShopChanges = {},
): Promise<ChangedShop> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-changed-'));
  for (const part of ['estate', 'repository']) {
    fs.cpSync(path.join(SHOP, part), path.join(folder, part), {
      recursive: true,
    });
  }
  for (const [file, change] of Object.entries(changes.files ?? {})) {
    editFile(path.join(folder, file), change);
  }
  for (const file of changes.removed ?? []) fs.rmSync(path.join(folder, file));
  const edits = changes.entities ?? {};
  const entities = readShopCatalog().map(entity => {
    const key = `${entity.kind.toLowerCase()}:${entity.metadata.name}`;
    return edits[key]?.(entity) ?? entity;
  });
  const scheduler = mockServices.scheduler();
  const shop = await startShop({
    entities,
    hides: changes.hides,
    onCatalogCall: changes.onCatalogCall,
    features: [
      createServiceFactory({
        service: coreServices.scheduler,
        deps: {},
        factory: () => scheduler,
      }),
      ...(changes.features ?? []),
    ],
    config: {
      policyRepository: {
        forge: 'local',
        url: 'local://policies',
        seed: path.join(folder, 'repository'),
      },
      estate: {
        manifests: ['prod-eu', 'staging'].map(cluster => ({
          cluster,
          path: path.join(folder, 'estate', cluster),
        })),
      },
      ...changes.config,
    },
  });
  return {
    ...shop,
    folder,
    run: task => scheduler.triggerTask(task),
    stop: async () => {
      await shop.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Replaces a text that must be there. */
export function replaced(
  from: string | RegExp,
  to: string,
): (text: string) => string {
  return text => {
    const next = text.replace(from, to);
    if (next === text) {
      throw new Error(`There is no ${from}`);
    }
    return next;
  };
}

/** Changes a file; one that is not there begins empty. */
export function editFile(file: string, change: (text: string) => string): void {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, change(text));
}
