export { takeAlong } from './keptSitting';
export { SittingDialog } from './SittingDialog';
