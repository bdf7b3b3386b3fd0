export {
  useEntityPath,
  useLocation,
  useNavigate,
  useOptionalRouteRef,
  useParams,
  useSearchParams,
} from './routing';
