export {
  useAllApisPath,
  useApprovalRulesPath,
  useReviewsPath,
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
