export { profileReport } from './profileReport';
export type {
  ProfileEntry,
  ProfileEntryState,
  ProfileLine,
  ProfileReport,
  ProfileSource,
} from './types';
