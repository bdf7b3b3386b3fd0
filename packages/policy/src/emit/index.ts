export * from './types';
export { EMITTERS, emitPlan } from './emitPlan';
export { istioEmitter } from './istio/istioEmitter';
export { networkPolicyEmitter } from './networkpolicy/networkPolicyEmitter';
export { API_KEY, GRANTS_KEY, HELD_KEY, ORDER, ORDER_KEY } from './metadata';
export { OPENS_KEY } from './opened';
