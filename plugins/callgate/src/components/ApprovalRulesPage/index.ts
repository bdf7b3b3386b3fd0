export { ApprovalRulesLink } from './ApprovalRulesLink';
export { ApprovalRulesPage } from './ApprovalRulesPage';
