export * from './Forge';
export * from './ForgeError';
export * from './forgesExtensionPoint';
export * from './standingObjections';
