export { Badge } from './Badge';
export { BuildProblemCard } from './BuildProblemCard';
export { CapabilityButton } from './CapabilityButton';
export { CopyLinkButton } from './CopyLinkButton';
export { EdgeTable } from './EdgeTable';
export { EmptyList } from './EmptyList';
export { EntityName } from './EntityName';
export { nameOf, titleOf } from './entityName';
export { EstateNotice, nothingRead } from './EstateNotice';
export { FileDiff } from './FileDiff';
export { FileList } from './FileList';
export { FindingCard } from './FindingCard';
export { FindingList } from './FindingList';
export { FlagList } from './FlagList';
export { forgeName } from './forgeName';
export { GlassMark } from './GlassMark';
export { isDecidedAfterwards } from './isDecidedAfterwards';
export { isOfGrant } from './isOfGrant';
export { dayText, LastDay } from './LastDay';
export { MeaningCard } from './MeaningCard';
export { MethodChip, MONO } from './MethodChip';
export { momentText } from './momentText';
export { NotFound, OnlyHere } from './NotFound';
export { OperationList } from './OperationList';
export {
  operationInput,
  operationKey,
  operationParts,
  operationText,
  uniqueOperations,
} from './operationText';
export { OthersList } from './OthersList';
export { ownsList } from './ownsList';
export { BREAKS, Panel } from './Panel';
export { requestsLikeText } from './requestsLikeText';
export { SourceLine } from './SourceLine';
export { ProposalStateChip, StateChip } from './StateChip';
export { Problem, Status } from './Status';
export {
  LAYERS,
  layerStateText,
  layerStateTone,
  summarizeLayers,
} from './summarizeLayers';
export { TimeAgo } from './TimeAgo';
export {
  accentText,
  quietGround,
  quietText,
  toneColors,
  toneText,
} from './tones';
export { useHiddenText } from './useHiddenText';
export { useTableStyles } from './useTableStyles';
export { useTabStyles } from './useTabStyles';
export { WaitingIcon } from './WaitingIcon';
