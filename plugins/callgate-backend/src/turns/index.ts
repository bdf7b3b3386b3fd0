export { TurnError } from './TurnError';
export { DEFAULT_LIMITS, type Turn, type TurnLimits, Turns } from './Turns';
