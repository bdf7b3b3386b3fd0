import type {
  AccessRequestDraft,
  ApiOperations,
  Operation,
} from '@callgate/plugin-callgate-common';
import { useMemo, useState } from 'react';
import type { DraftStart } from '../../draft';
import type { KeptFields } from './keptDraft';
import { operationInput } from '../marks';
import type { CallerOption } from './callerOptions';
import { resolveOperations } from './resolveOperations';

/** The fields of the dialog and the draft that they make. */
export function useRequestForm(options: {
  api: string;
  start: DraftStart;
  startCaller: CallerOption | undefined;
  offered: ApiOperations | undefined;
}) {
  const { api, start, startCaller, offered } = options;
  // Until somebody picks, what the link or row brought holds; its ids are understood once the definition is read.
  const [pickedCaller, setCaller] = useState<{ caller?: CallerOption }>();
  const [picked, setOperations] = useState<Operation[]>();
  const [pickedClusters, setClusters] = useState<string[] | undefined>(
    start.in,
  );
  const [suggested, setSuggested] = useState<string>();
  const [reason, setReason] = useState(start.reason ?? '');
  const [acknowledges, setAcknowledges] = useState<string[]>(
    start.acknowledges ?? [],
  );

  const caller = pickedCaller ? pickedCaller.caller : startCaller;
  const started = useMemo(
    () =>
      resolveOperations(
        start.operations ?? [],
        offered?.operations ?? [],
        offered?.methods,
      ),
    [start.operations, offered],
  );
  const operations = picked ?? started;
  const clusters = useMemo(
    () => pickedClusters ?? (suggested === undefined ? [] : [suggested]),
    [pickedClusters, suggested],
  );
  const previewDraft = useMemo<AccessRequestDraft | undefined>(
    () =>
      caller && operations.length > 0
        ? {
            api,
            caller: caller.ref,
            operations: operations.map(operationInput),
            ...(clusters.length > 0 && { in: clusters }),
            ...(acknowledges.length > 0 && { acknowledges }),
          }
        : undefined,
    [api, caller, operations, clusters, acknowledges],
  );
  return {
    caller,
    setCaller: (next: CallerOption | undefined) => setCaller({ caller: next }),
    operations,
    setOperations,
    clusters,
    setClusters,
    /** The cluster that is meant until somebody picks some. */
    suggestCluster: setSuggested,
    reason,
    setReason,
    acknowledges,
    setAcknowledges,
    /** Whether somebody has written more than the link or row brought. */
    touched:
      pickedCaller !== undefined ||
      picked !== undefined ||
      (pickedClusters !== undefined && pickedClusters !== start.in) ||
      reason !== (start.reason ?? '') ||
      acknowledges.join() !== (start.acknowledges ?? []).join(),
    /** Takes over what was written before. */
    restore: (kept: KeptFields) => {
      setCaller({ caller: kept.caller });
      setOperations(kept.operations);
      setClusters(kept.clusters);
      setReason(kept.reason);
      setAcknowledges(kept.acknowledges);
    },
    /** Goes back to what the link or row brought. */
    reset: () => {
      setCaller(undefined);
      setOperations(undefined);
      setClusters(start.in);
      setReason(start.reason ?? '');
      setAcknowledges(start.acknowledges ?? []);
    },
    /** What is kept while somebody writes. */
    kept: {
      ...(caller && { caller }),
      operations,
      ...(pickedClusters && { clusters: pickedClusters }),
      reason,
      acknowledges,
    } satisfies KeptFields,
    /** What is previewed; `undefined` while there is too little to ask for. */
    previewDraft,
  };
}

/** The fields of the dialog. */
export type RequestForm = ReturnType<typeof useRequestForm>;
