export { BreakGlassLink } from './BreakGlassLink';
export { BreakGlassPage } from './BreakGlassPage';
