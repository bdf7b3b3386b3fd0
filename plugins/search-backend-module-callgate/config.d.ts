import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  search?: {
    collators?: {
      callgate?: {
        /** How often the declarations are read; every ten minutes if left out. */
        schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
        /**
         * Where the page of an entity is, with `:namespace`, `:kind` and `:name`; `/catalog/:namespace/:kind/:name` if left
         * out. The tabs `access` and `calls` are below it.
         */
        locationTemplate?: string;
      };
    };
  };
}
