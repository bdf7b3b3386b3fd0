export {
  useAllApisPath,
  useApprovalRulesPath,
  useClaimsPath,
  useEntityPath,
  useExplainPath,
  useLocation,
  useNavigate,
  useOptionalRouteRef,
  useParams,
  useSearchParams,
} from './routing';
