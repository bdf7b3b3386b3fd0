export {
  ClassicInboxPage,
  ClassicProposalPage,
  ClassicProposalsPage,
  ClassicRequestPage,
} from './pages';
