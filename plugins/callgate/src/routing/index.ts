export {
  useAllApisPath,
  useApprovalRulesPath,
  useClaimsPath,
  useEntityPath,
  useExplainPath,
  useGrantPath,
  useLocation,
  useNavigate,
  useOptionalRouteRef,
  useParams,
  useSearchParams,
} from './routing';
