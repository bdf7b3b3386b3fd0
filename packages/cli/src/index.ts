/**
 * Command line of Callgate.
 *
 * @packageDocumentation
 */
export { runCli } from './runCli';
export { processContext } from './processContext';
export type { CliContext } from './CliContext';
