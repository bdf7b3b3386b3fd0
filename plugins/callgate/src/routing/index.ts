export {
  useAllApisPath,
  useClaimsPath,
  useEntityPath,
  useLocation,
  useNavigate,
  useOptionalRouteRef,
  useParams,
  useSearchParams,
} from './routing';
