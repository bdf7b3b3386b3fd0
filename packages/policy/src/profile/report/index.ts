export { profileReport } from './profileReport';
export type {
  ProbeReport,
  ProbeWay,
  ProfileEntry,
  ProfileEntryState,
  ProfileLine,
  ProfileReport,
  ProfileSource,
} from './types';
