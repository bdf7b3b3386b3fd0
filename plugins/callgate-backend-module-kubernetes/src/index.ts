/**
 * What runs, read from live Kubernetes clusters.
 *
 * @packageDocumentation
 */
export { callgateModuleKubernetes as default } from './module';
