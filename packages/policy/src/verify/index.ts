export * from './types';
export type { Admittance } from './admittance';
export { verify } from './verify';
export { describeRequests } from './describeRequests';
