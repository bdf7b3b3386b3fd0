export * from './types';
export { verify } from './verify';
export { describeRequests } from './describeRequests';
