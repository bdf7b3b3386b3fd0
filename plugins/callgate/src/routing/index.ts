export {
  useAllApisPath,
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
