import type {
  AccessRequestDraft,
  ApiOperations,
  Operation,
  WhenLast,
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
  /** What stands in the fields at first, beside what the grant has now. */
  picked?: Pick<DraftStart, 'until' | 'whenLast'>;
}) {
  const { api, start, startCaller, offered } = options;
  const startDay = options.picked?.until;
  const startLast = options.picked?.whenLast;
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

  const [pickedUntil, setUntil] = useState<string | undefined>(startDay);
  // Until somebody picks, the backend says what is usual, or that one has to.
  const [whenLast, setWhenLast] = useState<WhenLast | undefined>(startLast);
  const [urgent, setUrgent] = useState(false);
  const [note, setNote] = useState('');
  // Never from a link or from before: it is chosen each time.
  const [breakGlass, setBreakGlass] = useState(false);
  const { kind = 'new', grant } = start;
  const until = lastDayOf(start, pickedUntil, offered?.lastDay.usual);

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
  const sentDay = sentDayOf(kind, until, pickedUntil !== undefined);
  const previewDraft = useMemo<AccessRequestDraft | undefined>(
    () =>
      caller && operations.length > 0 && !(kind === 'renew' && !sentDay)
        ? {
            api,
            caller: caller.ref,
            operations: operations.map(operationInput),
            ...((clusters.length > 0 || kind === 'change') && { in: clusters }),
            // What a change does not send stays as it is, and a gap that is not accepted any more has to go.
            ...((acknowledges.length > 0 || kind === 'change') && {
              acknowledges,
            }),
            ...(kind !== 'new' && { kind, grant }),
            ...(breakGlass
              ? { breakGlass }
              : sentDay !== undefined && { until: sentDay }),
            ...(kind === 'end' && whenLast && { whenLast }),
            ...(kind === 'end' && urgent && { urgent }),
          }
        : undefined,
    [
      api,
      caller,
      operations,
      clusters,
      acknowledges,
      kind,
      grant,
      sentDay,
      whenLast,
      breakGlass,
      urgent,
    ],
  );
  /** Whether somebody has written more than the link or row brought. */
  const touched =
    pickedCaller !== undefined ||
    picked !== undefined ||
    (pickedClusters !== undefined && pickedClusters !== start.in) ||
    reason !== (start.reason ?? '') ||
    acknowledges.join() !== (start.acknowledges ?? []).join() ||
    pickedUntil !== startDay ||
    whenLast !== startLast ||
    breakGlass ||
    urgent ||
    note !== '';
  return {
    /** What is asked; everything but `new` is about a grant that is there. */
    kind,
    /** `day`: what stands in the field; `now`: what the grant has. */
    until,
    setUntil,
    whenLast,
    setWhenLast,
    /** An end without notice. */
    urgent,
    setUrgent,
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
    /** What is different from what was asked before. */
    note,
    setNote,
    /** It does not wait for an approval. */
    breakGlass,
    setBreakGlass,
    touched,
    /** A grant of which nothing is to be changed yet. */
    asItIs: kind === 'change' && !touched && options.picked === undefined,
    /** Takes over what was written before. */
    restore: (kept: KeptFields) => {
      setCaller({ caller: kept.caller });
      setOperations(kept.operations);
      setClusters(kept.clusters);
      setReason(kept.reason);
      setAcknowledges(kept.acknowledges);
      setUntil(kept.until);
      setWhenLast(kept.whenLast);
    },
    /** Goes back to what the link or row brought. */
    reset: () => {
      setCaller(undefined);
      setOperations(undefined);
      setClusters(start.in);
      setReason(start.reason ?? '');
      setAcknowledges(start.acknowledges ?? []);
      setUntil(startDay);
      setWhenLast(startLast);
      setUrgent(false);
      setNote('');
      setBreakGlass(false);
    },
    /** What is kept while somebody writes. */
    kept: {
      ...(caller && { caller }),
      operations,
      ...(pickedClusters && { clusters: pickedClusters }),
      reason,
      acknowledges,
      ...(pickedUntil !== undefined && { until: pickedUntil }),
      ...(kind === 'end' && whenLast && { whenLast }),
    } satisfies KeptFields,
    /** What is previewed; `undefined` while there is too little to ask for. */
    previewDraft,
  };
}

/** What stands in the field of the last day, and what the grant has now. */
function lastDayOf(
  { kind, until: now }: DraftStart,
  picked: string | undefined,
  usual: string | undefined,
): { day: string; now?: string } {
  if (kind === 'change') return { day: picked ?? now ?? '', now };
  // A renewal to a day that is not later would take away.
  const suggested =
    usual !== undefined && (now === undefined || usual > now) ? usual : '';
  return { day: picked ?? suggested, now };
}

/** What is sent of it: what stands there, and nothing where a company has no usual day and nobody picked one. */
function sentDayOf(
  kind: NonNullable<DraftStart['kind']>,
  { day, now }: { day: string; now?: string },
  picked: boolean,
): string | undefined {
  switch (kind) {
    case 'end':
      return undefined;
    case 'change':
      return day === (now ?? '') ? undefined : day;
    default:
      return day !== '' || picked ? day : undefined;
  }
}

/** The fields of the dialog. */
export type RequestForm = ReturnType<typeof useRequestForm>;

/** What is asked of one API: all that its preview and its clusters need to know of the fields. */
export interface AskedFields
  extends Pick<
    RequestForm,
    | 'kind'
    | 'caller'
    | 'operations'
    | 'clusters'
    | 'acknowledges'
    | 'breakGlass'
    | 'asItIs'
    | 'previewDraft'
  > {
  setOperations: (operations: Operation[]) => void;
  setClusters: (clusters: string[]) => void;
  setAcknowledges: (acknowledges: string[]) => void;
}
